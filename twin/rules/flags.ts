import { alike, alikeFlags } from './depths.ts';
import type { Comparison } from './expression.ts';
import { Flag, type FlagColumn, flagsOncePerLook, type NumberColumn } from './look.ts';
import { isEmpty, meet, spanOf } from './span.ts';

/** Loops that end in flags. What they compare is a difference: below, at or above nothing; NaN is not known. */

/** What a comparison answers to a difference below, at and above nothing. */
type Answers = readonly [below: number, same: number, above: number];
const { no, yes, unknown } = Flag;
const ANSWERS: Readonly<Record<Comparison, Answers>> = {
  '<': [yes, no, no],
  '<=': [yes, yes, no],
  '>': [no, no, yes],
  '>=': [no, yes, yes],
  '=': [no, yes, no],
  '!=': [yes, no, yes],
};

// x − y is nothing exactly when x = y: doubles underflow gradually (IEEE 754)
function judge(d: number, below: number, same: number, above: number): number {
  if (d < 0) return below;
  if (d > 0) return above;
  return d === 0 ? same : unknown;
}

/** A number plus an offset beside another: `x + offset < y`. */
export function numberBesideNumber(
  left: NumberColumn,
  op: Comparison,
  right: NumberColumn,
  offset: number,
): FlagColumn {
  const answers = ANSWERS[op];
  const [a, b] = alike(left, right);
  return flagsOncePerLook(a.depth, (look, out, rows) =>
    judgeNumbers(a(look), b(look), offset, answers, rows, out),
  );
}

// Plain functions of plain arguments: what a closure holds is read anew for every row.
function judgeNumbers(
  x: Float64Array,
  y: Float64Array,
  offset: number,
  [below, same, above]: Answers,
  rows: number,
  out: Uint8Array,
): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = judge(x[row]! - y[row]! + offset, below, same, above);
    out[row] = flag;
    some |= flag;
  }
  return some;
}

/** A number beside one that is the same everywhere. */
export function numberBesideConstant(left: NumberColumn, op: Comparison, y: number): FlagColumn {
  const answers = ANSWERS[op];
  const holding = spanOf(op, y);
  let judged = -1;
  return flagsOncePerLook(left.depth, (look, out, rows) => {
    const span = left.span?.(look);
    if (span && isEmpty(meet(span, holding))) {
      // what was judged of a version is overwritten by this answer
      judged = -1;
      return 0;
    }
    const x = left(look);
    if (left.version === judged) return null;
    judged = left.version ?? -1;
    return judgeNumber(x, y, answers, rows, out);
  });
}

function judgeNumber(
  x: Float64Array,
  y: number,
  [below, same, above]: Answers,
  rows: number,
  out: Uint8Array,
): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = judge(x[row]! - y, below, same, above);
    out[row] = flag;
    some |= flag;
  }
  return some;
}

export const not = (of: FlagColumn): FlagColumn =>
  flagsOncePerLook(of.depth, (look, out, rows) => invert(of(look), rows, out));

function invert(x: Uint8Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = x[row] === Flag.unknown ? Flag.unknown : 1 - x[row]!;
    out[row] = flag;
    some |= flag;
  }
  return some;
}

export function and(left: FlagColumn, right: FlagColumn): FlagColumn {
  const [a, b] = alikeFlags(left, right);
  return flagsOncePerLook(a.depth, (look, out, rows) => {
    const x = a(look);
    // nearly always nothing is wrong anywhere
    if (a.quiet) return 0;
    const y = b(look);
    return b.quiet ? 0 : both(x, y, rows, out);
  });
}

function both(x: Uint8Array, y: Uint8Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const a = x[row]!;
    const b = y[row]!;
    const flag = a === Flag.no || b === Flag.no ? Flag.no : (a | b) === Flag.yes ? Flag.yes : Flag.unknown;
    out[row] = flag;
    some |= flag;
  }
  return some;
}

export function or(left: FlagColumn, right: FlagColumn): FlagColumn {
  const [a, b] = alikeFlags(left, right);
  return flagsOncePerLook(a.depth, (look, out, rows) => {
    const x = a(look);
    const y = b(look);
    return a.quiet && b.quiet ? 0 : either(x, y, rows, out);
  });
}

function either(x: Uint8Array, y: Uint8Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const a = x[row]!;
    const b = y[row]!;
    const flag = a === Flag.yes || b === Flag.yes ? Flag.yes : a | b;
    out[row] = flag;
    some |= flag;
  }
  return some;
}
