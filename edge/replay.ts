import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery } from './delivery.ts';
import type { Gateway } from './gateway.ts';
import type { DatedValues } from './node/messages.ts';
import type { FrameQueue } from './queue/queue.ts';

/**
 * Values of one message: large enough to be cheap, small enough not to delay live messages behind it. Counted in
 * values, so that a station whose frames are small does not send many messages a second, which a host may take
 * for a flood.
 */
const VALUES_PER_MESSAGE = 1000;
const PAUSE_MS = 20;
/** A link with more than this unsent is slower than the replay; it is given this long, then its turn passes. */
const MOST_BACKLOG = 256 * 1024;
const PATIENCE_MS = 2000;
/** A disk that could not be read is tried again after this. */
const RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60_000;

export interface ReplayOptions {
  /** ms of a clock that is never set */
  now: () => number;
  valuesPerSecond: number;
  onError: (message: string) => void;
}

/**
 * Sends what the host may have missed as historical values, in the background. One pass reads the queue once for
 * all stations that wait at its start; `valuesPerSecond` keeps live messages ahead.
 */
export class Replayer {
  private readonly due = new Set<Gateway>();
  private running: Promise<void> | undefined;
  private stopped = false;
  private readonly queue: FrameQueue;
  private readonly delivery: Delivery;
  private readonly now: () => number;
  private readonly valuesPerSecond: number;
  private readonly onError: (message: string) => void;

  constructor(queue: FrameQueue, delivery: Delivery, options: ReplayOptions) {
    this.queue = queue;
    this.delivery = delivery;
    this.now = options.now;
    this.valuesPerSecond = options.valuesPerSecond;
    this.onError = options.onError;
  }

  /** The station has a session again: replay what it missed. */
  request(gateway: Gateway): void {
    // one that is under way may have begun before this session, and fail: then nobody asks again
    if (this.stopped || !this.delivery.owes(gateway.number)) return;
    this.due.add(gateway);
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    let retry = RETRY_MS;
    while (this.due.size > 0 && !this.stopped) {
      // stations come back together after an outage: wait a little, so that one pass serves many
      await pause(500);
      const batch = new Map([...this.due].map((gateway) => [gateway.number, this.begin(gateway)]));
      this.due.clear();
      try {
        await this.pass(batch);
      } catch (error) {
        // nothing counts as sent, for the disk may be read again later; all is sent again then, so less and less often
        this.onError(`the queue cannot be replayed: ${(error as Error).message}`);
        for (const { gateway } of batch.values()) this.due.add(gateway);
        for (let waited = 0; waited < retry && !this.stopped; waited += PAUSE_MS) await pause(PAUSE_MS);
        retry = Math.min(2 * retry, LONGEST_RETRY_MS);
      }
    }
    // at once: whoever is due from here on begins another run
    this.running = undefined;
  }

  private begin(gateway: Gateway): Replay {
    return {
      gateway,
      ...this.delivery.begin(gateway.number),
      frames: [],
      values: 0,
      failed: false,
    };
  }

  private async pass(batch: Map<number, Replay>): Promise<void> {
    const entries = [...batch.values()];
    const pace = { sent: 0, started: this.now() };
    let complete = false;
    try {
      // what was never sent cannot be there yet; of what is sent once more most has arrived
      const unsent = entries.map(({ from, unsentFrom }) => Math.max(from, unsentFrom));
      const failures = [
        await this.sendSome(batch, Math.min(...unsent), isUnsent, pace),
        await this.sendSome(
          batch,
          Math.min(...entries.map((entry) => entry.from)),
          (entry, time) => !isUnsent(entry, time),
          pace,
        ),
      ];
      for (const failure of failures) if (failure) throw failure;
      complete = !this.stopped;
    } finally {
      for (const { gateway, failed } of entries) this.delivery.replayed(gateway.number, complete && !failed);
    }
  }

  /**
   * Reads the queue once, from a time on, and sends of each station what is chosen. Whatever can be read is sent;
   * resolves to why not everything can be.
   */
  private async sendSome(
    batch: Map<number, Replay>,
    from: number,
    chosen: (entry: Replay, time: number) => boolean,
    pace: Pace,
  ): Promise<Error | undefined> {
    if (from === Number.POSITIVE_INFINITY) return undefined;
    // no end: a device whose clock is ahead measures after now
    const reading = this.queue.replay(from, Number.POSITIVE_INFINITY, async (frame) => {
      const entry = batch.get(frame.station);
      if (!entry || entry.failed || this.stopped || frame.time < entry.from) return;
      if (!chosen(entry, frame.time)) return;
      entry.frames.push(frame);
      entry.values += frame.points.length;
      if (entry.values >= VALUES_PER_MESSAGE) await this.flush(entry, pace);
    });
    const failure = await reading.then(
      () => undefined,
      (error: Error) => error,
    );
    for (const entry of batch.values()) await this.flush(entry, pace);
    return failure;
  }

  private async flush(entry: Replay, pace: Pace): Promise<void> {
    if (entry.frames.length === 0 || entry.failed || this.stopped) return;
    if (!(await this.drained(entry.gateway))) {
      entry.failed = true;
      this.due.add(entry.gateway);
      return;
    }
    if (!entry.gateway.session.send(entry.frames, true)) entry.failed = true;
    else this.delivery.resent(entry.gateway.number, earliestOf(entry.frames), this.now());
    pace.sent += entry.values;
    entry.frames = [];
    entry.values = 0;
    while (
      !this.stopped &&
      pace.sent > ((this.now() - pace.started + PAUSE_MS) * this.valuesPerSecond) / 1000
    )
      await pause(PAUSE_MS);
  }

  /** Whether the link has room. A dead one must neither fill the memory nor hold up the other stations. */
  private async drained({ session }: Gateway): Promise<boolean> {
    for (let waited = 0; session.backlog > MOST_BACKLOG; waited += PAUSE_MS) {
      if (waited >= PATIENCE_MS || this.stopped) return false;
      await pause(PAUSE_MS);
    }
    return true;
  }
}

interface Pace {
  /** values */
  sent: number;
  started: number;
}

interface Replay {
  gateway: Gateway;
  from: number;
  /** within this time nothing was ever sent */
  unsentFrom: number;
  unsentUntil: number;
  frames: DatedValues[];
  /** in these frames */
  values: number;
  failed: boolean;
}

const isUnsent = ({ unsentFrom, unsentUntil }: Replay, time: number): boolean =>
  time >= unsentFrom && time <= unsentUntil;

const earliestOf = (frames: readonly DatedValues[]): number =>
  frames.reduce((earliest, { time }) => Math.min(earliest, time), Number.POSITIVE_INFINITY);
