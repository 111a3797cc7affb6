/** The server's clock as seen from here: ages are never computed with the viewer's own clock. */
export class ServerClock {
  private offset = 0;
  private readonly local: () => number;

  constructor(local: () => number) {
    this.local = local;
  }

  /** Takes the server's time from a message that has just arrived. */
  set(serverTime: number): void {
    this.offset = serverTime - this.local();
  }

  /** ms since epoch */
  now(): number {
    return this.local() + this.offset;
  }
}
