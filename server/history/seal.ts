import { type Template, templateById } from '#twin/catalogue/template.ts';
import { decodeColumn, decodeTimes, encodeChunk } from '#twin/wire/chunk.ts';
import {
  type Columns,
  columnsOfFrames,
  mergeColumns,
  sliceColumn,
  withoutTimesOf,
} from '#twin/wire/chunk-columns.ts';
import { scalesOf } from '#twin/wire/frame.ts';
import { pack, unpack } from './pack.ts';

/** Chunks never cross the borders of partitions: six hours, counted from the epoch. */
export const PARTITION = 6 * 3_600_000;

export const partitionOf = (t: number): number => Math.floor(t / PARTITION) * PARTITION;

/** A late chunk that holds as many values is not rewritten any more; new ones stand beside it. */
const FULL = 100_000;

/** A chunk as it stands in the database. Part k is the bytes offsets[k] to offsets[k + 1]. */
export interface PackedChunk {
  t0: number;
  t1: number;
  values: number;
  offsets: number[];
  data: Uint8Array<ArrayBuffer>;
}

/** What sealing reads of a chunk that stands. */
type StandingChunk = Pick<PackedChunk, 'offsets'> & { data: Uint8Array };

export interface SealRequest {
  template: string;
  /** live frames */
  frames: Uint8Array;
  /** sealed chunks of the same station and template that may hold the same times */
  chunks: readonly StandingChunk[];
}

/**
 * The chunks of a station's frames, one for each partition they touch. A value whose point and time is in a chunk already
 * is dropped: a gateway may say live what it sent as history, and say again what it said before a restart.
 */
export function seal(request: SealRequest): PackedChunk[] {
  const template = templateById(request.template);
  let columns = columnsOfFrames(template, request.frames);
  for (const chunk of request.chunks) columns = without(columns, unpackChunk(template, chunk));
  return chunksOf(template, columns);
}

export interface FoldRequest {
  template: string;
  /** late frames */
  frames: Uint8Array;
  /** frames of the same station that are not sealed yet: what they hold is not late any more */
  hot: readonly { template: string; frames: Uint8Array }[];
  /** sealed chunks of the same template that may hold the same times */
  chunks: readonly (StandingChunk & { late: boolean; values: number })[];
}

/** A late chunk, and which of the given late chunks (by index) it replaces because it holds them. */
export interface FoldedChunk extends PackedChunk {
  replaces: number[];
  /** values that were nowhere before, and the time they span */
  added: number;
  addedFrom: number;
  addedTo: number;
}

/**
 * Late chunks, one for each partition in which the frames hold something new. A value whose point and time is
 * in a chunk or a hot frame already is dropped.
 */
export function fold(request: FoldRequest): FoldedChunk[] {
  const template = templateById(request.template);
  const chunks = request.chunks.map((chunk) => ({ ...chunk, columns: unpackChunk(template, chunk) }));
  let added = columnsOfFrames(template, request.frames);
  for (const { columns } of chunks) added = without(added, columns);
  for (const hot of request.hot) {
    if (hot.template === request.template) added = without(added, columnsOfFrames(template, hot.frames));
  }
  return byPartition(added).map(([start, columns]) => {
    const span = spanOf(columns);
    const replaces: number[] = [];
    let merged = columns;
    chunks.forEach((chunk, i) => {
      if (!chunk.late || chunk.values >= FULL || partitionOf(spanOf(chunk.columns).t0) !== start) return;
      replaces.push(i);
      merged = merged.map((column, p) => mergeColumns([chunk.columns[p], column]));
    });
    return {
      ...packChunk(template, merged),
      replaces,
      added: countOf(columns),
      addedFrom: span.t0,
      addedTo: span.t1,
    };
  });
}

function chunksOf(template: Template, columns: Columns): PackedChunk[] {
  return byPartition(columns).map(([, part]) => packChunk(template, part));
}

function packChunk(template: Template, columns: Columns): PackedChunk {
  const parts = encodeChunk(template, columns).map(pack);
  const offsets = [0];
  for (const part of parts) offsets.push(offsets.at(-1)! + part.length);
  const data = new Uint8Array(offsets.at(-1)!);
  parts.forEach((part, k) => {
    data.set(part, offsets[k]);
  });
  return { ...spanOf(columns), values: countOf(columns), offsets, data };
}

function unpackChunk(template: Template, chunk: StandingChunk): Columns {
  const scales = scalesOf(template);
  const part = (k: number) => unpack(chunk.data.subarray(chunk.offsets[k], chunk.offsets[k + 1]));
  const times = decodeTimes(part(0));
  return scales.map((scale, i) => decodeColumn(part(i + 1), times, scale));
}

function without(columns: Columns, other: Columns): Columns {
  return columns.map((column, i) => withoutTimesOf(column, other[i]));
}

/** The partitions that columns touch, ascending, with what is in each. */
function byPartition(columns: Columns): [start: number, columns: Columns][] {
  const parts: [number, Columns][] = [];
  const { t0, t1 } = spanOf(columns);
  for (let start = partitionOf(t0); start <= t1; start += PARTITION) {
    const inside = columns.map((column) => sliceColumn(column, start, start + PARTITION));
    if (inside.some((column) => column !== undefined)) parts.push([start, inside]);
  }
  return parts;
}

/** Earliest and latest time; t0 > t1 when there is no value. */
function spanOf(columns: Columns): { t0: number; t1: number } {
  let t0 = Number.POSITIVE_INFINITY;
  let t1 = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    if (!column || column.t.length === 0) continue;
    t0 = Math.min(t0, column.t[0]!);
    t1 = Math.max(t1, column.t.at(-1)!);
  }
  return { t0, t1 };
}

function countOf(columns: Columns): number {
  return columns.reduce((sum, column) => sum + (column?.t.length ?? 0), 0);
}
