import { MINUTE, SECOND } from '#twin/units.ts';
import { isUnfinished, type JobState } from '#twin/wire/rules.ts';

/** Work of every kind, one after the other: two at once would only be slower, and what arrives goes first. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take(work: () => Promise<void>): void {
    this.last = this.last.then(work);
  }

  /** When all that waits now is over. */
  over(): Promise<unknown> {
    return this.last;
  }
}

const MOST_WAITING = 4;
/** Finished ones that are remembered. */
const MOST_KEPT = 20;
/** Whoever began one has gone when nobody asks for so long: a page asks at least once a minute, also in the background. */
const LONGEST_UNASKED_MS = 5 * MINUTE;
const LOOK_AFTER_MS = 10 * SECOND;

interface Kept<J> {
  job: J;
  stop: AbortController;
  /** when somebody last asked for it, ms since epoch */
  asked: number;
}

/** Jobs of one kind: begun, looked up, cancelled. */
export class Jobs<J extends JobState> {
  private readonly turns: Turns;
  private readonly kept = new Map<number, Kept<J>>();
  private next = 1;

  constructor(turns: Turns) {
    this.turns = turns;
  }

  /** So many wait that no more should be begun. */
  get full(): boolean {
    return [...this.kept.values()].filter(({ job }) => isUnfinished(job)).length >= MOST_WAITING;
  }

  /** Begins one, or has it wait. @param work fills in what it comes to; ends soon when it is cancelled */
  begin(about: Omit<J, keyof JobState>, work: (job: J, cancelled: AbortSignal) => Promise<void>): J {
    const state: JobState = { job: this.next++, state: 'waiting', progress: 0, error: null };
    const job = { ...state, ...about } as J;
    const stop = new AbortController();
    this.kept.set(job.job, { job, stop, asked: Date.now() });
    this.forgetOld();
    this.turns.take(async () => {
      if (stop.signal.aborted) return;
      job.state = 'running';
      const lookAfter = setInterval(() => this.endUnasked(job.job), LOOK_AFTER_MS);
      try {
        await work(job, stop.signal);
        if (stop.signal.aborted) return;
        job.state = 'done';
        job.progress = 1;
      } catch (error) {
        if (stop.signal.aborted) return;
        job.state = 'failed';
        job.error = (error as Error).message;
      } finally {
        clearInterval(lookAfter);
      }
    });
    return job;
  }

  find(id: number): J | undefined {
    const kept = this.kept.get(id);
    if (kept) kept.asked = Date.now();
    return kept?.job;
  }

  /** Ends one that waits or runs; one that is over stays as it is. */
  cancel(id: number): J | undefined {
    const kept = this.kept.get(id);
    if (!kept) return undefined;
    if (isUnfinished(kept.job)) {
      kept.job.state = 'cancelled';
      kept.stop.abort();
    }
    return kept.job;
  }

  async close(): Promise<void> {
    for (const id of this.kept.keys()) this.cancel(id);
    await this.turns.over();
  }

  private endUnasked(id: number): void {
    const kept = this.kept.get(id);
    if (kept && Date.now() - kept.asked > LONGEST_UNASKED_MS) this.cancel(id);
  }

  private forgetOld(): void {
    for (const [id, { job }] of this.kept) {
      if (this.kept.size <= MOST_KEPT) return;
      if (!isUnfinished(job)) this.kept.delete(id);
    }
  }
}
