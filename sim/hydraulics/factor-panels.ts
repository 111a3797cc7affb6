import type { Factor } from './panels.ts';

/**
 * Elimination of single columns, or of a panel of two or four, from the rows below: its columns from each other, then from
 * diagonals and right-hand sides, then from the entries at every pair of rows. Two rows are taken at a time, so
 * that what is read of the others serves twice.
 *
 * @param t where the places to update begin in `target`
 * @returns where those of the next panel begin
 */
export function eliminateSingles(
  { start, row, target }: Factor,
  system: Float64Array,
  below: Float64Array,
  first: number,
  last: number,
  t: number,
): number {
  let p = start[first]!;
  for (let j = first; j < last; j++) {
    const inverse = 1 / system[2 * j]!;
    const x = system[2 * j + 1]! * inverse;
    system[2 * j + 1] = x;
    const end = start[j + 1]!;
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
      for (let q = p + 2; q < end; q++) {
        const e = below[q]!;
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
  return t;
}

export function eliminateTwo(
  { start, row, target }: Factor,
  system: Float64Array,
  below: Float64Array,
  j: number,
  t: number,
): number {
  const i = 2 * j;
  const at = start[j]! + 1;
  const next = start[j + 1]!;
  const end = start[j + 2]!;
  /** from an entry of the first column to that of the second in the same row */
  const aside = next - at;
  const inverse0 = 1 / system[i]!;
  const x0 = system[i + 1]! * inverse0;
  const e0 = below[at - 1]!;
  const l0 = e0 * inverse0;
  const pivot1 = system[i + 2]! - l0 * e0;
  const inverse1 = 1 / pivot1;
  const x1 = (system[i + 3]! - e0 * x0) * inverse1;
  below[at - 1] = l0;
  system[i + 1] = x0;
  system[i + 2] = pivot1;
  system[i + 3] = x1;
  for (let p = next; p < end; p++) {
    const a = below[p - aside]!;
    const b = below[p]! - l0 * a;
    below[p] = b;
    const k = 2 * row[p]!;
    system[k] = system[k]! - a * a * inverse0 - b * b * inverse1;
    system[k + 1] = system[k + 1]! - a * x0 - b * x1;
  }
  let p = next;
  for (; p + 1 < end; p += 2) {
    const la = below[p - aside]! * inverse0;
    const lb = below[p]! * inverse1;
    const a1 = below[p - aside + 1]!;
    const b1 = below[p + 1]!;
    const ma = a1 * inverse0;
    const mb = b1 * inverse1;
    const place = target[t++]!;
    below[place] = below[place]! - la * a1 - lb * b1;
    below[p - aside] = la;
    below[p] = lb;
    below[p - aside + 1] = ma;
    below[p + 1] = mb;
    const further = end - p - 2;
    for (let q = p + 2; q < end; q++) {
      const a = below[q - aside]!;
      const b = below[q]!;
      const u = target[t]!;
      const v = target[t + further]!;
      t++;
      below[u] = below[u]! - (la * a + lb * b);
      below[v] = below[v]! - (ma * a + mb * b);
    }
    t += further;
  }
  if (p < end) {
    below[p - aside] = below[p - aside]! * inverse0;
    below[p] = below[p]! * inverse1;
  }
  return t;
}

export function eliminateFour(
  { start, row, target }: Factor,
  system: Float64Array,
  below: Float64Array,
  j: number,
  t: number,
): number {
  const i = 2 * j;
  const first = start[j]!;
  const second = start[j + 1]!;
  const third = start[j + 2]!;
  const next = start[j + 3]!;
  const end = start[j + 4]!;
  /** from an entry of the last column back to those of the first, second and third in the same row */
  const back0 = next - first - 3;
  const back1 = next - second - 2;
  const back2 = next - third - 1;

  const inverse0 = 1 / system[i]!;
  const x0 = system[i + 1]! * inverse0;
  const e10 = below[first]!;
  const e20 = below[first + 1]!;
  const e30 = below[first + 2]!;
  const l10 = e10 * inverse0;
  const l20 = e20 * inverse0;
  const l30 = e30 * inverse0;
  const pivot1 = system[i + 2]! - l10 * e10;
  const inverse1 = 1 / pivot1;
  const x1 = (system[i + 3]! - e10 * x0) * inverse1;
  const e21 = below[second]! - l10 * e20;
  const e31 = below[second + 1]! - l10 * e30;
  const l21 = e21 * inverse1;
  const l31 = e31 * inverse1;
  const pivot2 = system[i + 4]! - l20 * e20 - l21 * e21;
  const inverse2 = 1 / pivot2;
  const x2 = (system[i + 5]! - e20 * x0 - e21 * x1) * inverse2;
  const e32 = below[third]! - l20 * e30 - l21 * e31;
  const l32 = e32 * inverse2;
  const pivot3 = system[i + 6]! - l30 * e30 - l31 * e31 - l32 * e32;
  const inverse3 = 1 / pivot3;
  const x3 = (system[i + 7]! - e30 * x0 - e31 * x1 - e32 * x2) * inverse3;
  below[first] = l10;
  below[first + 1] = l20;
  below[first + 2] = l30;
  below[second] = l21;
  below[second + 1] = l31;
  below[third] = l32;
  system[i + 1] = x0;
  system[i + 2] = pivot1;
  system[i + 3] = x1;
  system[i + 4] = pivot2;
  system[i + 5] = x2;
  system[i + 6] = pivot3;
  system[i + 7] = x3;

  for (let p = next; p < end; p++) {
    const a = below[p - back0]!;
    const b = below[p - back1]! - l10 * a;
    const c = below[p - back2]! - l20 * a - l21 * b;
    const d = below[p]! - l30 * a - l31 * b - l32 * c;
    below[p - back1] = b;
    below[p - back2] = c;
    below[p] = d;
    const k = 2 * row[p]!;
    system[k] = system[k]! - (a * a * inverse0 + b * b * inverse1 + c * c * inverse2 + d * d * inverse3);
    system[k + 1] = system[k + 1]! - (a * x0 + b * x1 + c * x2 + d * x3);
  }
  let p = next;
  for (; p + 1 < end; p += 2) {
    const la = below[p - back0]! * inverse0;
    const lb = below[p - back1]! * inverse1;
    const lc = below[p - back2]! * inverse2;
    const ld = below[p]! * inverse3;
    const a1 = below[p - back0 + 1]!;
    const b1 = below[p - back1 + 1]!;
    const c1 = below[p - back2 + 1]!;
    const d1 = below[p + 1]!;
    const ma = a1 * inverse0;
    const mb = b1 * inverse1;
    const mc = c1 * inverse2;
    const md = d1 * inverse3;
    const place = target[t++]!;
    below[place] = below[place]! - (la * a1 + lb * b1 + lc * c1 + ld * d1);
    below[p - back0] = la;
    below[p - back1] = lb;
    below[p - back2] = lc;
    below[p] = ld;
    below[p - back0 + 1] = ma;
    below[p - back1 + 1] = mb;
    below[p - back2 + 1] = mc;
    below[p + 1] = md;
    const further = end - p - 2;
    for (let q = p + 2; q < end; q++) {
      const a = below[q - back0]!;
      const b = below[q - back1]!;
      const c = below[q - back2]!;
      const d = below[q]!;
      const u = target[t]!;
      const v = target[t + further]!;
      t++;
      below[u] = below[u]! - (la * a + lb * b + lc * c + ld * d);
      below[v] = below[v]! - (ma * a + mb * b + mc * c + md * d);
    }
    t += further;
  }
  if (p < end) {
    below[p - back0] = below[p - back0]! * inverse0;
    below[p - back1] = below[p - back1]! * inverse1;
    below[p - back2] = below[p - back2]! * inverse2;
    below[p] = below[p]! * inverse3;
  }
  return t;
}
