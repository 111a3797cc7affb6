import { Quality } from '#twin/state/quality.ts';
import type { Arithmetic } from './expression.ts';
import { Flag, type FlagColumn, type NumberColumn, oncePerLook } from './look.ts';

/**
 * Loops that end in numbers. Each operation has a loop of its own, a shared one would call what should be inlined;
 * and each is a plain function of plain arrays, what a closure holds is read anew for every row.
 */

/** A point's values where their quality is accepted. */
export const pointNumber = (index: number, accepts: Uint8Array): NumberColumn =>
  oncePerLook(({ columns: { values, qualities }, rows }, out) => {
    out.set(values[index]!.subarray(0, rows));
    blank(qualities[index]!, accepts, rows, out);
  });

/** Makes unknown what is not accepted. Nearly all is good, which is seen of four rows at once. */
function blank(qualities: Uint8Array, accepts: Uint8Array, rows: number, out: Float64Array): void {
  const words = accepts[Quality.good] === 1 ? rows >> 2 : 0;
  const fours = new Uint32Array(qualities.buffer, qualities.byteOffset, words);
  for (let word = 0; word < words; word++)
    if (fours[word] !== ALL_GOOD) blankRows(qualities, accepts, 4 * word, 4 * word + 4, out);
  blankRows(qualities, accepts, 4 * words, rows, out);
}
const ALL_GOOD = Quality.good * 0x01010101;

function blankRows(
  qualities: Uint8Array,
  accepts: Uint8Array,
  first: number,
  end: number,
  out: Float64Array,
): void {
  for (let row = first; row < end; row++) if (accepts[qualities[row]!] !== 1) out[row] = Number.NaN;
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
