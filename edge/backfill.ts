import { setTimeout as pause } from 'node:timers/promises';
import type { Driver } from './driver.ts';
import type { Gateway } from './gateway.ts';
import type { DatedValues } from './node/messages.ts';

const ROWS_PER_MESSAGE = 24;

/**
 * A new installation: sends what the device's own logger has of the time before, as historical values through the
 * ordinary door. Returns false when the session ended meanwhile; it is then done again from the start, and the host
 * keeps one of each.
 */
export async function backfill(
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
