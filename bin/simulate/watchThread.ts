import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { Readings } from '#sim/scenario/readings.ts';
import type { AlarmEntry, Watch, Watched } from '#sim/scenario/watch.ts';

/** What the thread is told at its start. */
export interface WatchOrder {
  /** folder of the alarm rules */
  rules: string;
  watched: Watched;
  /** [looks taken] */
  taken: SharedArrayBuffer;
}

/** What it is asked: to take a look, or for the log. */
export type WatchAsk = { at: number; readings: Readings } | 'log';

/** Looks that may wait: readings of the whole city are 1.8 MB. */
const MOST_WAITING = 16;
/** A look takes a tenth of a second on a busy machine. */
const PATIENCE_MS = 120_000;

/** Looks for alarms in a thread of its own, so that the city need not wait for it. */
export class WatchThread {
  private readonly entries: AlarmEntry[] = [];
  private readonly taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  private given = 0;
  private worker: Worker | undefined;
  private failure: Promise<never> | undefined;

  /** @param rules folder of the alarm rules */
  constructor(private readonly rules: string) {}

  /** Whoever asks must `end` it. */
  readonly watch = (watched: Watched): Watch => {
    const order: WatchOrder = { rules: this.rules, watched, taken: this.taken.buffer };
    const worker = startThread(new URL('./watchWorker.ts', import.meta.url), order);
    this.worker = worker;
    this.failure = once(worker, 'error').then(([error]) => Promise.reject(error));
    // told when it is ended
    this.failure.catch(() => undefined);
    return {
      log: this.entries,
      look: (at, readings) => {
        this.makeRoom();
        // copied, not transferred: a thread that ever gave a buffer away solves the mains a sixth slower from then on
        worker.postMessage({ at, readings } satisfies WatchAsk);
        this.given++;
      },
    };
  };

  /** Waits until looks have been taken, so that those that wait stay few. @throws Error when it stands still */
  private makeRoom(): void {
    for (;;) {
      const taken = Atomics.load(this.taken, 0);
      if (this.given - taken < MOST_WAITING) return;
      if (Atomics.wait(this.taken, 0, taken, PATIENCE_MS) === 'timed-out')
        throw new Error('the thread that looks for alarms stands still');
    }
  }

  /** Completes the log and ends the thread. @throws what the thread failed of */
  async end(): Promise<void> {
    const { worker, failure } = this;
    if (!worker || !failure) return;
    try {
      worker.postMessage('log' satisfies WatchAsk);
      const [log] = (await Promise.race([once(worker, 'message'), failure])) as [AlarmEntry[]];
      for (const entry of log) this.entries.push(entry);
    } finally {
      await worker.terminate();
    }
  }
}
