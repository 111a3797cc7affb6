import type { Worker } from 'node:worker_threads';
import type { ScenarioAnswer } from '#twin/wire/scenarios.ts';
import type { TrialAsk, TrialSaid, TrialSetting } from '../runs/worker.ts';
import { startThread } from '../threads.ts';

/** A scenario that was lived, or why it could not be. */
export type Lived = { answer: ScenarioAnswer; error: null } | { answer: null; error: string };

/** The thread in which scenarios are lived, one after the other; it makes the city once. */
export class TrialThread {
  private readonly worker: Worker;
  private readonly cancelled: AbortSignal;
  private readonly stop = () => void this.worker.terminate();

  constructor(setting: TrialSetting, cancelled: AbortSignal) {
    this.worker = startThread(new URL('../runs/worker.ts', import.meta.url), setting);
    this.cancelled = cancelled;
    cancelled.addEventListener('abort', this.stop);
  }

  /** @param progress is told 0 to 1. Rejects when the thread fails, or is ended. */
  live(ask: TrialAsk, progress: (share: number) => void): Promise<Lived> {
    const { worker } = this;
    return new Promise((done, fail) => {
      const hear = (said: TrialSaid) => {
        if ('progress' in said) return progress(said.progress);
        worker.off('message', hear).off('error', fail).off('exit', gone);
        done('answer' in said ? { answer: said.answer, error: null } : { answer: null, error: said.failure });
      };
      const gone = () => fail(new Error('the thread that lives scenarios ended'));
      worker.on('message', hear).once('error', fail).once('exit', gone);
      worker.postMessage(ask);
    });
  }

  end(): void {
    this.cancelled.removeEventListener('abort', this.stop);
    this.stop();
  }
}
