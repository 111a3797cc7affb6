import type { PointScope } from '#twin/catalogue/definition.ts';
import { deeperScope } from './check.ts';
import type { Gathering } from './condition.ts';
import type { Fleet } from './fleet.ts';
import {
  AS_BEFORE,
  changesOf,
  Flag,
  type FlagColumn,
  flagsOncePerLook,
  type Look,
  madeOf,
  type NumberColumn,
} from './look.ts';
import type { Span } from './span.ts';

/** Loops from one depth to another: a station's answer given to each of its pumps, and what pumps say gathered. */

/** By row of a depth its row at one that holds it. */
function holdersOf(fleet: Fleet, depth: PointScope, holder: PointScope): Int32Array {
  return holder === 'station' ? fleet.stationOf[depth] : fleet.setOfPump;
}

/** A number of what holds a row, at each row of a depth. */
export function numberAt(depth: PointScope, of: NumberColumn): NumberColumn {
  if (of.depth === depth) return of;
  const column = madeOf([of], depth, (look, out, rows) =>
    give(of(look), holdersOf(look.fleet, depth, of.depth), rows, out),
  );
  return Object.assign(column, of.span && { span: of.span });
}

function give(x: Float64Array, holders: Int32Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = x[holders[row]!]!;
}

/** A flag of what holds a row, at each row of a depth. */
export function flagAt(depth: PointScope, of: FlagColumn): FlagColumn {
  if (of.depth === depth) return of;
  const changed = changesOf([of]);
  return flagsOncePerLook(depth, (look, out, rows) => {
    const flags = of(look);
    if (of.quiet) return 0;
    if (!changed(look, rows)) return AS_BEFORE;
    return giveFlags(flags, holdersOf(look.fleet, depth, of.depth), rows, out);
  });
}

function giveFlags(x: Uint8Array, holders: Int32Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = x[holders[row]!]!;
    out[row] = flag;
    some |= flag;
  }
  return some;
}

/** Both at the deeper one's depth. */
export function alike(left: NumberColumn, right: NumberColumn): [NumberColumn, NumberColumn] {
  const depth = deeperScope(left.depth, right.depth);
  return [numberAt(depth, left), numberAt(depth, right)];
}

export function alikeFlags(left: FlagColumn, right: FlagColumn): [FlagColumn, FlagColumn] {
  const depth = deeperScope(left.depth, right.depth);
  return [flagAt(depth, left), flagAt(depth, right)];
}

/** By row of a depth the first row within it at a deeper one, with the end of the last after it. */
function firstWithin(fleet: Fleet, depth: PointScope, within: PointScope): Int32Array {
  if (depth === 'set') return fleet.firstPumpOfSet;
  return within === 'set' ? fleet.firstSet : fleet.firstPump;
}

/** Whether a flag holds at any, or all, of the rows within each row of a depth. */
export function gatherFlags(how: 'any' | 'all', of: FlagColumn, depth: PointScope): FlagColumn {
  if (of.depth === depth) return of;
  const gather = how === 'any' ? anyWithin : allWithin;
  const changed = changesOf([of]);
  return flagsOncePerLook(depth, (look, out, rows) => {
    const flags = of(look);
    // none of any, and none of all, where there is one at least: a row without is of no rule's concern
    if (of.quiet) return 0;
    if (!changed(look, rows)) return AS_BEFORE;
    return gather(flags, firstWithin(look.fleet, depth, of.depth), rows, out);
  });
}

function anyWithin(x: Uint8Array, first: Int32Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    let bits = 0;
    for (let k = first[row]!; k < first[row + 1]!; k++) bits |= x[k]!;
    const flag = (bits & Flag.yes) !== 0 ? Flag.yes : bits;
    out[row] = flag;
    some |= flag;
  }
  return some;
}

function allWithin(x: Uint8Array, first: Int32Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    let flag: number = Flag.yes;
    for (let k = first[row]!; k < first[row + 1]!; k++) {
      if (x[k] === Flag.no) flag = Flag.no;
      else if (x[k] === Flag.unknown && flag === Flag.yes) flag = Flag.unknown;
    }
    out[row] = flag;
    some |= flag;
  }
  return some;
}

/** A number of the rows within each row of a depth; not known while one is not. */
export function gatherNumbers(
  how: Exclude<Gathering, 'any' | 'all'>,
  of: NumberColumn,
  depth: PointScope,
): NumberColumn {
  if (of.depth === depth) return of;
  const gather = GATHER[how];
  const column = madeOf([of], depth, (look, out, rows) =>
    gather(of(look), firstWithin(look.fleet, depth, of.depth), rows, out),
  );
  const end = END[how];
  const { span } = of;
  return Object.assign(column, end && span && { span: (look: Look) => end(span(look)) });
}

/** What is gathered of no rows at all lies beyond one end. */
const END: Partial<Record<Gathering, (span: Span | null) => Span | null>> = {
  largest: (span) => span && { least: Number.NEGATIVE_INFINITY, most: span.most },
  smallest: (span) => span && { least: span.least, most: Number.POSITIVE_INFINITY },
};

type Gather = (x: Float64Array, first: Int32Array, rows: number, out: Float64Array) => void;

const sum: Gather = (x, first, rows, out) => {
  for (let row = 0; row < rows; row++) {
    let all = 0;
    for (let k = first[row]!; k < first[row + 1]!; k++) all += x[k]!;
    out[row] = all;
  }
};

const GATHER: Readonly<Record<Exclude<Gathering, 'any' | 'all'>, Gather>> = {
  count: sum,
  sum,
  largest: (x, first, rows, out) => {
    for (let row = 0; row < rows; row++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let k = first[row]!; k < first[row + 1]!; k++) most = Math.max(most, x[k]!);
      out[row] = most;
    }
  },
  smallest: (x, first, rows, out) => {
    for (let row = 0; row < rows; row++) {
      let least = Number.POSITIVE_INFINITY;
      for (let k = first[row]!; k < first[row + 1]!; k++) least = Math.min(least, x[k]!);
      out[row] = least;
    }
  },
};
