import { WebSocket } from 'ws';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX } from '#twin/overview/columns.ts';
import type { StationList } from '#twin/wire/api.ts';
import { OVERVIEW_TOPIC, overviewResolution } from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';

const EVERY_MS = 250;

/**
 * How old the picture is that a browser has: the oldest last message among the stations that are expected to be
 * live, taken four times a second. A station reports every two seconds.
 */
export class LiveWatch {
  private sheet: Sheet | undefined;
  private socket: WebSocket | undefined;
  private expected: ((code: string) => boolean) | undefined;
  private ages: number[] = [];
  private codes: readonly string[] = [];
  private readonly timer: NodeJS.Timeout;
  private looked = performance.now();
  private closed = false;
  private readonly url: string;

  private constructor(url: string) {
    this.url = url;
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.open();
  }

  static async open(url: string): Promise<LiveWatch> {
    const watch = new LiveWatch(url);
    const { stations } = (await (await fetch(`${url}/api/stations`)).json()) as StationList;
    watch.codes = stations.map(({ code }) => code);
    return watch;
  }

  /** From now on these stations are to be live; none when `which` is absent. */
  expect(which?: (code: string) => boolean): void {
    this.expected = which;
  }

  /** Age of the oldest last message, s, since the last call: the worst, and what 99 of 100 looks did not exceed. */
  take(): { worst: number | null; p99: number | null } {
    const sorted = this.ages.sort((a, b) => a - b);
    this.ages = [];
    const at = (share: number) => {
      const age = sorted[Math.floor(share * (sorted.length - 1))];
      return age === undefined ? null : Number(age.toFixed(2));
    };
    return { worst: at(1), p99: at(0.99) };
  }

  /** Age of the last message of the stations named now, s; Infinity for one that was never heard. */
  oldest(which: (code: string) => boolean = () => true): number {
    const { sheet } = this;
    if (!sheet) return Number.POSITIVE_INFINITY;
    const now = Date.now() / 1000;
    let age = 0;
    for (let row = 0; row < sheet.rows; row++) {
      if (!which(this.codes[row]!)) continue;
      const last = sheet.values[row * OVERVIEW_COLUMNS.length + OVERVIEW_INDEX.lastMessage]!;
      age = Math.max(age, Number.isNaN(last) ? Number.POSITIVE_INFINITY : now - last);
    }
    return age;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    this.socket?.terminate();
  }

  private look(): void {
    const now = performance.now();
    // a process that was busy itself has not read yet what came meanwhile: that look says nothing of the server
    const late = now - this.looked > 2 * EVERY_MS;
    this.looked = now;
    if (this.expected && !late) this.ages.push(this.oldest(this.expected));
  }

  private open(): void {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/live`);
    this.socket = socket;
    socket.on('open', () => socket.send(JSON.stringify({ watch: [OVERVIEW_TOPIC] })));
    socket.on('message', (data, binary) => {
      if (!binary) return;
      const message = decodeSheet(
        data as Buffer,
        () => this.sheet,
        () => overviewResolution,
      );
      if (message.kind === 'snapshot') this.sheet = message.sheet;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      // a server that comes back sends a whole picture
      this.sheet = undefined;
      if (!this.closed) setTimeout(() => this.open(), EVERY_MS).unref();
    });
  }
}
