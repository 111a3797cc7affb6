import { alike, alikeFlags } from './depths.ts';
import type { Comparison } from './expression.ts';
import { AS_BEFORE, changesOf, Flag, type FlagColumn, flagsOncePerLook, type NumberColumn } from './look.ts';
import { isEmpty, meet, OPPOSITE, spanOf } from './span.ts';

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
  const changed = changesOf([a, b]);
  return flagsOncePerLook(a.depth, (look, out, rows) =>
    changed(look, rows) ? judgeNumbers(a(look), b(look), offset, answers, rows, out) : AS_BEFORE,
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

/** A number beside one that is the same everywhere. Where its ends decide for all, rows need not be looked at. */
export function numberBesideConstant(left: NumberColumn, op: Comparison, y: number): FlagColumn {
  const answers = ANSWERS[op];
  const [holding, failing] = [spanOf(op, y), spanOf(OPPOSITE[op], y)];
  const changed = changesOf([left]);
  /** the rows say what the ends decided, not what was judged of a version */
  let decided = false;
  return flagsOncePerLook(left.depth, (look, out, rows) => {
    const span = left.span?.(look);
    if (span) {
      decided = true;
      if (isEmpty(meet(span, holding))) return 0;
      if (isEmpty(meet(span, failing))) {
        out.fill(yes, 0, rows);
        return yes;
      }
    }
    if (!changed(look, rows) && !decided) return AS_BEFORE;
    decided = false;
    return judgeNumber(left(look), y, answers, rows, out);
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

export function not(of: FlagColumn): FlagColumn {
  const changed = changesOf([of]);
  return flagsOncePerLook(of.depth, (look, out, rows) =>
    changed(look, rows) ? invert(of(look), rows, out) : AS_BEFORE,
  );
}

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
  let [a, b] = alikeFlags(left, right);
  const { depth } = a;
  const changed = changesOf([a, b]);
  return flagsOncePerLook(depth, (look, out, rows) => {
    a(look);
    // nearly always nothing is wrong anywhere
    if (a.quiet) return 0;
    b(look);
    if (b.quiet) {
      // which is where it is asked first from now on
      [a, b] = [b, a];
      return 0;
    }
    return changed(look, rows) ? both(a(look), b(look), rows, out) : AS_BEFORE;
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
  const { depth } = a;
  const changed = changesOf([a, b]);
  return flagsOncePerLook(depth, (look, out, rows) => {
    const [x, y] = [a(look), b(look)];
    if (a.quiet && b.quiet) return 0;
    return changed(look, rows) ? either(x, y, rows, out) : AS_BEFORE;
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
