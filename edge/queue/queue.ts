import { type FileHandle, mkdir, open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { ByteWriter } from '#twin/wire/bytes.ts';
import { type ReportFrame, readRecords, type StepsOf, writeRecord } from './record.ts';

/**
 * The gateway's queue on disk: an append-only log in segments. A frame counts as produced once `append` resolves:
 * with true: then it is synced. A disk that is full or fails keeps what it has; what it does not take was never
 * produced, is counted as such, and is told when it begins, every minute while it lasts, and when it is over. What was sent stays for some minutes, so that it can be replayed when the host turns out to
 * have been away. Bounded in bytes and age: the oldest segment goes first, and what was not yet sent in it is
 * counted.
 */
export interface QueueOptions {
  dir: string;
  stepsOf: StepsOf;
  maxBytes: number;
  maxAgeMs: number;
  /** frames are written and synced together this often, ms */
  syncMs: number;
  segmentBytes?: number;
  /** a clock of our own that is never set, ms since epoch: a wrong one must not age the frames */
  now: () => number;
  /** a frame was dropped before it was ever sent */
  isUnsent: (station: number, time: number) => boolean;
  onError: (error: Error) => void;
}

interface Segment {
  number: number;
  path: string;
  bytes: number;
  firstTime: number;
  lastTime: number;
  /** when the last frame was written, by our clock */
  writtenAt: number;
  /** bytes between its records that are none, told already */
  damaged: number;
}

const SEGMENT_BYTES = 8 * 1024 * 1024;
const TELL_AGAIN_MS = 60_000;

export class FrameQueue {
  readonly counters = {
    /** frames on disk, and the values in them */
    appended: 0,
    appendedValues: 0,
    /** frames the disk did not take, and the values in them */
    unkept: 0,
    unkeptValues: 0,
    droppedUnsent: 0,
    droppedSegments: 0,
    failedSyncs: 0,
    /** bytes on disk that are no records any more: what they held is lost */
    damagedBytes: 0,
    bytes: 0,
  };
  private readonly segments: Segment[] = [];
  /** of all that were ever there or tried */
  private lastNumber = 0;
  private file: FileHandle | undefined;
  private readonly pending = new ByteWriter(64 * 1024);
  private waiting: Waiting[] = [];
  /** the disk takes nothing since `unkept` was this; when it was told last */
  private trouble: { unkept: number; values: number; toldAt: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private syncing: Promise<void> = Promise.resolve();
  private busy = false;
  private readonly options: QueueOptions;
  private readonly segmentBytes: number;

  private constructor(options: QueueOptions) {
    this.options = options;
    // the bound holds to a segment, so segments of a small queue are small
    this.segmentBytes = options.segmentBytes ?? Math.min(SEGMENT_BYTES, options.maxBytes / 8);
  }

  /** Opens the queue, cutting off a record that a crash left half-written. What is damaged elsewhere is told and passed over. */
  static async open(options: QueueOptions): Promise<FrameQueue> {
    const queue = new FrameQueue(options);
    await mkdir(options.dir, { recursive: true });
    const names = (await readdir(options.dir)).filter((name) => /^\d+\.q$/.test(name)).sort();
    for (const name of names) await queue.adopt(name, name === names.at(-1));
    await queue.roll();
    return queue;
  }

  /** True once the frame is on disk; false when the disk did not take it. */
  append(frame: ReportFrame): Promise<boolean> {
    writeRecord(this.pending, frame, this.options.stepsOf(frame.station));
    this.timer ??= setTimeout(() => this.commit(), this.options.syncMs);
    return new Promise((done) => this.waiting.push({ frame, done }));
  }

  /**
   * Frames measured in [from, to), oldest segment first, one segment in memory at a time. A segment that was dropped
   * meanwhile is passed over. One that is there and cannot be read does not keep back the others: it rejects at the end.
   */
  async replay(from: number, to: number, take: (frame: ReportFrame) => void | Promise<void>): Promise<void> {
    let unreadable: Error | undefined;
    for (const segment of [...this.segments]) {
      if (segment.lastTime < from || segment.firstTime >= to || segment.bytes === 0) continue;
      // what is synced while it is read may be read in part
      const synced = segment.bytes;
      const bytes = await readFile(segment.path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') unreadable ??= error;
        return undefined;
      });
      if (!bytes) continue;
      const frames: ReportFrame[] = [];
      // beyond what was synced may stand a batch that failed
      this.read(segment, bytes.subarray(0, synced), (frame) => {
        if (frame.time >= from && frame.time < to) frames.push(frame);
      });
      for (const frame of frames) await take(frame);
    }
    if (unreadable) throw unreadable;
  }

  /**
   * Forgets segments wholly older than `time`: everything in them was sent and its keeping time has passed. One that
   * is old but holds frames of later (a device's clock is ahead) goes only when none of these waits to be sent.
   */
  async forgetBefore(time: number, isWaiting: (station: number, time: number) => boolean): Promise<void> {
    while (this.segments.length > 1) {
      const oldest = this.segments[0]!;
      if (Math.min(oldest.lastTime, oldest.writtenAt) >= time) return;
      if (oldest.lastTime >= time && (await this.holds(oldest, isWaiting))) return;
      // while it was read, a queue that is full may have dropped it: the next one is looked at for itself
      if (this.segments[0] === oldest) await this.dropOldest(false);
    }
  }

  private async holds(
    segment: Segment,
    isWaiting: (station: number, time: number) => boolean,
  ): Promise<boolean> {
    const synced = segment.bytes;
    const bytes = await readFile(segment.path);
    let found = false;
    this.read(segment, bytes.subarray(0, synced), (frame) => {
      found ||= isWaiting(frame.station, frame.time);
    });
    return found;
  }

  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.syncing;
    await this.writeAll();
    await this.file?.close();
    this.file = undefined;
  }

  private async adopt(name: string, isNewest: boolean): Promise<void> {
    const path = join(this.options.dir, name);
    const segment = newSegment(Number.parseInt(name, 10), path, (await stat(path)).mtimeMs);
    this.lastNumber = Math.max(this.lastNumber, segment.number);
    const bytes = await readFile(path);
    const whole = this.read(segment, bytes, (frame) => note(segment, frame.time), isNewest);
    // its end was never acknowledged; of the others every byte was
    if (isNewest && whole < bytes.length) await truncate(path, whole);
    segment.bytes = whole;
    this.counters.bytes += whole;
    if (whole > 0 || segment.damaged > 0) this.segments.push(segment);
    else await rm(path, { force: true });
  }

  /** Reads what a segment holds; tells damage when it is first met. Returns where its last whole record ends. */
  private read(
    segment: Segment,
    bytes: Uint8Array,
    take: (frame: ReportFrame) => void,
    mayBeTorn = false,
  ): number {
    let damaged = 0;
    const whole = readRecords(bytes, this.options.stepsOf, take, (count) => {
      damaged += count;
    });
    if (!mayBeTorn) damaged += bytes.length - whole;
    if (damaged > segment.damaged) {
      this.counters.damagedBytes += damaged - segment.damaged;
      segment.damaged = damaged;
      const what = `${segment.path} is damaged: ${damaged} of ${bytes.length} bytes are no records`;
      this.options.onError(new Error(`${what}, what they held is lost, the rest is kept`));
    }
    return whole;
  }

  /** One write at a time: while a slow disk syncs, frames gather for the next one instead of queueing syncs. */
  private commit(): void {
    this.timer = undefined;
    if (this.busy || this.waiting.length === 0) return;
    this.busy = true;
    this.syncing = this.writeAll().finally(() => {
      this.busy = false;
    });
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const bytes = this.pending.toBytes();
      const batch = this.waiting;
      this.pending.clear();
      this.waiting = [];
      await this.write(bytes, batch);
    }
  }

  private async write(bytes: Uint8Array, batch: readonly Waiting[]): Promise<void> {
    const kept = await this.sync(bytes, batch).catch((error: Error) => error);
    const values = batch.reduce((sum, { frame }) => sum + frame.points.length, 0);
    if (kept instanceof Error) {
      this.counters.failedSyncs++;
      await this.abandon().catch(() => undefined);
      this.tell(kept);
      this.counters.unkept += batch.length;
      this.counters.unkeptValues += values;
    } else {
      this.tellRecovery();
      this.counters.appended += batch.length;
      this.counters.appendedValues += values;
    }
    for (const { done } of batch) done(!(kept instanceof Error));
  }

  private async sync(bytes: Uint8Array, batch: readonly Waiting[]): Promise<void> {
    await this.makeRoom(bytes.length);
    const segment = this.segments.at(-1)!;
    await this.file!.writeFile(bytes);
    await this.file!.datasync();
    segment.bytes += bytes.length;
    segment.writtenAt = this.options.now();
    this.counters.bytes += bytes.length;
    for (const { frame } of batch) note(segment, frame.time);
  }

  private tell(error: Error): void {
    const time = this.options.now();
    const { unkept, unkeptValues: values } = this.counters;
    const known = this.trouble;
    if (known && time - known.toldAt < TELL_AGAIN_MS) return;
    this.trouble = { unkept: known?.unkept ?? unkept, values: known?.values ?? values, toldAt: time };
    this.options.onError(new Error(`nothing is kept until the disk takes it again: ${error.message}`));
  }

  private tellRecovery(): void {
    if (!this.trouble) return;
    const frames = this.counters.unkept - this.trouble.unkept;
    const values = this.counters.unkeptValues - this.trouble.values;
    this.trouble = undefined;
    this.options.onError(
      new Error(`the disk takes again; ${frames} frames of ${values} values were not kept`),
    );
  }

  private async makeRoom(bytes: number): Promise<void> {
    const open = this.segments.at(-1);
    if (!this.file || !open || (open.bytes > 0 && open.bytes + bytes > this.segmentBytes)) await this.roll();
    const oldest = this.options.now() - this.options.maxAgeMs;
    while (
      this.segments.length > 1 &&
      (this.counters.bytes + bytes > this.options.maxBytes || this.segments[0]!.writtenAt < oldest)
    ) {
      await this.dropOldest(true);
    }
  }

  /** Ends the segment of a failed write without what was half-written, so that it does not hide what follows. */
  private async abandon(): Promise<void> {
    const failed = this.segments.at(-1);
    if (!this.file || !failed) return;
    await this.file.close().catch(() => undefined);
    this.file = undefined;
    if (failed.bytes > 0) return truncate(failed.path, failed.bytes);
    this.segments.pop();
    await rm(failed.path, { force: true });
  }

  private async roll(): Promise<void> {
    await this.file?.close().catch(() => undefined);
    this.file = undefined;
    await mkdir(this.options.dir, { recursive: true });
    const number = ++this.lastNumber;
    const path = join(this.options.dir, `${String(number).padStart(10, '0')}.q`);
    // never into a file that is there: somebody else's, or one of ours that could not be removed
    this.file = await open(path, 'wx');
    this.segments.push(newSegment(number, path, this.options.now()));
  }

  private async dropOldest(countUnsent: boolean): Promise<void> {
    const segment = this.segments.shift();
    if (!segment) return;
    if (countUnsent) {
      const synced = segment.bytes;
      const bytes = await readFile(segment.path).catch(() => new Uint8Array(0));
      this.read(segment, bytes.subarray(0, synced), (frame) => {
        if (this.options.isUnsent(frame.station, frame.time)) this.counters.droppedUnsent++;
      });
    }
    this.counters.droppedSegments++;
    this.counters.bytes -= segment.bytes;
    await rm(segment.path, { force: true });
  }
}

interface Waiting {
  frame: ReportFrame;
  done: (kept: boolean) => void;
}

const newSegment = (number: number, path: string, writtenAt: number): Segment => ({
  number,
  path,
  bytes: 0,
  firstTime: Number.POSITIVE_INFINITY,
  lastTime: 0,
  writtenAt,
  damaged: 0,
});

function note(segment: Segment, time: number): void {
  segment.firstTime = Math.min(segment.firstTime, time);
  segment.lastTime = Math.max(segment.lastTime, time);
}
