import { templateById } from '#twin/catalogue/template.ts';
import { ByteReader } from '#twin/wire/bytes.ts';
import { decodeColumn, decodeTimes } from '#twin/wire/chunk.ts';
import { type Column, columnsOfFrames, firstAtOrAfter, mergeColumns } from '#twin/wire/chunk-columns.ts';
import { FrameReader, scaleOf, scalesOf } from '#twin/wire/frame.ts';
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

/** When a station was heard live, as starts of the buckets of `width` ms that hold a frame. */
export function heardIn(
  { chunks, hot }: Pick<ExtractRequest, 'chunks' | 'hot'>,
  from: number,
  to: number,
  width: number,
): number[] {
  const starts = new Set<number>();
  const add = (t: number) => {
    if (t >= from && t < to) starts.add(from + Math.floor((t - from) / width) * width);
  };
  for (const { late, times } of chunks) if (!late) for (const t of decodeTimes(unpack(times))) add(t);
  for (const { late, template, frames } of hot) {
    if (late) continue;
    const scales = scalesOf(templateById(template));
    const bytes = new ByteReader(frames);
    const frame = new FrameReader();
    while (!bytes.done) {
      frame.read(bytes, scales);
      add(frame.t);
    }
  }
  return [...starts].sort((a, b) => a - b);
}

/** The last value at or before a time, and when it was measured. */
export interface LastValue {
  t: number;
  value: number;
  quality: number;
}

/** Last values of each point at `at`; undefined when there is none since `since`. Of equal times the live one counts. */
export function lastValues(request: ExtractRequest, since: number, at: number): (LastValue | undefined)[] {
  const last: (LastValue | undefined)[] = request.resolutions.map(() => undefined);
  const offer = (k: number, t: number, value: number, quality: number) => {
    if (t >= since && t <= at && t > (last[k]?.t ?? Number.NEGATIVE_INFINITY))
      last[k] = { t, value, quality };
  };
  for (const late of [false, true]) {
    for (const chunk of request.chunks.filter((chunk) => chunk.late === late)) {
      const times = decodeTimes(unpack(chunk.times));
      request.resolutions.forEach((resolution, k) => {
        const column = decodeColumn(unpack(chunk.columns[k]!), times, scaleOf(resolution));
        const i = column ? firstAtOrAfter(column.t, at + 1) - 1 : -1;
        if (column && i >= 0) offer(k, column.t[i]!, column.values[i]!, column.qualities[i]!);
      });
    }
    for (const segment of request.hot.filter((segment) => segment.late === late)) offerFrames(segment, offer);
  }
  return last;
}

function offerFrames(
  { template, points, frames }: HotSlices,
  offer: (k: number, t: number, value: number, quality: number) => void,
): void {
  const scales = scalesOf(templateById(template));
  const places = new Int32Array(scales.length).fill(-1);
  points.forEach((point, k) => {
    if (point >= 0) places[point] = k;
  });
  const from = new ByteReader(frames);
  const frame = new FrameReader();
  while (!from.done) {
    frame.read(from, scales);
    for (let i = 0; i < frame.count; i++) {
      const k = places[frame.points[i]!]!;
      if (k >= 0) offer(k, frame.t, frame.values[i]!, frame.qualities[i]!);
    }
  }
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
