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
  let silent = 0;
  for (let row = 0; row < rows; row++) {
    silentRows[row] = stationState(columns, row, freshness) === StationState.live ? 0 : 1;
    silent += silentRows[row]!;
  }
  let became = 0;
  // point by point: each column lies in memory as one
  for (let point = 0; point < points.length; point++) {
    const oldest = freshness.now - longestAge(points[point]!, freshness.interval);
    became +=
      silent === 0 && columns.deadSince[point] === null
        ? sweepLive(columns, point, oldest)
        : sweepAny(columns, point, oldest);
  }
  return became;
}

/** Where every station and device lives, as nearly always, only age counts: most cells take two looks. */
function sweepLive(columns: TemplateColumns, point: number, oldest: number): number {
  const qualities = columns.qualities[point]!;
  const times = columns.times[point]!;
  const rows = columns.codes.length;
  let became = 0;
  for (let row = 0; row < rows; row++) {
    const old = times[row]! < oldest;
    if (old || qualities[row] === Quality.stale) became += age(qualities, row, old);
  }
  return became;
}

function sweepAny(columns: TemplateColumns, point: number, oldest: number): number {
  const qualities = columns.qualities[point]!;
  const times = columns.times[point]!;
  const deadSince = columns.deadSince[point];
  const rows = columns.codes.length;
  let became = 0;
  let deaths = 0;
  for (let row = 0; row < rows; row++) {
    const time = times[row]!;
    const since = deadSince?.[row] ?? 0;
    if (since > 0) deaths++;
    const dead = since > 0 && since >= time;
    became += age(qualities, row, silentRows[row] === 1 || dead || time < oldest);
  }
  if (deaths === 0) columns.deadSince[point] = null;
  return became;
}

/** A value that counts is stale when it is too old, and a stale one good when it is not. @returns 1 when it became stale */
function age(qualities: Uint8Array, row: number, old: boolean): 0 | 1 {
  const quality = qualities[row];
  if (quality === Quality.stale) {
    if (!old) qualities[row] = Quality.good;
    return 0;
  }
  // a value that counts at its arrival ages like any other
  if (!old || (quality !== Quality.good && quality !== Quality.substituted)) return 0;
  qualities[row] = Quality.stale;
  return 1;
}

/** Whether each station is not live, by row; kept, since a sweep comes every second. */
let silentRows = new Uint8Array(0);

/** The device that measures a point died at `time`: its value is stale until a later one, or its device's birth. */
export function silence(columns: TemplateColumns, point: number, row: number, time: number): void {
  columns.deadSince[point] ??= new Float64Array(columns.capacity);
  // a value that counted at its arrival may be later than its gateway's clock
  columns.deadSince[point][row] = Math.max(time, columns.times[point]![row]!);
  const quality = columns.qualities[point]![row];
  if (quality === Quality.good || quality === Quality.substituted)
    columns.qualities[point]![row] = Quality.stale;
}

/** The device that measures a point was born again. */
export function revive(columns: TemplateColumns, point: number, row: number): void {
  const dead = columns.deadSince[point];
  if (dead) dead[row] = 0;
}
