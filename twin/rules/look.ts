import type { StationBaseline } from '#twin/baseline/station.ts';
import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Fleet } from './fleet.ts';
import type { Span } from './span.ts';

/** One moment of one fleet. Made anew for each moment: columns remember what they answered to it. */
export interface Look {
  readonly fleet: Fleet;
  /** ms since epoch */
  readonly now: number;
  /** the city's local time less UTC, ms */
  readonly zoneOffset: number;
  /** what is usual; null: nothing is known */
  readonly learnt: Learnt | null;
  /** what the stations around say; null: no rule asks */
  readonly around: Around | null;
}

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

/** Numbers of all rows at a depth, NaN where not known; valid until the next look. */
export interface NumberColumn {
  (look: Look): Float64Array;
  readonly depth: PointScope;
  /** of what was said last, where that often stays as it is from look to look */
  readonly version?: number;
  /** ends between which all of a look are, told sooner than the numbers themselves; null when one of them is not known */
  readonly span?: (look: Look) => Span | null;
}
/** Flags of all rows at a depth; valid until the next look. */
export interface FlagColumn {
  (look: Look): Uint8Array;
  readonly depth: PointScope;
  /** of the last look: every flag was no, as nearly always */
  readonly quiet: boolean;
  /** of the last look: some flag was yes */
  readonly holds: boolean;
}

/** Three-valued logic after Kleene: what is not known stays so unless the other side decides. */
export const Flag = { no: 0, yes: 1, unknown: 2 } as const;

/** An answer that is worked out once per look, in memory of its own. */
export function oncePerLook(
  depth: PointScope,
  fill: (look: Look, out: Float64Array, rows: number) => void,
): NumberColumn {
  let answered: Look | null = null;
  let out = new Float64Array(0);
  const column = (look: Look): Float64Array => {
    if (answered === look) return out;
    const rows = look.fleet.rows[depth];
    if (out.length < rows) out = new Float64Array(rows);
    fill(look, out, rows);
    answered = look;
    return out;
  };
  return Object.assign(column, { depth });
}

/**
 * The same for flags.
 * @param fill gives the bits of all flags; when there are none it need not have written them. Null: all are as before
 */
export function flagsOncePerLook(
  depth: PointScope,
  fill: (look: Look, out: Uint8Array, rows: number) => number | null,
): FlagColumn {
  let answered: Look | null = null;
  let out = new Uint8Array(0);
  const column = (look: Look): Uint8Array => {
    if (answered === look) return out;
    const rows = look.fleet.rows[depth];
    if (out.length < rows) out = new Uint8Array(rows);
    answered = look;
    const bits = fill(look, out, rows);
    if (bits === null) return out;
    if (bits === 0 && !made.quiet) out.fill(Flag.no);
    made.quiet = bits === 0;
    made.holds = (bits & Flag.yes) !== 0;
    return out;
  };
  const made = Object.assign(column, { depth, quiet: false, holds: false });
  return made;
}
