import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { StationState, type StationStateCode } from '#twin/overview/columns.ts';
import type { TemplateColumns } from './columns.ts';
import { Quality } from './quality.ts';

/** A station is live when its last message is at most this many of its reporting intervals old. */
const LIVE_INTERVALS = 2;
/** A point is stale when it missed two of its longest silences: one report may be lost. */
const STALE_INTERVALS = 2;

export interface Freshness {
  /** reporting interval of the gateways, ms */
  interval: number;
  now: number;
}

/** Whether a station was never heard, is live, stale (silent too long) or offline (its death was announced). */
export function stationState(
  columns: TemplateColumns,
  row: number,
  { interval, now }: Freshness,
): StationStateCode {
  const last = columns.lastMessage[row]!;
  if (last === 0) return StationState.never;
  if (columns.offlineSince[row]! >= last) return StationState.offline;
  return now - last <= LIVE_INTERVALS * interval ? StationState.live : StationState.stale;
}

/** How old a value of a live station may be, ms: its longest silence twice, and a report on its way. */
export const longestAge = (point: Pick<TemplatePoint, 'interval'>, interval: number): number =>
  STALE_INTERVALS * point.interval + interval;

/**
 * Marks what has grown too old. Points are reported by exception, so an unchanged value of a live station is
 * current until its own longest silence has passed twice; a value of a station that is not live is stale, and
 * current again when the station is heard before that. Returns how many values became stale.
 */
export function sweepStale(columns: TemplateColumns, freshness: Freshness): number {
  const { points } = columns.template;
  const rows = columns.codes.length;
  if (silentRows.length < rows) silentRows = new Uint8Array(2 * rows);
  for (let row = 0; row < rows; row++)
    silentRows[row] = stationState(columns, row, freshness) === StationState.live ? 0 : 1;
  let became = 0;
  // point by point: each column lies in memory as one
  for (let point = 0; point < points.length; point++) {
    const qualities = columns.qualities[point]!;
    const times = columns.times[point]!;
    const deadSince = columns.deadSince[point]!;
    const oldest = freshness.now - longestAge(points[point]!, freshness.interval);
    for (let row = 0; row < rows; row++) {
      const quality = qualities[row];
      // a value that counts at its arrival ages like any other
      if (quality !== Quality.good && quality !== Quality.stale && quality !== Quality.substituted) continue;
      const time = times[row]!;
      const dead = deadSince[row]! > 0 && deadSince[row]! >= time;
      if (silentRows[row] === 1 || dead || time < oldest) {
        if (quality === Quality.stale) continue;
        became++;
        qualities[row] = Quality.stale;
      } else if (quality === Quality.stale) qualities[row] = Quality.good;
    }
  }
  return became;
}

/** Whether each station is not live, by row; kept, since a sweep comes every second. */
let silentRows = new Uint8Array(0);

/** The device that measures a point died at `time`: its value is stale until a later one, or its device's birth. */
export function silence(columns: TemplateColumns, point: number, row: number, time: number): void {
  // a value that counted at its arrival may be later than its gateway's clock
  columns.deadSince[point]![row] = Math.max(time, columns.times[point]![row]!);
  const quality = columns.qualities[point]![row];
  if (quality === Quality.good || quality === Quality.substituted)
    columns.qualities[point]![row] = Quality.stale;
}
