import { eliminateFour, eliminateSingles, eliminateTwo } from './factor-panels.ts';
import type { Elimination } from './ordering.ts';
import { type Factor, panelsOf } from './panels.ts';
import { substituteBack, substituteForth } from './substitution.ts';

export type { Factor } from './panels.ts';

export function symbolicFactor({ columns }: Elimination): Factor {
  const size = columns.length;
  const panels = panelsOf(columns);
  const start = new Int32Array(size + 1);
  const rows: Int32Array[] = [];
  let pairs = 0;
  for (const { first, last, width } of panels) {
    for (let j = first; j < last; j++) {
      const end = width === 1 ? j + 1 : last;
      const within = Int32Array.from({ length: end - j - 1 }, (_, k) => j + 1 + k);
      const below = columns[end - 1]!;
      rows.push(within, below);
      start[j + 1] = start[j]! + within.length + below.length;
      if (end === j + 1) pairs += (below.length * (below.length - 1)) / 2;
    }
  }
  const row = new Int32Array(start[size]!);
  let at = 0;
  for (const list of rows) {
    row.set(list, at);
    at += list.length;
  }
  const target = new Int32Array(pairs);
  let t = 0;
  for (const { first, last, width } of panels) {
    for (let j = width === 1 ? first : last - 1; j < last; j++) {
      const end = start[j + 1]!;
      for (let p = start[j]!; p < end; p++) {
        // Rows of this panel are a subset of those of column row[p], both ascending.
        let place = start[row[p]!]!;
        for (let p2 = p + 1; p2 < end; p2++) {
          while (row[place] !== row[p2]) place++;
          target[t++] = place;
        }
      }
    }
  }
  return { size, start, row, panels, target };
}

/** The place of entry (a, b) below the diagonal, a ≠ b. */
export function entryOf({ start, row }: Factor, a: number, b: number): number {
  const column = Math.min(a, b);
  const wanted = Math.max(a, b);
  let low = start[column]!;
  let high = start[column + 1]! - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Factors and solves in one sweep, in place. `system` holds diagonal and right-hand side side by side
 * (2i, 2i+1) and gets pivots and solution; `below` holds the entries below the diagonal, and the factor's afterwards.
 *
 * @returns −1, or the row whose pivot is not positive
 */
export function factorAndSolve(f: Factor, system: Float64Array, below: Float64Array): number {
  let t = 0;
  for (const { first, last, width } of f.panels) {
    if (width === 1) t = eliminateSingles(f, system, below, first, last, t);
    else if (width === 2) t = eliminateTwo(f, system, below, first, t);
    else t = eliminateFour(f, system, below, first, t);
  }
  for (let j = 0; j < f.size; j++) if (!(system[2 * j]! > 0)) return j;
  substituteBack(f, system, below);
  return -1;
}

/** Solves for another right-hand side with the pivots and entries that `factorAndSolve` left. */
export function solveAgain(f: Factor, system: Float64Array, below: Float64Array): void {
  substituteForth(f, system, below);
  substituteBack(f, system, below);
}
