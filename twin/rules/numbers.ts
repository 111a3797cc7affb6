import { alike } from './depths.ts';
import type { Arithmetic } from './expression.ts';
import { Flag, type FlagColumn, type Look, madeOf, type NumberColumn } from './look.ts';
import { plus, type Span, size, times } from './span.ts';

/**
 * Loops that end in numbers. Each operation has a loop of its own, a shared one would call what should be inlined;
 * and each is a plain function of plain arrays, what a closure holds is read anew for every row.
 */

export const flagNumber = (of: FlagColumn): NumberColumn =>
  madeOf([of], of.depth, (look, out, rows) => {
    const flags = of(look);
    if (of.quiet) out.fill(0, 0, rows);
    else flagToNumber(flags, rows, out);
  });

function flagToNumber(x: Uint8Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = x[row] === Flag.unknown ? Number.NaN : x[row]!;
}

export const minus = (of: NumberColumn): NumberColumn =>
  madeOf([of], of.depth, (look, out, rows) => negate(of(look), rows, out));

function negate(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = -x[row]!;
}

export const abs = (of: NumberColumn): NumberColumn =>
  withSpan(
    madeOf([of], of.depth, (look, out, rows) => strip(of(look), rows, out)),
    [of],
    size,
  );

function strip(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = Math.abs(x[row]!);
}

/** Gives a column the span that follows from those of what it is made of, where all have one. */
function withSpan<Of extends readonly NumberColumn[]>(
  column: NumberColumn,
  of: readonly [...Of],
  spanOf: (...spans: { [K in keyof Of]: Span }) => Span,
): NumberColumn {
  if (!of.every(({ span }) => span)) return column;
  const span = (look: Look): Span | null => {
    const spans = of.map((one) => one.span!(look));
    return spans.includes(null) ? null : spanOf(...(spans as { [K in keyof Of]: Span }));
  };
  return Object.assign(column, { span });
}

type Binary = (left: NumberColumn, right: NumberColumn) => NumberColumn;
type Loop = (x: Float64Array, y: Float64Array, rows: number, out: Float64Array) => void;

const binary =
  (loop: Loop, spanOf?: (left: Span, right: Span) => Span): Binary =>
  (left, right) => {
    const [a, b] = alike(left, right);
    const made = madeOf([a, b], a.depth, (look, out, rows) => loop(a(look), b(look), rows, out));
    return spanOf ? withSpan(made, [a, b], spanOf) : made;
  };

const add = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = x[row]! + y[row]!;
}, plus);

// what is rounded keeps its order: the ends of all rows are those of their ends
const subtract = binary(
  (x, y, rows, out) => {
    for (let row = 0; row < rows; row++) out[row] = x[row]! - y[row]!;
  },
  (left, right) => plus(left, times(right, -1)),
);

const multiply = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = x[row]! * y[row]!;
});

/** Nothing divides by nothing: the answer is not known, not infinite. */
const divide = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = y[row] === 0 ? Number.NaN : x[row]! / y[row]!;
});

export const ARITHMETIC: Readonly<Record<Arithmetic, Binary>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};
