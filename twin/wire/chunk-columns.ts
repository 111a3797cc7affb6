import type { Template } from '#twin/catalogue/template.ts';
import { ByteReader } from './bytes.ts';
import { FrameReader, scalesOf } from './frame.ts';

/** Values of one point: equally long, in order of time, each time once. t in ms since epoch. */
export interface Column {
  t: Float64Array;
  values: Float64Array;
  qualities: Uint8Array;
}

/** By the index of the point in its template; a point without values has no column. */
export type Columns = (Column | undefined)[];

/**
 * Columns of frames that follow each other as bytes, in the order they came. Of several values of a point at
 * one time the first counts. `wanted` (by point index) leaves out other points.
 */
export function columnsOfFrames(
  template: Template,
  frames: Uint8Array,
  wanted?: ReadonlySet<number>,
): Columns {
  const scales = scalesOf(template);
  const from = new ByteReader(frames);
  const frame = new FrameReader();
  // filled, so that map() visits points without values too: a merge with other columns must not pass them over
  const growing = new Array<GrowingColumn | undefined>(template.points.length).fill(undefined);
  while (!from.done) {
    frame.read(from, scales);
    for (let i = 0; i < frame.count; i++) {
      const point = frame.points[i]!;
      if (wanted && !wanted.has(point)) continue;
      let column = growing[point];
      if (!column) {
        column = new GrowingColumn();
        growing[point] = column;
      }
      column.push(frame.t, frame.values[i]!, frame.qualities[i]!);
    }
  }
  return growing.map((column) => column && ordered(column.toColumn()));
}

/** One column of several; where they hold the same time the earlier in the list counts. Empty: undefined. */
export function mergeColumns(parts: readonly (Column | undefined)[]): Column | undefined {
  const full = parts.filter((part): part is Column => part !== undefined && part.t.length > 0);
  if (full.length <= 1) return full[0];
  const length = full.reduce((sum, part) => sum + part.t.length, 0);
  const joined: Column = {
    t: new Float64Array(length),
    values: new Float64Array(length),
    qualities: new Uint8Array(length),
  };
  let at = 0;
  for (const part of full) {
    joined.t.set(part.t, at);
    joined.values.set(part.values, at);
    joined.qualities.set(part.qualities, at);
    at += part.t.length;
  }
  return ordered(joined);
}

/** What a column has at times that the other has not. Empty: undefined. */
export function withoutTimesOf(column: Column | undefined, other: Column | undefined): Column | undefined {
  if (!column || !other) return column;
  const keep: number[] = [];
  let k = 0;
  for (let i = 0; i < column.t.length; i++) {
    const t = column.t[i]!;
    while (k < other.t.length && other.t[k]! < t) k++;
    if (other.t[k] !== t) keep.push(i);
  }
  if (keep.length === column.t.length) return column;
  return keep.length > 0 ? pick(column, keep) : undefined;
}

/** The part from `from` to before `to`; a view, not a copy. Empty: undefined. */
export function sliceColumn(column: Column | undefined, from: number, to: number): Column | undefined {
  if (!column) return undefined;
  const start = firstAtOrAfter(column.t, from);
  const end = firstAtOrAfter(column.t, to);
  if (end <= start) return undefined;
  return {
    t: column.t.subarray(start, end),
    values: column.values.subarray(start, end),
    qualities: column.qualities.subarray(start, end),
  };
}

/** Index of the first time ≥ t in ascending times; their number when there is none. */
export function firstAtOrAfter(times: Float64Array, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Sorted by time, the first of equal times kept; the same column when it is so already. */
function ordered(column: Column): Column {
  const { t } = column;
  let ascending = true;
  for (let i = 1; i < t.length && ascending; i++) ascending = t[i]! > t[i - 1]!;
  if (ascending) return column;
  const order = Array.from(t.keys()).sort((a, b) => t[a]! - t[b]! || a - b);
  return pick(
    column,
    order.filter((index, i) => i === 0 || t[index] !== t[order[i - 1]!]),
  );
}

function pick(column: Column, indices: readonly number[]): Column {
  return {
    t: Float64Array.from(indices, (i) => column.t[i]!),
    values: Float64Array.from(indices, (i) => column.values[i]!),
    qualities: Uint8Array.from(indices, (i) => column.qualities[i]!),
  };
}

class GrowingColumn {
  private t = new Float64Array(64);
  private values = new Float64Array(64);
  private qualities = new Uint8Array(64);
  private length = 0;

  push(t: number, value: number, quality: number): void {
    if (this.length === this.t.length) this.grow();
    this.t[this.length] = t;
    this.values[this.length] = value;
    this.qualities[this.length++] = quality;
  }

  toColumn(): Column {
    return {
      t: this.t.subarray(0, this.length),
      values: this.values.subarray(0, this.length),
      qualities: this.qualities.subarray(0, this.length),
    };
  }

  private grow(): void {
    const { t, values, qualities } = this;
    this.t = new Float64Array(2 * t.length);
    this.values = new Float64Array(2 * t.length);
    this.qualities = new Uint8Array(2 * t.length);
    this.t.set(t);
    this.values.set(values);
    this.qualities.set(qualities);
  }
}
