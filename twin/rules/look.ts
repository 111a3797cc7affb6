import type { StationBaseline } from '#twin/baseline/station.ts';
import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Motors } from '#twin/curves/motor.ts';
import type { Fleet } from './fleet.ts';
import type { Span } from './span.ts';

/** One moment of one fleet. Made anew for each moment: columns remember what they answered to it. */
export interface Look {
  readonly fleet: Fleet;
  /** ms since epoch */
  readonly now: number;
  /** the city's local time less UTC, ms */
  readonly zoneOffset: number;
  /** motors of the stations; without it nobody knows them */
  readonly motorsOf?: MotorsOf;
  /** what is usual; null: nothing is known */
  readonly learnt: Learnt | null;
  /** what the stations around say; null: no rule asks */
  readonly around: Around | null;
}

/** The motors of a station as it is registered. */
export type MotorsOf = (station: string) => Motors | undefined;

/** What is usual at each station of a fleet, and when it learnt last (ms since epoch, 0 before). */
export interface Learnt {
  readonly of: readonly StationBaseline[];
  readonly at: Float64Array;
}

/** Of how many stations of each supply zone something is known, and of how many it holds; by number of the zone. */
export interface ZoneCounts {
  readonly known: Uint32Array;
  readonly holds: Uint32Array;
}

/** In place of the number of a supply zone: nobody knows it. */
export const NO_ZONE = -1;

/** What the stations around say at one look: filled before any rule is looked at. */
export interface Around {
  /** number of the supply zone by station of a fleet, or NO_ZONE */
  readonly zoneOf: ReadonlyMap<Fleet, readonly number[]>;
  readonly zones: number;
  /** by the key of a condition */
  readonly counts: Map<string, ZoneCounts>;
}

/** What says something of all rows at a depth, valid until the next look. */
interface Column<Says> {
  (look: Look): Says;
  readonly depth: PointScope;
  /** of what was said last: while it stays, so do all rows. It only goes up */
  readonly version: number;
}
/** Numbers, NaN where not known. */
export interface NumberColumn extends Column<Float64Array> {
  /** Ends between which all of a look are, told sooner than the numbers; null when one of them may not be known. */
  readonly span?: (look: Look) => Span | null;
}
export interface FlagColumn extends Column<Uint8Array> {
  /** of the last look: every flag was no, as nearly always */
  readonly quiet: boolean;
  /** of the last look: some flag was yes */
  readonly holds: boolean;
}

/** Three-valued logic after Kleene: what is not known stays so unless the other side decides. */
export const Flag = { no: 0, yes: 1, unknown: 2 } as const;

/** In place of an answer: all is as before. */
export const AS_BEFORE = null;

/**
 * Whether any of some columns says something else than when this was asked last, or says it of more rows: what is made
 * of nothing else need not be worked out again.
 */
export function changesOf(columns: readonly Column<unknown>[]): (look: Look, rows: number) => boolean {
  let seen = -1;
  let filled = -1;
  return (look, rows) => {
    let version = 0;
    for (const column of columns) {
      column(look);
      version += column.version;
    }
    if (version === seen && rows === filled) return false;
    seen = version;
    filled = rows;
    return true;
  };
}

/** An answer that is worked out once per look, in memory of its own. */
export function oncePerLook(
  depth: PointScope,
  fill: (look: Look, out: Float64Array, rows: number) => unknown,
): NumberColumn {
  let answered: Look | null = null;
  let out = new Float64Array(0);
  const column = (look: Look): Float64Array => {
    if (answered === look) return out;
    const rows = look.fleet.rows[depth];
    if (out.length < rows) out = new Float64Array(rows);
    if (fill(look, out, rows) !== AS_BEFORE) made.version++;
    answered = look;
    return out;
  };
  const made = Object.assign(column, { depth, version: 0 });
  return made;
}

/** The same of what is made of other columns alone: worked out when one of them says something else. */
export function madeOf(
  columns: readonly Column<unknown>[],
  depth: PointScope,
  fill: (look: Look, out: Float64Array, rows: number) => void,
): NumberColumn {
  const changed = changesOf(columns);
  return oncePerLook(depth, (look, out, rows) => (changed(look, rows) ? fill(look, out, rows) : AS_BEFORE));
}

/**
 * The same for flags.
 * @param fill gives the bits of all flags; when there are none it need not have written them
 */
export function flagsOncePerLook(
  depth: PointScope,
  fill: (look: Look, out: Uint8Array, rows: number) => number | typeof AS_BEFORE,
): FlagColumn {
  let answered: Look | null = null;
  let out = new Uint8Array(0);
  const column = (look: Look): Uint8Array => {
    if (answered === look) return out;
    const rows = look.fleet.rows[depth];
    if (out.length < rows) out = new Uint8Array(rows);
    answered = look;
    const bits = fill(look, out, rows);
    if (bits === AS_BEFORE || (bits === 0 && made.quiet)) return out;
    if (bits === 0) out.fill(Flag.no);
    made.quiet = bits === 0;
    made.holds = (bits & Flag.yes) !== 0;
    made.version++;
    return out;
  };
  const made = Object.assign(column, { depth, quiet: false, holds: false, version: 0 });
  return made;
}
