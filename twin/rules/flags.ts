import { alike, alikeFlags } from './depths.ts';
import type { Comparison } from './expression.ts';
import {
  AS_BEFORE,
  changesOf,
  Flag,
  type FlagColumn,
  flagsOncePerLook,
  type Look,
  type NumberColumn,
} from './look.ts';
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

/**
 * A number beside one that is the same everywhere. Where its ends decide for all that is known, rows need not be looked at:
 * they say the same until it is not known at others.
 */
export function numberBesideConstant(left: NumberColumn, op: Comparison, y: number): FlagColumn {
  const answers = ANSWERS[op];
  const [holding, failing] = [spanOf(op, y), spanOf(OPPOSITE[op], y)];
  const { ends } = left;
  const changed = changesOf([left]);
  const lost = changesOf(ends ? [ends.unknown] : []);
  /** what the ends decided, if the rows say that and not what was judged of a version */
  let decided: number | null = null;
  const decide = (look: Look): number | null => {
    const span = ends?.span(look);
    if (!span) return null;
    if (isEmpty(meet(span, holding))) return no;
    return isEmpty(meet(span, failing)) ? yes : null;
  };
  const fill = (look: Look, out: Uint8Array, rows: number) => {
    const before = decided;
    decided = decide(look);
    if (decided !== null) {
      if (!lost(look, rows) && decided === before) return AS_BEFORE;
      return answerKnown(decided, ends!.unknown(look), rows, out);
    }
    if (!changed(look, rows) && before === null) return AS_BEFORE;
    return judgeNumber(left(look), y, answers, rows, out);
  };
  const made: FlagColumn = flagsOncePerLook(
    left.depth,
    fill,
    ends &&
      ((look) => {
        if (decide(look) === no) return false;
        made(look);
        return made.holds;
      }),
  );
  return made;
}

/** One answer wherever something is known. */
function answerKnown(answer: number, lost: Uint8Array, rows: number, out: Uint8Array): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = lost[row] === yes ? unknown : answer;
    out[row] = flag;
    some |= flag;
  }
  return some;
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
  const fill = (look: Look, out: Uint8Array, rows: number) => {
    a(look);
    // nearly always nothing is wrong anywhere
    if (a.quiet) return 0;
    b(look);
    if (b.quiet) return 0;
    return changed(look, rows) ? both(a(look), b(look), rows, out) : AS_BEFORE;
  };
  return flagsOncePerLook(depth, fill, (look) => {
    if (!a.mayHold(look)) return false;
    if (b.mayHold(look)) return true;
    // which is where it is asked first from now on
    [a, b] = [b, a];
    return false;
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
  const fill = (look: Look, out: Uint8Array, rows: number) => {
    const [x, y] = [a(look), b(look)];
    if (a.quiet && b.quiet) return 0;
    return changed(look, rows) ? either(x, y, rows, out) : AS_BEFORE;
  };
  return flagsOncePerLook(depth, fill, (look) => a.mayHold(look) || b.mayHold(look));
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
