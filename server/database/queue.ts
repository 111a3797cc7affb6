/** Who goes first when the database is busy: what is arriving, then who is waiting, then everything else. */
export type Priority = 'ingest' | 'read' | 'background';

const RANK: Record<Priority, number> = { ingest: 0, read: 1, background: 2 };

/** After this wait a job moves up one rank, so that nothing waits for ever, ms. */
const PATIENCE = 2000;

interface Waiting {
  rank: number;
  since: number;
  go: () => void;
}

/** A number of places, given to the waiting job of highest priority; equals in the order they came. */
export class PriorityQueue {
  private free: number;
  private readonly waiting: Waiting[] = [];
  private readonly now: () => number;

  constructor(places: number, now: () => number) {
    this.free = places;
    this.now = now;
  }

  get length(): number {
    return this.waiting.length;
  }

  /** Runs the job when its turn comes; its result or error is passed on. */
  async run<T>(priority: Priority, job: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else {
      await new Promise<void>((go) => this.waiting.push({ rank: RANK[priority], since: this.now(), go }));
    }
    try {
      return await job();
    } finally {
      this.next();
    }
  }

  private next(): void {
    if (this.waiting.length === 0) {
      this.free++;
      return;
    }
    const now = this.now();
    const urgency = (job: Waiting) => job.rank - Math.floor((now - job.since) / PATIENCE);
    let best = 0;
    let bestUrgency = urgency(this.waiting[0]!);
    for (let i = 1; i < this.waiting.length; i++) {
      const candidate = urgency(this.waiting[i]!);
      if (candidate < bestUrgency) {
        best = i;
        bestUrgency = candidate;
      }
    }
    const [job] = this.waiting.splice(best, 1);
    job!.go();
  }
}
