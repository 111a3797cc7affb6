import { alike } from './depths.ts';
import type { Arithmetic } from './expression.ts';
import { Flag, type FlagColumn, type NumberColumn, oncePerLook } from './look.ts';

/**
 * Loops that end in numbers. Each operation has a loop of its own, a shared one would call what should be inlined;
 * and each is a plain function of plain arrays, what a closure holds is read anew for every row.
 */

export const flagNumber = (of: FlagColumn): NumberColumn =>
  oncePerLook(of.depth, (look, out, rows) => {
    const flags = of(look);
    if (of.quiet) out.fill(0, 0, rows);
    else flagToNumber(flags, rows, out);
  });

function flagToNumber(x: Uint8Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = x[row] === Flag.unknown ? Number.NaN : x[row]!;
}

export const minus = (of: NumberColumn): NumberColumn =>
  oncePerLook(of.depth, (look, out, rows) => negate(of(look), rows, out));

function negate(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = -x[row]!;
}

export const abs = (of: NumberColumn): NumberColumn =>
  oncePerLook(of.depth, (look, out, rows) => strip(of(look), rows, out));

function strip(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = Math.abs(x[row]!);
}

type Binary = (left: NumberColumn, right: NumberColumn) => NumberColumn;
type Loop = (x: Float64Array, y: Float64Array, rows: number, out: Float64Array) => void;

const binary =
  (loop: Loop): Binary =>
  (left, right) => {
    const [a, b] = alike(left, right);
    return oncePerLook(a.depth, (look, out, rows) => loop(a(look), b(look), rows, out));
  };

const add = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = x[row]! + y[row]!;
});

const subtract = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = x[row]! - y[row]!;
});

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
