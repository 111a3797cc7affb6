import type { TemplateColumns, TwinState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { planOf } from './plan.ts';
import { emptyBaseline, learnStation, type StationBaseline } from './station.ts';

/**
 * What is usual, of every station. It learns from the twin's columns and knows no clock: the same values at the same
 * times give the same baselines.
 */
export interface Baselines {
  readonly byStation: Map<string, StationBaseline>;
  readonly byTemplate: Map<TemplateColumns, LearntRows>;
  /** stations whose baseline has changed since somebody took them away */
  readonly changed: Set<string>;
  /** China Standard Time unless told otherwise, ms */
  readonly zoneOffset: number;
}

/** Baselines of the stations of a template, by row. */
export interface LearntRows {
  readonly of: StationBaseline[];
  /** when a row learnt last, ms since epoch, 0 before: what was worked out from it holds as long */
  readonly learnt: number[];
  /** when a row learns next */
  readonly next: number[];
}

/** A station gives a value a minute; the stations of a city share the minute. */
const EVERY = MINUTE;
const SHARES = 30;

export const createBaselines = (
  known: ReadonlyMap<string, StationBaseline> = new Map(),
  zoneOffset = 8 * HOUR,
): Baselines => ({ byStation: new Map(known), byTemplate: new Map(), changed: new Set(), zoneOffset });

/** The baselines of a template's rows; stations may have come since. */
export function learntRows({ byStation, byTemplate }: Baselines, columns: TemplateColumns): LearntRows {
  const rows = byTemplate.get(columns) ?? { of: [], learnt: [], next: [] };
  byTemplate.set(columns, rows);
  for (let row = rows.of.length; row < columns.codes.length; row++) {
    const code = columns.codes[row]!;
    const baseline = byStation.get(code) ?? emptyBaseline();
    byStation.set(code, baseline);
    rows.of.push(baseline);
    rows.learnt.push(0);
    rows.next.push(Number.NaN);
  }
  return rows;
}

/** Learns from the stations whose turn it is; to be called as often as the twin is looked at. @param now ms since epoch */
export function learn(baselines: Baselines, state: TwinState, now: number): void {
  for (const columns of state.byTemplate.values()) {
    const rows = learntRows(baselines, columns);
    for (let row = 0; row < rows.of.length; row++)
      if (!(now < rows.next[row]!)) learnRow(baselines, columns, rows, row, now);
  }
}

function learnRow(
  { changed, zoneOffset }: Baselines,
  columns: TemplateColumns,
  rows: LearntRows,
  row: number,
  now: number,
): void {
  const { next, learnt } = rows;
  // its part of the minute, also after a restart or a gap
  const part = (EVERY * (row % SHARES)) / SHARES;
  const due = Math.floor((now - part) / EVERY) * EVERY + part;
  const first = Number.isNaN(next[row]!);
  next[row] = due + EVERY;
  if (first && due < now) return;
  const { values, qualities } = columns;
  const read = (index: number): number =>
    index >= 0 && COUNTS[qualities[index]![row]!] === 1 ? values[index]![row]! : Number.NaN;
  learnt[row] = now;
  if (learnStation(rows.of[row]!, planOf(columns.template), read, now + zoneOffset))
    changed.add(columns.codes[row]!);
}

/** By quality: what is learnt from. */
const COUNTS = new Uint8Array(8);
COUNTS[Quality.good] = 1;
COUNTS[Quality.substituted] = 1;
