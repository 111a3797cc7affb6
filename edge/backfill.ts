import { setTimeout as pause } from 'node:timers/promises';
import type { Driver } from './driver.ts';
import type { Gateway } from './gateway.ts';
import type { DatedValues } from './node/messages.ts';

const ROWS_PER_MESSAGE = 24;

/**
 * Fills in the time before a new installation, one station after the other, behind everything else. What was sent
 * counts as arrived when the session has held for as long as its other messages are kept for a replay.
 */
export class Backfiller {
  /** stations whose logger has arrived */
  readonly filled: Set<number>;
  private readonly waiting: Gateway[] = [];
  /** sent, and since when the session has held */
  private readonly settling = new Map<Gateway, number>();
  private readonly options: BackfillOptions;
  private readonly running: Promise<void>;
  private open = true;

  constructor(options: BackfillOptions, filled: Iterable<number>) {
    this.options = options;
    this.filled = new Set(filled);
    this.running = this.run();
  }

  /** The station has a session: its turn will come, if it is not filled yet. */
  request(gateway: Gateway): void {
    if (!this.filled.has(gateway.number)) this.waiting.push(gateway);
  }

  /** The session broke or the host asked for a birth: what was sent may not have arrived. */
  doubt(gateway: Gateway): void {
    this.settling.delete(gateway);
  }

  async stop(): Promise<void> {
    this.open = false;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.open) {
      this.settle();
      const gateway = this.waiting.shift();
      if (!gateway) await pause(IDLE_MS);
      else if (!this.filled.has(gateway.number) && !this.settling.has(gateway)) await this.fill(gateway);
    }
  }

  private async fill(gateway: Gateway): Promise<void> {
    const { driver, before, valuesPerSecond, onError, now } = this.options;
    try {
      if (await backfill(gateway, driver, before, valuesPerSecond)) this.settling.set(gateway, now());
    } catch (error) {
      onError(`${gateway.code}: the logger cannot be read: ${(error as Error).message}`);
    }
  }

  private settle(): void {
    const { now, keepMs } = this.options;
    for (const [gateway, since] of this.settling) {
      if (now() - since < keepMs) continue;
      this.settling.delete(gateway);
      this.filled.add(gateway.number);
    }
  }
}

const IDLE_MS = 200;

export interface BackfillOptions {
  driver: Driver;
  /** only what was measured before this */
  before: number;
  valuesPerSecond: number;
  /** a session that holds this long has delivered, ms */
  keepMs: number;
  now: () => number;
  onError: (message: string) => void;
}

/**
 * A new installation: sends what the device's own logger has of the time before, as historical values through the
 * ordinary door. Returns false when the session ended meanwhile; it is then done again from the start, and the host
 * keeps one of each.
 */
async function backfill(
  gateway: Gateway,
  driver: Driver,
  before: number,
  valuesPerSecond: number,
): Promise<boolean> {
  const { points, times, rows } = await driver.log(gateway.wire);
  const indexes = points.map((name) => gateway.template.index.get(name) ?? -1);
  const kept = indexes
    .flatMap((index, column) => (index >= 0 ? [{ index, column }] : []))
    .sort((a, b) => a.index - b.index);
  const pointIndexes = Uint16Array.from(kept, ({ index }) => index);
  for (let row = 0; row < times.length; row += ROWS_PER_MESSAGE) {
    const frames: DatedValues[] = [];
    for (let r = row; r < Math.min(times.length, row + ROWS_PER_MESSAGE); r++) {
      if (times[r]! >= before) continue;
      const values = Float64Array.from(kept, ({ column }) => rows[r * points.length + column]!);
      frames.push({ time: times[r]!, points: pointIndexes, values });
    }
    if (frames.length === 0) continue;
    if (!gateway.session.send(frames, true)) return false;
    await pause((1000 * frames.length * kept.length) / valuesPerSecond);
  }
  return true;
}
