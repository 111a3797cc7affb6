import type { Comparison } from './expression.ts';

/** Numbers between two ends, each of which may be left out. */
export interface Span {
  readonly least: number;
  readonly most: number;
  /** whether the end itself is left out */
  readonly leastOpen?: boolean;
  readonly mostOpen?: boolean;
  /** single numbers that are left out */
  readonly but?: readonly number[];
}

export const EVERYTHING: Span = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

export function isEmpty({ least, most, leastOpen, mostOpen, but }: Span): boolean {
  if (least !== most) return least > most;
  return Boolean(leastOpen || mostOpen || but?.includes(least));
}

/** What two spans have in common. */
export function meet(a: Span, b: Span): Span {
  const low =
    a.least === b.least ? { ...a, leastOpen: a.leastOpen || b.leastOpen } : a.least > b.least ? a : b;
  const high = a.most === b.most ? { ...a, mostOpen: a.mostOpen || b.mostOpen } : a.most < b.most ? a : b;
  return {
    least: low.least,
    most: high.most,
    leastOpen: Boolean(low.leastOpen),
    mostOpen: Boolean(high.mostOpen),
    but: [...(a.but ?? []), ...(b.but ?? [])],
  };
}

/** The numbers that a comparison with one number lets through. */
export function spanOf(op: Comparison, value: number): Span {
  switch (op) {
    case '<':
      return { ...EVERYTHING, most: value, mostOpen: true };
    case '<=':
      return { ...EVERYTHING, most: value };
    case '>':
      return { ...EVERYTHING, least: value, leastOpen: true };
    case '>=':
      return { ...EVERYTHING, least: value };
    case '=':
      return { least: value, most: value };
    case '!=':
      return { ...EVERYTHING, but: [value] };
  }
}

/** Sums of numbers of two spans. */
export const plus = (a: Span, b: Span): Span => ({
  least: a.least + b.least,
  most: a.most + b.most,
  leastOpen: Boolean(a.leastOpen || b.leastOpen),
  mostOpen: Boolean(a.mostOpen || b.mostOpen),
});

/** The numbers of a span by a number other than 0. */
export const times = ({ least, most, leastOpen, mostOpen }: Span, by: number): Span =>
  by > 0
    ? { least: least * by, most: most * by, leastOpen: Boolean(leastOpen), mostOpen: Boolean(mostOpen) }
    : { least: most * by, most: least * by, leastOpen: Boolean(mostOpen), mostOpen: Boolean(leastOpen) };

/** The sizes of the numbers of a span, without their signs. */
export const size = ({ least, most }: Span): Span => ({
  least: least <= 0 && most >= 0 ? 0 : Math.min(Math.abs(least), Math.abs(most)),
  most: Math.max(Math.abs(least), Math.abs(most)),
});

/** Bounds of a product or quotient, by interval arithmetic (Moore 1966). */
export function product(op: '*' | '/', a: Span, b: Span): Span {
  if (op === '/' && b.least <= 0 && b.most >= 0) return EVERYTHING;
  const corners = [a.least, a.most].flatMap((x) =>
    [b.least, b.most].map((y) => (op === '*' ? x * y : x / y)),
  );
  // infinity times nothing is not a bound
  if (corners.some(Number.isNaN)) return EVERYTHING;
  return { least: Math.min(...corners), most: Math.max(...corners) };
}

/** What holds where a comparison of known numbers does not. */
export const OPPOSITE: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '=': '!=',
  '!=': '=',
};
