import type { Comparison } from './expression.ts';
import { Flag, type FlagColumn, flagsOncePerLook, type NumberColumn } from './look.ts';

/** Loops that end in flags. What they compare is a difference: below, at or above nothing; NaN is not known. */

/** A point's value plus an offset. */
export interface Shifted {
  index: number;
  offset: number;
}

/** Which side of nothing a difference must be on; a sign that is turned first makes four of six comparisons two. */
const Test = { below: 0, notAbove: 1, same: 2, other: 3 } as const;
const TESTS: Readonly<Record<Comparison, readonly [test: number, sign: 1 | -1]>> = {
  '<': [Test.below, 1],
  '<=': [Test.notAbove, 1],
  '>': [Test.below, -1],
  '>=': [Test.notAbove, -1],
  '=': [Test.same, 1],
  '!=': [Test.other, 1],
};

// x − y is nothing exactly when x = y: doubles underflow gradually (IEEE 754)
function judge(test: number, d: number): number {
  if (d < 0) return test === Test.below || test === Test.notAbove || test === Test.other ? Flag.yes : Flag.no;
  if (d > 0) return test === Test.other ? Flag.yes : Flag.no;
  if (d === 0) return test === Test.notAbove || test === Test.same ? Flag.yes : Flag.no;
  return Flag.unknown;
}

/** A point beside a number: one pass, nothing stored in between. */
export function pointBesideNumber(a: Shifted, op: Comparison, y: number, accepts: Uint8Array): FlagColumn {
  const [test, sign] = TESTS[op];
  return flagsOncePerLook(({ columns, rows }, out) => {
    const values = columns.values[a.index]!;
    const qualities = columns.qualities[a.index]!;
    return judgePoint(values, qualities, accepts, sign, sign * (a.offset - y), test, rows, out);
  });
}

// Plain functions of plain arguments: what a closure holds is read anew for every row.
function judgePoint(
  values: Float64Array,
  qualities: Uint8Array,
  accepts: Uint8Array,
  sign: number,
  offset: number,
  test: number,
  rows: number,
  out: Uint8Array,
): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const known = accepts[qualities[row]!] === 1;
    const flag = known ? judge(test, sign * values[row]! + offset) : Flag.unknown;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

/** A point beside another. */
export function pointBesidePoint(a: Shifted, op: Comparison, b: Shifted, accepts: Uint8Array): FlagColumn {
  const [test, sign] = TESTS[op];
  const between = sign * (a.offset - b.offset);
  return flagsOncePerLook(({ columns: { values, qualities }, rows }, out) =>
    judgePoints(
      values[a.index]!,
      values[b.index]!,
      qualities[a.index]!,
      qualities[b.index]!,
      accepts,
      sign,
      between,
      test,
      rows,
      out,
    ),
  );
}

function judgePoints(
  x: Float64Array,
  y: Float64Array,
  xQualities: Uint8Array,
  yQualities: Uint8Array,
  accepts: Uint8Array,
  sign: number,
  between: number,
  test: number,
  rows: number,
  out: Uint8Array,
): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const known = (accepts[xQualities[row]!]! & accepts[yQualities[row]!]!) === 1;
    const flag = known ? judge(test, sign * (x[row]! - y[row]!) + between) : Flag.unknown;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

/** Any number beside any other. */
export function numberBesideNumber(left: NumberColumn, op: Comparison, right: NumberColumn): FlagColumn {
  const [test, sign] = TESTS[op];
  return flagsOncePerLook((look, out) => judgeNumbers(left(look), right(look), sign, test, look.rows, out));
}

function judgeNumbers(
  x: Float64Array,
  y: Float64Array,
  sign: number,
  test: number,
  rows: number,
  out: Uint8Array,
): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = judge(test, sign * (x[row]! - y[row]!));
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

/** Any number beside one that is the same everywhere. */
export function numberBesideConstant(left: NumberColumn, op: Comparison, y: number): FlagColumn {
  const [test, sign] = TESTS[op];
  let judged = -1;
  return flagsOncePerLook((look, out) => {
    const x = left(look);
    if (left.version === judged) return null;
    judged = left.version ?? -1;
    return judgeNumber(x, y, sign, test, look.rows, out);
  });
}

function judgeNumber(
  x: Float64Array,
  y: number,
  sign: number,
  test: number,
  rows: number,
  out: Uint8Array,
): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = judge(test, sign * (x[row]! - y));
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

/** A boolean point. */
export function pointFlag(index: number, accepts: Uint8Array): FlagColumn {
  return flagsOncePerLook(({ columns: { values, qualities }, rows }, out) =>
    readFlags(values[index]!, qualities[index]!, accepts, rows, out),
  );
}

function readFlags(
  values: Float64Array,
  qualities: Uint8Array,
  accepts: Uint8Array,
  rows: number,
  out: Uint8Array,
): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    const known = accepts[qualities[row]!] === 1 && !Number.isNaN(value);
    const flag = known ? (value === 0 ? Flag.no : Flag.yes) : Flag.unknown;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

export const not = (of: FlagColumn): FlagColumn =>
  flagsOncePerLook((look, out) => invert(of(look), look.rows, out));

function invert(x: Uint8Array, rows: number, out: Uint8Array): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = x[row] === Flag.unknown ? Flag.unknown : 1 - x[row]!;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

export const and = (left: FlagColumn, right: FlagColumn): FlagColumn =>
  flagsOncePerLook((look, out) => {
    const x = left(look);
    // nearly always nothing is wrong anywhere
    if (left.quiet) return false;
    const y = right(look);
    return !right.quiet && both(x, y, look.rows, out);
  });

function both(x: Uint8Array, y: Uint8Array, rows: number, out: Uint8Array): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const a = x[row]!;
    const b = y[row]!;
    const flag = a === Flag.no || b === Flag.no ? Flag.no : (a | b) === Flag.yes ? Flag.yes : Flag.unknown;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}

export const or = (left: FlagColumn, right: FlagColumn): FlagColumn =>
  flagsOncePerLook((look, out) => {
    const x = left(look);
    const y = right(look);
    return !(left.quiet && right.quiet) && either(x, y, look.rows, out);
  });

function either(x: Uint8Array, y: Uint8Array, rows: number, out: Uint8Array): boolean {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const a = x[row]!;
    const b = y[row]!;
    const flag = a === Flag.yes || b === Flag.yes ? Flag.yes : a | b;
    out[row] = flag;
    some |= flag;
  }
  return some !== 0;
}
