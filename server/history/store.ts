import type { Database } from '#server/database/database.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { ByteWriter } from '#twin/wire/bytes.ts';
import { scalesOf, timeOfFrame, writeFrame } from '#twin/wire/frame.ts';
import type {
  EarlierRuns,
  HeardRequest,
  History,
  HistoryOptions,
  HistoryStats,
  ReadRequest,
  RecordsRequest,
  StateRequest,
} from './contract.ts';
import { Journal } from './journal.ts';
import { Arena, Kind, newSegment, type Segment } from './log.ts';
import { type PartitionSize, Partitions } from './partitions.ts';
import { type DamagedChunk, Reader } from './reader.ts';
import { Sealer } from './sealer.ts';
import { Thread } from './thread.ts';
import { TickWriter } from './tick.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const GB = 2 ** 30;
const MB = 2 ** 20;

const DEFAULTS = { retentionDays: 3, retentionBytes: 40 * GB, window: 10 * MINUTE, memoryLimit: 192 * MB };

/** Frames later than this are refused: a gateway's clock may be a day ahead, a partition for 2090 is nonsense. */
const FUTURE = 1.5 * DAY;
/** A late log is folded when nothing has come for so long, so that a back-fill becomes one chunk. */
const QUIET = MINUTE;
/** Share of the memory limit above which logs are sealed before their time. */
const CROWDED = 0.5;
/** Segments that wait for the sealer when more are cut early. */
const QUEUE = 32;
/** A tick of this size ends before its time, so that no row takes the database long. */
const TICK_BYTES = 512 * 1024;
/** How often tick tables are looked at whether they can be emptied. */
const DISCARD = 10 * SECOND;
const LOOK_BACK = 20 * MINUTE;

export class HistoryStore implements History {
  earlier: EarlierRuns = { heard: new Set(), until: null };
  private readonly database: Database;
  private readonly options: Required<Omit<HistoryOptions, 'note' | 'now'>>;
  private readonly note: (note: string) => void;
  private readonly arena = new Arena();
  private readonly open: [live: Map<number, Segment>, late: Map<number, Segment>] = [new Map(), new Map()];
  private readonly journal: Journal;
  private readonly thread = new Thread();
  private readonly partitions: Partitions;
  private readonly sealer: Sealer;
  private readonly reader: Reader;
  private readonly frame = new ByteWriter(4096);
  private readonly current = new TickWriter();
  private currentSince = 0;
  private now: number;
  private logBytes = 0;
  private sizes: PartitionSize[] = [];
  private otherBytes = 0;
  private discardedAt = Number.NEGATIVE_INFINITY;
  private keptAt = Number.NEGATIVE_INFINITY;
  private readonly refused = { time: 0, memory: 0 };
  private readonly unreadable = new Set<string>();
  private lastNote = '';
  private keeping: Promise<void> | undefined;

  static async open(database: Database, options: HistoryOptions): Promise<History> {
    const store = new HistoryStore(database, options);
    await store.recover();
    return store;
  }

  private constructor(database: Database, { now, note, ...given }: HistoryOptions) {
    this.database = database;
    this.options = { ...DEFAULTS, ...given };
    this.note = note ?? (() => {});
    this.now = now;
    this.journal = new Journal(database, this.options.window);
    this.partitions = new Partitions(database);
    this.sealer = new Sealer(
      database,
      this.thread,
      this.partitions,
      { release: (segment) => this.release(segment) },
      (station) => this.hotOf(station).filter((segment) => segment.kind === Kind.live),
      this.note,
    );
    this.reader = new Reader(
      database,
      this.thread,
      this.partitions,
      (station) => this.hotOf(station),
      this.tellDamaged,
    );
  }

  append(
    station: number,
    template: Template,
    t: number,
    count: number,
    points: Uint16Array,
    values: Float64Array,
    qualities: Uint8Array,
  ): boolean {
    return this.take(Kind.live, station, template, t, count, points, values, qualities);
  }

  appendLate(
    station: number,
    template: Template,
    t: number,
    count: number,
    points: Uint16Array,
    values: Float64Array,
    qualities: Uint8Array,
  ): boolean {
    return this.take(Kind.late, station, template, t, count, points, values, qualities);
  }

  pressure(): number {
    return Math.min(1, this.memory() / this.options.memoryLimit);
  }

  async tick(now: number): Promise<void> {
    this.now = now;
    this.cutTick();
    this.cutSegments();
    await Promise.all([this.journal.write(now), this.keep()].map((work) => work.then(() => {}, this.tell)));
  }

  async flush(): Promise<void> {
    this.cutTick();
    while (this.journal.waitingSince !== undefined) await this.journal.write(this.now);
  }

  read(request: ReadRequest) {
    return this.reader.read(request);
  }

  records(request: RecordsRequest) {
    return this.reader.records(request);
  }

  heard(request: HeardRequest) {
    return this.reader.heard(request);
  }

  statesAt(t: number, requests: readonly StateRequest[], lookBack = LOOK_BACK) {
    return this.reader.statesAt(t, t - lookBack, requests);
  }

  async putOverview(minute: number, sheet: Uint8Array): Promise<void> {
    await this.partitions.ensure(minute);
    await this.database.query(
      'INSERT INTO overview_minute (t, data) VALUES ($1, $2) ON CONFLICT (t) DO UPDATE SET data = excluded.data',
      [minute, Buffer.from(sheet.buffer, sheet.byteOffset, sheet.byteLength)],
      'background',
    );
  }

  async getOverview(minute: number): Promise<Uint8Array | undefined> {
    const { rows } = await this.database.query<{ data: Buffer }>(
      'SELECT data FROM overview_minute WHERE t = $1',
      [minute],
    );
    return rows[0]?.data;
  }

  stats(): HistoryStats {
    let frames = 0;
    for (const segment of this.unsealed()) frames += segment.frames;
    const chunkBytes = this.sizes.reduce((sum, size) => sum + size.chunkBytes, 0);
    const values = this.sizes.reduce((sum, size) => sum + size.values, 0);
    const waitingSince = this.journal.waitingSince ?? (this.current.size > 0 ? this.currentSince : this.now);
    return {
      bytes: chunkBytes + this.sizes.reduce((sum, size) => sum + size.otherBytes, 0) + this.otherBytes,
      bytesPerValue: values > 0 ? chunkBytes / values : null,
      unsealedFrames: frames,
      oldest: this.partitions.oldest ?? (frames > 0 ? this.firstUnsealed() : null),
      behindMs: Math.max(0, this.now - waitingSince),
      refused: { ...this.refused },
      memory: this.memory(),
      unreadable: this.unreadable.size,
    };
  }

  async close(): Promise<void> {
    await this.flush().catch(this.tell);
    await this.keeping?.catch(() => {});
    await this.thread.close();
  }

  private take(
    kind: Kind,
    station: number,
    template: Template,
    t: number,
    count: number,
    points: Uint16Array,
    values: Float64Array,
    qualities: Uint8Array,
  ): boolean {
    if (t < this.now - this.options.retentionDays * DAY || t > this.now + FUTURE) {
      this.refused.time++;
      return false;
    }
    if (this.memory() >= this.options.memoryLimit) {
      this.refused.memory++;
      return false;
    }
    this.frame.clear();
    writeFrame(this.frame, scalesOf(template), t, count, points, values, qualities);
    const bytes = this.frame.toBytes();
    const segment = this.segmentFor(station, kind, template);
    if (this.current.size === 0) this.currentSince = this.now;
    this.current.add(station, kind, template, bytes);
    this.arena.append(segment, bytes, t, this.journal.seq);
    segment.touched = this.now;
    this.logBytes += bytes.length;
    if (this.current.size >= TICK_BYTES) this.cutTick();
    return true;
  }

  /** The open log of a station; another one when its template has changed, in another tick. */
  private segmentFor(station: number, kind: Kind, template: Template): Segment {
    const open = this.open[kind];
    let segment = open.get(station);
    if (segment && segment.template !== template) {
      this.cutTick();
      this.cut(segment);
      segment = undefined;
    }
    if (!segment) {
      segment = newSegment(station, kind, template, this.now);
      open.set(station, segment);
    }
    return segment;
  }

  private cutTick(): void {
    this.journal.cut(this.current, this.currentSince);
  }

  /**
   * Ends the logs that are due; only right after a tick has ended, so that no tick is half in a chunk. Live ones
   * are due once in a window, each station at its own moment, also when the clock was set back; when memory is short, the
   * largest go first.
   */
  private cutSegments(): void {
    const { window, memoryLimit } = this.options;
    const [live, late] = this.open;
    for (const segment of live.values()) {
      const phase = (segment.station * 7919 * SECOND) % window;
      if (Math.floor((this.now - phase) / window) !== Math.floor((segment.begun - phase) / window))
        this.cut(segment);
    }
    for (const segment of late.values()) {
      if (this.sealer.waiting.length >= QUEUE) return;
      if (this.isPast(segment.touched, QUIET) || this.isPast(segment.begun, window)) this.cut(segment);
    }
    if (this.memory() < CROWDED * memoryLimit) return;
    const largest = [...late.values(), ...live.values()].sort((a, b) => b.bytes - a.bytes);
    for (const segment of largest.slice(0, QUEUE - this.sealer.waiting.length)) this.cut(segment);
  }

  /** Whether it is so long ago, or later than now: the clock was set back. */
  private isPast(time: number, ms: number): boolean {
    return this.now - time >= ms || time > this.now;
  }

  private cut(segment: Segment): void {
    this.open[segment.kind].delete(segment.station);
    this.sealer.waiting.push(segment);
  }

  /** Seals what waits, and once a minute measures and drops; one at a time. */
  private keep(): Promise<void> {
    this.keeping ??= this.keepOnce().finally(() => {
      this.keeping = undefined;
    });
    return this.keeping;
  }

  private async keepOnce(): Promise<void> {
    await this.sealer.run();
    if (!this.isPast(this.discardedAt, DISCARD)) return;
    this.discardedAt = this.now;
    await this.journal.discard(this.firstNeeded());
    if (!this.isPast(this.keptAt, MINUTE)) return;
    this.keptAt = this.now;
    await this.partitions.retain(this.now - this.options.retentionDays * DAY, this.options.retentionBytes);
    this.sizes = await this.partitions.sizes();
    this.otherBytes = await this.journal.bytes();
  }

  private async recover(): Promise<void> {
    await this.partitions.load();
    const { rows } = await this.database.query<{ station: number; kind: Kind; seq: string }>(
      'SELECT station, kind, seq FROM history_mark',
    );
    const sealed: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];
    for (const { station, kind, seq } of rows) sealed[kind].set(station, Number(seq));
    await this.journal.replay(
      this.now,
      (seq, station, kind, template, frame) => {
        if ((sealed[kind].get(station) ?? -1) >= seq) return;
        const segment = this.segmentFor(station, kind, template);
        this.arena.append(segment, frame, timeOfFrame(frame), seq);
        this.logBytes += frame.length;
      },
      (seq, error) => this.note(`history: tick ${seq} cannot be read: ${String(error)}`),
    );
    for (const row of rows) this.journal.seq = Math.max(this.journal.seq, Number(row.seq) + 1);
    const open = [...this.open[Kind.live].values()];
    this.earlier = {
      heard: new Set([...sealed[Kind.live].keys(), ...open.map(({ station }) => station)]),
      until: open.length > 0 ? Math.max(...open.map(({ t1 }) => t1)) : null,
    };
  }

  private release(segment: Segment): void {
    this.logBytes -= segment.bytes;
    this.arena.release(segment);
  }

  private hotOf(station: number): Segment[] {
    const waiting = this.sealer.waiting.filter((segment) => segment.station === station);
    const [live, late] = this.open.map((open) => open.get(station));
    return [...waiting, ...(live ? [live] : []), ...(late ? [late] : [])];
  }

  private *unsealed(): Generator<Segment> {
    yield* this.sealer.waiting;
    for (const open of this.open) yield* open.values();
  }

  /** The first tick that a restart would need. */
  private firstNeeded(): number {
    let first = this.journal.seq;
    for (const segment of this.unsealed()) first = Math.min(first, segment.firstSeq);
    return first;
  }

  private firstUnsealed(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const segment of this.unsealed()) first = Math.min(first, segment.t0);
    return first;
  }

  private memory(): number {
    return this.logBytes + this.journal.waitingBytes;
  }

  /** Said once of each chunk: everybody who looks at that time meets it again. */
  private readonly tellDamaged = ({ station, t0, t1, reason }: DamagedChunk): void => {
    const chunk = `station ${station} from ${new Date(t0).toISOString()} to ${new Date(t1).toISOString()}`;
    if (this.unreadable.has(chunk)) return;
    this.unreadable.add(chunk);
    this.note(`history: a chunk of ${chunk} cannot be read: ${reason}`);
  };

  private readonly tell = (error: unknown): void => {
    const text = `history: ${error instanceof Error ? error.message : String(error)}`;
    if (text !== this.lastNote) this.note(text);
    this.lastNote = text;
  };
}
