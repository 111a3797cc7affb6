import type { LinkPorts, LiveSocket } from '#client/live/link.ts';

/** A clock that only moves when told to, and the timers that hang on it. */
export class VirtualTime {
  now = 1_000_000;
  private timers: { at: number; run: () => void }[] = [];

  setTimer = (run: () => void, ms: number): (() => void) => {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  };

  /** Runs all that falls due within `ms`, in order; promises settle between timers. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await Promise.resolve();
      await Promise.resolve();
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }
}

/** A socket whose other end is the test. */
export class FakeSocket implements LiveSocket {
  binaryType = '';
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  sent: string[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
  /** The server accepts and says hello. */
  accept(serverTime = 0): void {
    this.onopen?.();
    this.say({ notice: 'hello', serverTime, stationsRevision: 1 });
  }
  say(notice: unknown): void {
    this.onmessage?.({ data: JSON.stringify(notice) });
  }
  give(bytes: Uint8Array): void {
    this.onmessage?.({ data: bytes.slice().buffer });
  }
}

/** A server that the test plays: its sockets in order of opening, and whether it answers a probe. */
export class FakeServer {
  readonly time = new VirtualTime();
  readonly sockets: FakeSocket[] = [];
  answers = true;
  readonly ports: LinkPorts = {
    open: () => {
      const socket = new FakeSocket();
      this.sockets.push(socket);
      return socket;
    },
    probe: () => Promise.resolve(this.answers),
    now: () => this.time.now,
    random: () => 0.5,
    setTimer: this.time.setTimer,
  };

  get latest(): FakeSocket {
    return this.sockets.at(-1)!;
  }
}
