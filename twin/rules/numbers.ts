import type { Arithmetic } from './expression.ts';
import { Flag, type FlagColumn, type NumberColumn, oncePerLook } from './look.ts';

/**
 * Loops that end in numbers. Each operation has a loop of its own, a shared one would call what should be inlined;
 * and each is a plain function of plain arrays, what a closure holds is read anew for every row.
 */

export const pointNumber = (index: number, accepts: Uint8Array): NumberColumn =>
  oncePerLook(({ columns: { values, qualities }, rows }, out) =>
    read(values[index]!, qualities[index]!, accepts, rows, out),
  );

function read(
  values: Float64Array,
  qualities: Uint8Array,
  accepts: Uint8Array,
  rows: number,
  out: Float64Array,
): void {
  for (let row = 0; row < rows; row++) out[row] = accepts[qualities[row]!] === 1 ? values[row]! : Number.NaN;
}

export const flagNumber = (of: FlagColumn): NumberColumn =>
  oncePerLook((look, out) => flagToNumber(of(look), look.rows, out));

function flagToNumber(x: Uint8Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = x[row] === Flag.unknown ? Number.NaN : x[row]!;
}

export const minus = (of: NumberColumn): NumberColumn =>
  oncePerLook((look, out) => negate(of(look), look.rows, out));

function negate(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = -x[row]!;
}

export const abs = (of: NumberColumn): NumberColumn =>
  oncePerLook((look, out) => strip(of(look), look.rows, out));

function strip(x: Float64Array, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = Math.abs(x[row]!);
}

type Binary = (left: NumberColumn, right: NumberColumn) => NumberColumn;
type Loop = (x: Float64Array, y: Float64Array, rows: number, out: Float64Array) => void;

const binary =
  (loop: Loop): Binary =>
  (left, right) =>
    oncePerLook((look, out) => loop(left(look), right(look), look.rows, out));

export const add = binary((x, y, rows, out) => {
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

export const largest = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = Math.max(x[row]!, y[row]!);
});

export const smallest = binary((x, y, rows, out) => {
  for (let row = 0; row < rows; row++) out[row] = Math.min(x[row]!, y[row]!);
});

export const ARITHMETIC: Readonly<Record<Arithmetic, Binary>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};
