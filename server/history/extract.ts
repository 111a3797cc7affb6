import { templateById } from '#twin/catalogue/template.ts';
import { ByteReader } from '#twin/wire/bytes.ts';
import { decodeColumn, decodeTimes } from '#twin/wire/chunk.ts';
import {
  type Column,
  columnsOfFrames,
  firstAtOrAfter,
  mergeColumns,
  sliceColumn,
} from '#twin/wire/chunk-columns.ts';
import { FrameReader, scaleOf, scalesOf } from '#twin/wire/frame.ts';
import { type Buckets, bucketsOf } from './buckets.ts';
import { unpack } from './pack.ts';

/** Parts of a sealed chunk: its times, and the columns asked for in the order asked (empty: none). */
export interface ChunkSlices {
  late: boolean;
  /** the earliest and latest time in it, ms since epoch */
  t0: number;
  t1: number;
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

/** What a chunk that is damaged says of some or all of its points cannot be known. */
export interface Unreadable {
  /** which of the chunks of the request */
  chunk: number;
  /** which of the points of the request; null: all of them, and when the station was heard */
  point: number | null;
  reason: string;
}

/** What was asked for, and what of it could not be read: the rest is worth more than an answer that fails. */
export interface Extract<Answer> {
  answer: Answer;
  unreadable: Unreadable[];
}

/** Each point down-sampled from everything known of it; a live value wins over a late one of the same time. */
export function series(request: ExtractRequest, from: number, to: number, width: number): Extract<Buckets[]> {
  const { answer, unreadable } = columnsOf(request);
  return { answer: answer.columns.map((column) => bucketsOf(column, from, to, width)), unreadable };
}

/** What is known of a station in a stretch of time, as it was measured. */
export interface StationRecord {
  /** of each point asked for; undefined: no value */
  columns: (Column | undefined)[];
  /** when it was heard live, and when anything was measured, whenever it came; ascending, ms since epoch */
  live: Float64Array;
  heard: Float64Array;
}

/** Everything known from `from` to before `to`; a live value wins over a late one of the same time. */
export function recordOf(request: ExtractRequest, from: number, to: number): Extract<StationRecord> {
  const { answer, unreadable } = columnsOf(request);
  const parts = [
    ...answer.sealed,
    ...request.hot.map(({ late, template, frames }) => ({ late, times: timesOfFrames(template, frames) })),
  ];
  const between = (some: readonly { times: Float64Array }[]) =>
    joined(some.map(({ times }) => times)).filter((t, i, all) => t >= from && t < to && t !== all[i - 1]);
  const record = {
    columns: answer.columns.map((column) => sliceColumn(column, from, to)),
    live: between(parts.filter(({ late }) => !late)),
    heard: between(parts),
  };
  return { answer: record, unreadable };
}

/** When a station was heard live, as starts of the buckets of `width` ms that hold a frame. */
export function heardIn(
  request: Pick<ExtractRequest, 'chunks' | 'hot'>,
  from: number,
  to: number,
  width: number,
): Extract<number[]> {
  const { answer, unreadable } = recordOf({ ...request, resolutions: [] }, from, to);
  const starts = Array.from(answer.live, (t) => from + Math.floor((t - from) / width) * width);
  return { answer: [...new Set(starts)], unreadable };
}

/** The last value at or before a time, and when it was measured. */
export interface LastValue {
  t: number;
  value: number;
  quality: number;
}

/** Last values of each point at `at`; undefined when there is none since `since`. Of equal times the live one counts. */
export function lastValues(
  request: ExtractRequest,
  since: number,
  at: number,
): Extract<(LastValue | undefined)[]> {
  const { resolutions, chunks, hot } = request;
  const last: (LastValue | undefined)[] = resolutions.map(() => undefined);
  const offer = (k: number, t: number, value: number, quality: number) => {
    if (t >= since && t <= at && t > (last[k]?.t ?? Number.NEGATIVE_INFINITY))
      last[k] = { t, value, quality };
  };
  const unreadable: Unreadable[] = [];
  const decoded = chunks.map((chunk, c) => decodedChunk(chunk, c, resolutions, unreadable));
  for (const late of [false, true]) {
    for (const chunk of decoded) {
      if (chunk?.late !== late) continue;
      chunk.columns.forEach((column, k) => {
        const i = column ? firstAtOrAfter(column.t, at + 1) - 1 : -1;
        if (column && i >= 0) offer(k, column.t[i]!, column.values[i]!, column.qualities[i]!);
      });
    }
    for (const segment of hot.filter((segment) => segment.late === late)) offerFrames(segment, offer);
  }
  return { answer: last, unreadable };
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

interface DecodedChunk {
  late: boolean;
  times: Float64Array;
  columns: (Column | undefined)[];
}

/** undefined when its times cannot be read; what cannot be is added to `unreadable`. */
function decodedChunk(
  { late, times, columns }: ChunkSlices,
  chunk: number,
  resolutions: readonly number[],
  unreadable: Unreadable[],
): DecodedChunk | undefined {
  const read = <Part>(point: number | null, decode: () => Part): Part | undefined => {
    try {
      return decode();
    } catch (error) {
      unreadable.push({ chunk, point, reason: (error as Error).message });
      return undefined;
    }
  };
  const all = read(null, () => decodeTimes(unpack(times)));
  if (!all) return undefined;
  const decoded = resolutions.map((resolution, k) =>
    read(k, () => decodeColumn(unpack(columns[k]!), all, scaleOf(resolution))),
  );
  return { late, times: all, columns: decoded };
}

/** Everything known of each point, and the chunks that were read for it. */
function columnsOf({ resolutions, chunks, hot }: ExtractRequest): Extract<{
  columns: (Column | undefined)[];
  sealed: DecodedChunk[];
}> {
  const unreadable: Unreadable[] = [];
  const sealed = chunks
    .map((chunk, c) => decodedChunk(chunk, c, resolutions, unreadable))
    .filter((chunk) => chunk !== undefined);
  const unsealed = hot.map(({ late, template, points, frames }) => {
    const wanted = new Set(points.filter((point) => point >= 0));
    const columns = columnsOfFrames(templateById(template), frames, wanted);
    return { late, columns: points.map((point) => columns[point]) };
  });
  // of equal times the first counts
  const inOrder = [false, true].flatMap((late) =>
    [...sealed, ...unsealed].filter((part) => part.late === late),
  );
  const columns = resolutions.map((_, k) => mergeColumns(inOrder.map((part) => part.columns[k])));
  return { answer: { columns, sealed }, unreadable };
}

function timesOfFrames(template: string, frames: Uint8Array): Float64Array {
  const scales = scalesOf(templateById(template));
  const from = new ByteReader(frames);
  const frame = new FrameReader();
  const times: number[] = [];
  while (!from.done) {
    frame.read(from, scales);
    times.push(frame.t);
  }
  return Float64Array.from(times);
}

/** All of several, ascending. */
function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all.sort();
}
