import type { Template } from '#twin/catalogue/template.ts';
import type { HistorySeries } from '#twin/wire/api.ts';
import type { LastValue, StationRecord } from './extract.ts';

/**
 * What was measured, kept. Frames are durable within a tick, sealed into chunks every ten minutes, and readable
 * from the moment they are appended. A value is known by station, point and time: appended again, it is kept
 * once, and a live value wins over a late one.
 */
export interface History {
  /**
   * A frame of the present: the first `count` of points (indices in the template, any order), values and
   * qualities at time t (whole ms since epoch). The arrays may be used again at once. False when it is refused:
   * its time lies outside of what is kept, or the database is away and memory is full.
   */
  append(
    station: number,
    template: Template,
    t: number,
    count: number,
    points: Uint16Array,
    values: Float64Array,
    qualities: Uint8Array,
  ): boolean;
  /** The same for values of the past (historical, out of order, repeated). */
  appendLate: History['append'];
  /** What the runs before this one kept, as it was found at the start. */
  readonly earlier: EarlierRuns;
  /** How full the memory is, 0 to 1: near 1, whoever can make senders wait should. */
  pressure(): number;
  /**
   * To be called every 500–1000 ms with the time, ms since epoch: writes what was appended, seals what is due,
   * drops what is too old. Never rejects; resolves when all that is done, and may be called again before.
   */
  tick(now: number): Promise<void>;
  /** Resolves when everything appended before is durable; rejects when the database refuses or is away. */
  flush(): Promise<void>;
  /**
   * Down-sampled values of points of one station, and where a damaged chunk keeps them back. Throws on a point that the
   * template has not.
   */
  read(request: ReadRequest): Promise<{ bucketMs: number; series: HistorySeries[] }>;
  /** All values of points of some stations of one template, in the order of the stations, as they were measured. */
  records(request: RecordsRequest): Promise<StationRecord[]>;
  /** When a station was heard live: starts of the buckets of `width` ms, counted from `from`, that hold a frame. */
  heard(request: HeardRequest): Promise<number[]>;
  /**
   * For each request, the last value of each of its points at or before t, undefined where there is none in the
   * `lookBack` ms before (default 20 min: the longest silence of a point is 15).
   */
  statesAt(
    t: number,
    requests: readonly StateRequest[],
    lookBack?: number,
  ): Promise<(LastValue | undefined)[][]>;
  /** Keeps the sheet of the whole city at a minute (ms since epoch, a multiple of 60 000). */
  putOverview(minute: number, sheet: Uint8Array): Promise<void>;
  /** undefined when it was never put, or when late values have come since: make it anew from statesAt. */
  getOverview(minute: number): Promise<Uint8Array | undefined>;
  stats(): HistoryStats;
  /** Makes durable what it can and stops; what is not sealed is found again at the next start. */
  close(): Promise<void>;
}

export interface EarlierRuns {
  /** stations that were heard live */
  heard: ReadonlySet<number>;
  /** time of the newest live frame that was not sealed, ms since epoch: until when the last run listened; null: none */
  until: number | null;
}

export interface HistoryStats {
  /** of all its tables with their indexes; measured once a minute */
  bytes: number;
  /** chunks with their indexes; null as long as nothing is sealed */
  bytesPerValue: number | null;
  unsealedFrames: number;
  /** from when on values may be found, ms since epoch */
  oldest: number | null;
  /** age of the oldest frame that is not durable, ms */
  behindMs: number;
  /** frames refused since the start: time out of range, memory full */
  refused: { time: number; memory: number };
  /** bytes in memory that wait to be sealed or written */
  memory: number;
  /** damaged chunks that reading has met since the start */
  unreadable: number;
}

export interface HistoryOptions {
  /** ms since epoch */
  now: number;
  retentionDays?: number;
  /** of chunks and sheets; at least the newest partition stays */
  retentionBytes?: number;
  /** time between two sealings of a station, ms */
  window?: number;
  /** bytes of frames kept in memory before appends are refused */
  memoryLimit?: number;
  /** told of failures, once each until they change */
  note?: (note: string) => void;
}

export interface ReadRequest {
  station: number;
  template: Template;
  /** names, as in the template */
  points: readonly string[];
  /** ms since epoch; from ≤ t < to */
  from: number;
  to: number;
  buckets: number;
}

export interface RecordsRequest {
  stations: readonly number[];
  template: Template;
  /** names, as in the template */
  points: readonly string[];
  /** ms since epoch; from ≤ t < to */
  from: number;
  to: number;
}

export interface HeardRequest {
  station: number;
  template: Template;
  /** ms since epoch; from ≤ t < to */
  from: number;
  to: number;
  /** ms */
  width: number;
}

export interface StateRequest {
  station: number;
  template: Template;
  /** indices in the template */
  points: readonly number[];
}
