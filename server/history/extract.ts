import { templateById } from '#twin/catalogue/template.ts';
import { decodeColumn, decodeTimes } from '#twin/wire/chunk.ts';
import { type Column, columnsOfFrames, firstAtOrAfter, mergeColumns } from '#twin/wire/chunk-columns.ts';
import { scaleOf } from '#twin/wire/frame.ts';
import { type Buckets, bucketsOf } from './buckets.ts';
import { unpack } from './pack.ts';

/** Parts of a sealed chunk: its times, and the columns asked for in the order asked (empty: none). */
export interface ChunkSlices {
  late: boolean;
  times: Uint8Array;
  columns: Uint8Array[];
}

/** Frames not sealed yet, of one segment; `points`: where in its template the points asked for are, −1: nowhere. */
export interface HotSlices {
  late: boolean;
  template: string;
  points: number[];
  frames: Uint8Array;
}

export interface ExtractRequest {
  /** resolution of each point asked for */
  resolutions: number[];
  chunks: ChunkSlices[];
  hot: HotSlices[];
}

/** Each point down-sampled from everything known of it; a live value wins over a late one of the same time. */
export function series(request: ExtractRequest, from: number, to: number, width: number): Buckets[] {
  return columnsOf(request).map((column) => bucketsOf(column, from, to, width));
}

/** The last value at or before a time, and when it was measured. */
export interface LastValue {
  t: number;
  value: number;
  quality: number;
}

/** Last values of each point at `at`; undefined when there is none since `since`. */
export function lastValues(request: ExtractRequest, since: number, at: number): (LastValue | undefined)[] {
  return columnsOf(request).map((column) => {
    if (!column) return undefined;
    const i = firstAtOrAfter(column.t, at + 1) - 1;
    if (i < 0 || column.t[i]! < since) return undefined;
    return { t: column.t[i]!, value: column.values[i]!, quality: column.qualities[i]! };
  });
}

function columnsOf({ resolutions, chunks, hot }: ExtractRequest): (Column | undefined)[] {
  const decoded = chunks.map(({ late, times, columns }) => ({
    late,
    times: decodeTimes(unpack(times)),
    columns,
  }));
  const unsealed = hot.map(({ late, template, points, frames }) => {
    const wanted = new Set(points.filter((point) => point >= 0));
    return { late, points, columns: columnsOfFrames(templateById(template), frames, wanted) };
  });
  return resolutions.map((resolution, k) => {
    const scale = scaleOf(resolution);
    const sealed = (late: boolean) =>
      decoded
        .filter((chunk) => chunk.late === late)
        .map((chunk) => decodeColumn(unpack(chunk.columns[k]!), chunk.times, scale));
    const fresh = (late: boolean) =>
      unsealed
        .filter((segment) => segment.late === late)
        .map((segment) => segment.columns[segment.points[k]!]);
    return mergeColumns([...sealed(false), ...fresh(false), ...sealed(true), ...fresh(true)]);
  });
}
