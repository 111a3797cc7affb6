/** What a running part needs done at its end, in the opposite order of its start. */
export class Closers {
  private readonly all: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.all.push(close);
  }

  every(ms: number, work: () => unknown): void {
    const timer = setInterval(work, ms);
    this.add(() => clearInterval(timer));
  }

  /** Closes everything once; what one part fails with does not keep the next from closing. */
  async close(): Promise<void> {
    for (const close of this.all.splice(0).reverse()) {
      try {
        await close();
      } catch {
        // it was to end, and it has
      }
    }
  }
}
