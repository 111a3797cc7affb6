import { type Column, firstAtOrAfter } from '#twin/wire/chunk-columns.ts';

/** A column down-sampled; arrays of equal length, one entry per bucket that has a value. */
export interface Buckets {
  /** start of the bucket, ms */
  t: number[];
  min: number[];
  mean: number[];
  max: number[];
  /** values in the bucket */
  count: number[];
  /** worst quality in the bucket */
  quality: number[];
}

/**
 * Buckets of `width` ms from `from` to before `to`. Minimum, mean and maximum are of the good values, or of all
 * where none is good; a bucket without a finite value is left out.
 */
export function bucketsOf(column: Column | undefined, from: number, to: number, width: number): Buckets {
  const buckets: Buckets = { t: [], min: [], mean: [], max: [], count: [], quality: [] };
  if (!column) return buckets;
  const end = firstAtOrAfter(column.t, to);
  let i = firstAtOrAfter(column.t, from);
  while (i < end) {
    const start = from + Math.floor((column.t[i]! - from) / width) * width;
    let next = i + 1;
    while (next < end && column.t[next]! < start + width) next++;
    add(buckets, column, i, next, start);
    i = next;
  }
  return buckets;
}

function add(buckets: Buckets, { values, qualities }: Column, from: number, to: number, start: number): void {
  let worst = 0;
  let good = false;
  for (let i = from; i < to; i++) {
    worst = Math.max(worst, qualities[i]!);
    good ||= qualities[i] === 0 && Number.isFinite(values[i]);
  }
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let used = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value) || (good && qualities[i] !== 0)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    used++;
  }
  if (used === 0) return;
  buckets.t.push(start);
  buckets.min.push(min);
  buckets.mean.push(used === 1 ? min : sum / used);
  buckets.max.push(max);
  buckets.count.push(to - from);
  buckets.quality.push(worst);
}
