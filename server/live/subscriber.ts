import type { WebSocket } from 'ws';
import type { LiveNotice } from '#twin/wire/live.ts';

/** Above this many bytes unsent a reader is slow and gets no more until they have gone. */
const SLOW_BYTES = 256 * 1024;
/** No connection holds more than this and one message. */
const MOST_BYTES = 4 * SLOW_BYTES;
/** A reader that stays slow this long is disconnected. */
const DROP_AFTER_MS = 30_000;

/** One live socket. */
export class Subscriber {
  private slowSince = 0;
  private readonly socket: WebSocket;
  private readonly now: () => number;
  private readonly dropped: () => void;

  /** `dropped`: told when it is disconnected because it does not read */
  constructor(socket: WebSocket, now: () => number, dropped: () => void = () => undefined) {
    this.socket = socket;
    this.now = now;
    this.dropped = dropped;
  }

  /** Disconnects a reader that does not read. */
  drop(): void {
    this.dropped();
    this.socket.terminate();
  }

  /** Whether the connection has room; drops it when it has had none for too long. */
  ready(): boolean {
    if (this.socket.readyState !== this.socket.OPEN) return false;
    if (this.socket.bufferedAmount < SLOW_BYTES) {
      this.slowSince = 0;
      return true;
    }
    if (this.slowSince === 0) this.slowSince = this.now();
    else if (this.now() - this.slowSince > DROP_AFTER_MS) this.drop();
    return false;
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes, { binary: true });
  }

  /** A reader that makes notices and never reads them is disconnected. */
  notify(notice: LiveNotice): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    if (this.socket.bufferedAmount > MOST_BYTES) return this.drop();
    this.socket.send(JSON.stringify(notice));
  }
}
