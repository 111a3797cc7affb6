/** Counts who watches which topic; tells once per turn when the set of topics has changed. */
export class Watches {
  private readonly counts = new Map<string, number>();
  private pending = false;
  private readonly changed: (topics: readonly string[]) => void;
  private readonly defer: (run: () => void) => void;

  constructor(
    changed: (topics: readonly string[]) => void,
    defer: (run: () => void) => void = (run) => queueMicrotask(run),
  ) {
    this.changed = changed;
    this.defer = defer;
  }

  /** Begins to watch; the answer ends it. */
  add(topic: string): () => void {
    this.counts.set(topic, (this.counts.get(topic) ?? 0) + 1);
    this.tell();
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.counts.get(topic) ?? 1) - 1;
      if (left === 0) this.counts.delete(topic);
      else this.counts.set(topic, left);
      this.tell();
    };
  }

  private tell(): void {
    if (this.pending) return;
    this.pending = true;
    this.defer(() => {
      this.pending = false;
      this.changed([...this.counts.keys()].sort());
    });
  }
}
