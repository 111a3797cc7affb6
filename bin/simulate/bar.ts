const WIDTH = 30;

/** Shows how far runs are: one line that is written anew on a terminal, every tenth elsewhere. */
export class ProgressBar {
  private readonly shares: number[];
  private told = -1;

  constructor(
    count: number,
    private readonly out: NodeJS.WriteStream,
  ) {
    this.shares = Array.from({ length: count }, () => 0);
  }

  show(run: number, share: number): void {
    this.shares[run] = share;
    const all = this.shares.reduce((sum, s) => sum + s, 0) / this.shares.length;
    const full = Math.round(all * WIDTH);
    const text = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${(100 * all).toFixed(0).padStart(3)} %`;
    if (this.out.isTTY) this.out.write(`\r${text}`);
    else if (Math.floor(10 * all) > this.told) this.out.write(`${text}\n`);
    this.told = Math.floor(10 * all);
  }

  /** Leaves the line free for other text. */
  clear(): void {
    if (this.out.isTTY) this.out.write('\r\x1b[K');
  }
}
