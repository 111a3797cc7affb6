import type { Arithmetic } from './expression.ts';
import { Flag, type FlagColumn, type NumberColumn, oncePerLook } from './look.ts';

/** Loops that end in numbers. Each operation has a loop of its own: a shared one would call what should be inlined. */

export function pointNumber(index: number, accepts: Uint8Array): NumberColumn {
  return oncePerLook(({ columns, rows }, out) => {
    const values = columns.values[index]!;
    const qualities = columns.qualities[index]!;
    for (let row = 0; row < rows; row++)
      out[row] = accepts[qualities[row]!] === 1 ? values[row]! : Number.NaN;
  });
}

export const flagNumber = (of: FlagColumn): NumberColumn =>
  oncePerLook((look, out) => {
    const x = of(look);
    for (let row = 0; row < look.rows; row++) out[row] = x[row] === Flag.unknown ? Number.NaN : x[row]!;
  });

export const minus = (of: NumberColumn): NumberColumn =>
  oncePerLook((look, out) => {
    const x = of(look);
    for (let row = 0; row < look.rows; row++) out[row] = -x[row]!;
  });

export const abs = (of: NumberColumn): NumberColumn =>
  oncePerLook((look, out) => {
    const x = of(look);
    for (let row = 0; row < look.rows; row++) out[row] = Math.abs(x[row]!);
  });

type Binary = (left: NumberColumn, right: NumberColumn) => NumberColumn;

export const add: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = x[row]! + y[row]!;
  });

const subtract: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = x[row]! - y[row]!;
  });

const multiply: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = x[row]! * y[row]!;
  });

/** Nothing divides by nothing: the answer is not known, not infinite. */
const divide: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = y[row] === 0 ? Number.NaN : x[row]! / y[row]!;
  });

export const largest: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = Math.max(x[row]!, y[row]!);
  });

export const smallest: Binary = (left, right) =>
  oncePerLook((look, out) => {
    const [x, y] = [left(look), right(look)];
    for (let row = 0; row < look.rows; row++) out[row] = Math.min(x[row]!, y[row]!);
  });

export const ARITHMETIC: Readonly<Record<Arithmetic, Binary>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};
