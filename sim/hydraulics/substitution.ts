import type { Factor } from './panels.ts';

/**
 * Forward and back substitution by the panels of a factorisation: the columns of a panel read or write each row below
 * them once, single columns two rows at a time: a turn of a loop costs more than the entry it takes.
 */
export function substituteForth(f: Factor, system: Float64Array, below: Float64Array): void {
  for (const { first, last, width } of f.panels) {
    if (width === 1) forthSingles(f, system, below, first, last);
    else if (width === 2) forthTwo(f, system, below, first);
    else forthFour(f, system, below, first);
  }
}

export function substituteBack(f: Factor, system: Float64Array, below: Float64Array): void {
  for (let i = f.panels.length - 1; i >= 0; i--) {
    const { first, last, width } = f.panels[i]!;
    if (width === 1) backSingles(f, system, below, first, last);
    else if (width === 2) backTwo(f, system, below, first);
    else backFour(f, system, below, first);
  }
}

function forthSingles(
  { start, row }: Factor,
  system: Float64Array,
  below: Float64Array,
  first: number,
  last: number,
): void {
  let p = start[first]!;
  for (let j = first; j < last; j++) {
    const x = system[2 * j + 1]!;
    const end = start[j + 1]!;
    for (; p + 1 < end; p += 2) {
      const a = 2 * row[p]! + 1;
      const b = 2 * row[p + 1]! + 1;
      system[a] = system[a]! - below[p]! * x;
      system[b] = system[b]! - below[p + 1]! * x;
    }
    if (p < end) {
      const i = 2 * row[p]! + 1;
      system[i] = system[i]! - below[p]! * x;
      p++;
    }
    system[2 * j + 1] = x / system[2 * j]!;
  }
}

function forthTwo({ start, row }: Factor, system: Float64Array, below: Float64Array, j: number): void {
  const first = start[j]!;
  const next = start[j + 1]!;
  const end = start[j + 2]!;
  const aside = next - first - 1;
  const x0 = system[2 * j + 1]!;
  const x1 = system[2 * j + 3]! - below[first]! * x0;
  for (let p = next; p < end; p++) {
    const i = 2 * row[p]! + 1;
    system[i] = system[i]! - (below[p - aside]! * x0 + below[p]! * x1);
  }
  system[2 * j + 1] = x0 / system[2 * j]!;
  system[2 * j + 3] = x1 / system[2 * j + 2]!;
}

function forthFour({ start, row }: Factor, system: Float64Array, below: Float64Array, j: number): void {
  const first = start[j]!;
  const second = start[j + 1]!;
  const third = start[j + 2]!;
  const next = start[j + 3]!;
  const end = start[j + 4]!;
  const back0 = next - first - 3;
  const back1 = next - second - 2;
  const back2 = next - third - 1;
  const x0 = system[2 * j + 1]!;
  const x1 = system[2 * j + 3]! - below[first]! * x0;
  const x2 = system[2 * j + 5]! - below[first + 1]! * x0 - below[second]! * x1;
  const x3 = system[2 * j + 7]! - below[first + 2]! * x0 - below[second + 1]! * x1 - below[third]! * x2;
  for (let p = next; p < end; p++) {
    const i = 2 * row[p]! + 1;
    system[i] =
      system[i]! -
      (below[p - back0]! * x0 + below[p - back1]! * x1 + below[p - back2]! * x2 + below[p]! * x3);
  }
  system[2 * j + 1] = x0 / system[2 * j]!;
  system[2 * j + 3] = x1 / system[2 * j + 2]!;
  system[2 * j + 5] = x2 / system[2 * j + 4]!;
  system[2 * j + 7] = x3 / system[2 * j + 6]!;
}

function backSingles(
  { start, row }: Factor,
  system: Float64Array,
  below: Float64Array,
  first: number,
  last: number,
): void {
  let p = start[last]!;
  for (let j = last - 1; j >= first; j--) {
    let x = system[2 * j + 1]!;
    const end = start[j]!;
    for (; p - 1 > end; p -= 2)
      x -= below[p - 1]! * system[2 * row[p - 1]! + 1]! + below[p - 2]! * system[2 * row[p - 2]! + 1]!;
    if (p > end) {
      p--;
      x -= below[p]! * system[2 * row[p]! + 1]!;
    }
    system[2 * j + 1] = x;
  }
}

function backTwo({ start, row }: Factor, system: Float64Array, below: Float64Array, j: number): void {
  const first = start[j]!;
  const next = start[j + 1]!;
  const end = start[j + 2]!;
  const aside = next - first - 1;
  let x0 = system[2 * j + 1]!;
  let x1 = system[2 * j + 3]!;
  for (let p = next; p < end; p++) {
    const x = system[2 * row[p]! + 1]!;
    x0 -= below[p - aside]! * x;
    x1 -= below[p]! * x;
  }
  system[2 * j + 3] = x1;
  system[2 * j + 1] = x0 - below[first]! * x1;
}

function backFour({ start, row }: Factor, system: Float64Array, below: Float64Array, j: number): void {
  const first = start[j]!;
  const second = start[j + 1]!;
  const third = start[j + 2]!;
  const next = start[j + 3]!;
  const end = start[j + 4]!;
  const back0 = next - first - 3;
  const back1 = next - second - 2;
  const back2 = next - third - 1;
  let x0 = system[2 * j + 1]!;
  let x1 = system[2 * j + 3]!;
  let x2 = system[2 * j + 5]!;
  let x3 = system[2 * j + 7]!;
  for (let p = next; p < end; p++) {
    const x = system[2 * row[p]! + 1]!;
    x0 -= below[p - back0]! * x;
    x1 -= below[p - back1]! * x;
    x2 -= below[p - back2]! * x;
    x3 -= below[p]! * x;
  }
  x2 -= below[third]! * x3;
  x1 -= below[second]! * x2 + below[second + 1]! * x3;
  x0 -= below[first]! * x1 + below[first + 1]! * x2 + below[first + 2]! * x3;
  system[2 * j + 1] = x0;
  system[2 * j + 3] = x1;
  system[2 * j + 5] = x2;
  system[2 * j + 7] = x3;
}
