/** A clock that only a test moves. 2026-06-01T00:00:00Z unless told otherwise. */
export class VirtualClock {
  time: number;

  constructor(time = Date.UTC(2026, 5, 1)) {
    this.time = time;
  }

  readonly now = (): number => this.time;

  pass(ms: number): number {
    this.time += ms;
    return this.time;
  }
}
