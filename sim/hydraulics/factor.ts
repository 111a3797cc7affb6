import type { Elimination } from './ordering.ts';

/**
 * A symmetric matrix and its LDLᵀ factorisation as straight lists: for every column the rows below the
 * diagonal, and for every pair of them the place that the elimination updates. Found once per topology
 * (George and Liu, Computer Solution of Large Sparse Positive Definite Systems, 1981, chapter 5).
 */
export interface Factor {
  size: number;
  /** column j owns entries `start[j] … start[j+1]` */
  start: Int32Array;
  row: Int32Array;
  /** in the order in which elimination visits pairs of entries of a column */
  target: Int32Array;
}

export function symbolicFactor({ columns }: Elimination): Factor {
  const size = columns.length;
  const start = new Int32Array(size + 1);
  let pairs = 0;
  columns.forEach((rows, j) => {
    start[j + 1] = start[j]! + rows.length;
    pairs += (rows.length * (rows.length - 1)) / 2;
  });
  const row = new Int32Array(start[size]!);
  columns.forEach((rows, j) => {
    row.set(rows, start[j]);
  });
  const target = new Int32Array(pairs);
  let t = 0;
  for (let j = 0; j < size; j++) {
    const end = start[j + 1]!;
    for (let p = start[j]!; p < end; p++) {
      // Rows of this column are a subset of those of column row[p], both ascending.
      let place = start[row[p]!]!;
      for (let p2 = p + 1; p2 < end; p2++) {
        while (row[place] !== row[p2]) place++;
        target[t++] = place;
      }
    }
  }
  return { size, start, row, target };
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
 * (2i, 2i+1) and gets the solution at 2i+1; `below` holds the entries below the diagonal, and zeros afterwards.
 *
 * @returns −1, or the row whose pivot is not positive
 */
export function factorAndSolve(f: Factor, system: Float64Array, below: Float64Array): number {
  const { size, start, row, target } = f;
  let t = 0;
  let p = 0;
  for (let j = 0; j < size; j++) {
    const pivot = system[2 * j]!;
    if (!(pivot > 0)) return j;
    const inverse = 1 / pivot;
    const x = system[2 * j + 1]! * inverse;
    system[2 * j + 1] = x;
    const end = start[j + 1]!;
    // Two rows at a time: most columns have two or three, and the ends of many short loops cost more than the work.
    for (; p + 1 < end; p += 2) {
      const entry = below[p]!;
      const other = below[p + 1]!;
      const l = entry * inverse;
      const m = other * inverse;
      const a = 2 * row[p]!;
      const b = 2 * row[p + 1]!;
      const place = target[t++]!;
      system[a] = system[a]! - l * entry;
      system[a + 1] = system[a + 1]! - entry * x;
      system[b] = system[b]! - m * other;
      system[b + 1] = system[b + 1]! - other * x;
      below[place] = below[place]! - l * other;
      below[p] = l;
      below[p + 1] = m;
      const further = end - p - 2;
      for (let p2 = p + 2; p2 < end; p2++) {
        const e = below[p2]!;
        const u = target[t]!;
        const v = target[t + further]!;
        t++;
        below[u] = below[u]! - l * e;
        below[v] = below[v]! - m * e;
      }
      t += further;
    }
    if (p < end) {
      const entry = below[p]!;
      const l = entry * inverse;
      const i = 2 * row[p]!;
      system[i] = system[i]! - l * entry;
      system[i + 1] = system[i + 1]! - entry * x;
      below[p] = l;
      p++;
    }
  }
  substituteBack(f, system, below);
  return -1;
}

/** Leaves the entries cleared for the next assembly. */
function substituteBack({ size, start, row }: Factor, system: Float64Array, below: Float64Array): void {
  let p = start[size]!;
  for (let j = size - 1; j >= 0; j--) {
    let x = system[2 * j + 1]!;
    const first = start[j]!;
    while (p > first) {
      p--;
      x -= below[p]! * system[2 * row[p]! + 1]!;
      below[p] = 0;
    }
    system[2 * j + 1] = x;
  }
}
