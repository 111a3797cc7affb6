import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/** What was sent is remembered in slots of a quarter of the keeping time; the oldest is not yet over. */
const SLOTS = 5;

/**
 * What of each station may not have reached the host. Sparkplug DATA is sent at QoS 0 and never acknowledged, so
 * after any break everything sent in the last `keepMs` counts as lost and is replayed; the host keeps one of each.
 * That holds for what a replay sent as well, however long ago it was measured. Two clocks: `time` is when a value was
 * measured, by a clock that may be wrong and be set right; `now` is steady and only tells how long ago things were.
 */
export class Delivery {
  /** from when on frames must be replayed; Infinity: nothing */
  readonly replayFrom: Float64Array;
  /** earliest time of what was handed to the connection lately, by slots of `keepMs` / 4; −1: none in this slot */
  private readonly sentFrom: Float64Array;
  private readonly sentSlot: Float64Array;
  /** time of the last frame handed to the connection; Infinity: none was */
  private readonly lastSent: Float64Array;
  /** frames produced while there was no session */
  readonly unsent: Uint32Array;
  /** the first and the last of them */
  private readonly unsentFrom: Float64Array;
  private readonly unsentUntil: Float64Array;
  /** from when on a replay under way sends; Infinity: none is */
  private readonly replaying: Float64Array;
  /** from when on replays sent that ended less than `keepMs` before `doubtUntil` */
  private readonly replayedFrom: Float64Array;
  private readonly doubtUntil: Float64Array;
  private readonly keepMs: number;

  constructor(stations: number, keepMs: number) {
    const never = () => new Float64Array(stations).fill(Number.POSITIVE_INFINITY);
    this.replayFrom = never();
    this.sentFrom = new Float64Array(stations * SLOTS).fill(Number.POSITIVE_INFINITY);
    this.sentSlot = new Float64Array(stations * SLOTS).fill(-1);
    this.lastSent = never();
    this.unsent = new Uint32Array(stations);
    this.unsentFrom = never();
    this.unsentUntil = new Float64Array(stations);
    this.replaying = never();
    this.replayedFrom = never();
    this.doubtUntil = new Float64Array(stations);
    this.keepMs = keepMs;
  }

  sent(station: number, time: number, now: number): void {
    const slot = this.slotOf(now);
    const at = station * SLOTS + (slot % SLOTS);
    const known = this.sentSlot[at] === slot ? this.sentFrom[at]! : Number.POSITIVE_INFINITY;
    this.sentSlot[at] = slot;
    this.sentFrom[at] = Math.min(known, time);
    this.lastSent[station] = time;
  }

  notSent(station: number, time: number): void {
    this.mark(station, time);
    this.unsent[station]!++;
    this.unsentFrom[station] = Math.min(this.unsentFrom[station]!, time);
    this.unsentUntil[station] = Math.max(this.unsentUntil[station]!, time);
  }

  /** What was sent before `now` may be lost for as long as it is kept. */
  doubt(station: number, now: number): void {
    this.mark(station, this.sentLately(station, now));
    this.mark(station, this.replaying[station]!);
    if (now < this.doubtUntil[station]!) this.mark(station, this.replayedFrom[station]!);
  }

  /** A replay begins: takes the mark, so that whatever fails from now on leaves one of its own. */
  begin(station: number): number {
    const from = this.replayFrom[station]!;
    this.replaying[station] = from;
    this.replayFrom[station] = Number.POSITIVE_INFINITY;
    return from;
  }

  /** The replay that was begun ended at `now`. Unless it sent everything, it is to be done again. */
  replayed(station: number, complete: boolean, now: number): void {
    const from = this.replaying[station]!;
    this.replaying[station] = Number.POSITIVE_INFINITY;
    if (!complete) return this.mark(station, from);
    const before = now < this.doubtUntil[station]! ? this.replayedFrom[station]! : from;
    this.replayedFrom[station] = Math.min(before, from);
    this.doubtUntil[station] = now + this.keepMs;
    if (this.replayFrom[station] !== Number.POSITIVE_INFINITY) return;
    this.unsent[station] = 0;
    this.unsentFrom[station] = Number.POSITIVE_INFINITY;
    this.unsentUntil[station] = 0;
  }

  /** Frames of the station measured at or after this time must still be on disk. */
  neededFrom(station: number, now: number): number {
    const replayed = now < this.doubtUntil[station]! ? this.replayedFrom[station]! : Number.POSITIVE_INFINITY;
    // the last one also long after: what follows it may not be in a mark on disk yet when the power goes
    const kept = Math.min(this.sentLately(station, now), this.lastSent[station]!);
    return Math.min(this.replayFrom[station]!, this.replaying[station]!, replayed, kept);
  }

  /** Earliest time of what was sent in the last `keepMs` (and up to a slot more); Infinity: nothing. */
  private sentLately(station: number, now: number): number {
    const oldest = this.slotOf(now) - SLOTS + 1;
    let from = Number.POSITIVE_INFINITY;
    for (let at = station * SLOTS; at < (station + 1) * SLOTS; at++)
      if (this.sentSlot[at]! >= oldest) from = Math.min(from, this.sentFrom[at]!);
    return from;
  }

  private slotOf(now: number): number {
    return Math.floor(now / (this.keepMs / (SLOTS - 1)));
  }

  /** Whether a frame waits to be sent, for the first time or again. */
  isWaiting(station: number, time: number, now: number): boolean {
    const replayed = now < this.doubtUntil[station]! ? this.replayedFrom[station]! : Number.POSITIVE_INFINITY;
    const again = Math.min(this.replayFrom[station]!, this.replaying[station]!, replayed);
    return this.isUnsent(station, time) || time >= again;
  }

  isUnsent(station: number, time: number): boolean {
    return time >= this.unsentFrom[station]! && time <= this.unsentUntil[station]!;
  }

  private mark(station: number, from: number): void {
    this.replayFrom[station] = Math.min(this.replayFrom[station]!, from);
  }
}

const deliveryFile = z.record(
  z.string(),
  z.object({ neededFrom: z.number().nullable(), bdSeq: z.number(), filled: z.boolean() }),
);
export type DeliveryFile = z.infer<typeof deliveryFile>;

/** What was written last; empty when there is nothing or it cannot be read (then everything on disk is replayed). */
export async function loadDelivery(path: string): Promise<DeliveryFile> {
  try {
    return deliveryFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

/** Written beside and renamed: a crash or a full disk leaves the old file or the new one, never half of one. */
export async function saveDelivery(path: string, file: DeliveryFile): Promise<void> {
  try {
    await writeFile(`${path}.new`, JSON.stringify(file));
    await rename(`${path}.new`, path);
  } catch (error) {
    // half a file on a full disk is room that the queue could use
    await rm(`${path}.new`, { force: true }).catch(() => undefined);
    throw error;
  }
}
