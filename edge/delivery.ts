import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { EarliestLately } from './earliestLately.ts';

/**
 * What of each station may not have reached the host. Sparkplug DATA is sent at QoS 0 and never acknowledged, so
 * after any break everything sent in the last `keepMs` counts as lost and is replayed; the host keeps one of each.
 * That holds for what a replay sent as well, however long ago it was measured. Those minutes count back from when the link
 * last proved to carry what is sent, not from when its break is noticed: a process that was stopped meanwhile, with its
 * machine or by it, would notice too late. Two clocks: `time` is when a value was
 * measured, by a clock that may be wrong and be set right; `now` is steady and only tells how long ago things were.
 */
export class Delivery {
  /** from when on frames must be replayed; Infinity: nothing */
  readonly replayFrom: Float64Array;
  /** what was handed to the connection lately, as it was measured and by replays */
  private readonly live: EarliestLately;
  private readonly replays: EarliestLately;
  /** time of the last frame handed to the connection; Infinity: none was */
  private readonly lastSent: Float64Array;
  /** until when the link is known to have carried what was sent; Infinity: nobody says */
  private readonly carriedUntil: Float64Array;
  /** frames produced while there was no session */
  readonly unsent: Uint32Array;
  /** the first and the last of them */
  private readonly unsentFrom: Float64Array;
  private readonly unsentUntil: Float64Array;
  /** from when on a replay under way sends; Infinity: none is */
  private readonly replaying: Float64Array;

  constructor(stations: number, keepMs: number) {
    const never = () => new Float64Array(stations).fill(Number.POSITIVE_INFINITY);
    this.replayFrom = never();
    this.live = new EarliestLately(stations, keepMs);
    this.replays = new EarliestLately(stations, keepMs);
    this.lastSent = never();
    this.carriedUntil = never();
    this.unsent = new Uint32Array(stations);
    this.unsentFrom = never();
    this.unsentUntil = new Float64Array(stations);
    this.replaying = never();
  }

  sent(station: number, time: number, now: number): void {
    this.live.add(station, time, now, this.since(station, now));
    this.lastSent[station] = time;
  }

  /** A replay sent frames, the earliest of them measured at `time`. */
  resent(station: number, time: number, now: number): void {
    this.replays.add(station, time, now, this.since(station, now));
  }

  /** What was handed to the connection before `until` has reached its other end. */
  carried(station: number, until: number): void {
    this.carriedUntil[station] = until;
  }

  notSent(station: number, time: number): void {
    this.mark(station, time);
    this.unsent[station]!++;
    this.unsentFrom[station] = Math.min(this.unsentFrom[station]!, time);
    this.unsentUntil[station] = Math.max(this.unsentUntil[station]!, time);
  }

  /** What was sent before `now` may be lost for as long as it is kept. */
  doubt(station: number, now: number): void {
    const since = this.since(station, now);
    this.mark(station, this.live.of(station, since));
    this.mark(station, this.replaying[station]!);
    this.mark(station, this.replays.of(station, since));
  }

  /**
   * A replay begins: takes the mark, so that whatever fails from now on leaves one of its own. Of its frames those
   * from `unsentFrom` to `unsentUntil` were never sent, so they are to go before those that are sent once more.
   */
  begin(station: number): { from: number; unsentFrom: number; unsentUntil: number } {
    const from = this.replayFrom[station]!;
    this.replaying[station] = from;
    this.replayFrom[station] = Number.POSITIVE_INFINITY;
    return { from, unsentFrom: this.unsentFrom[station]!, unsentUntil: this.unsentUntil[station]! };
  }

  /** The replay that was begun ended. Unless it sent everything, it is to be done again. */
  replayed(station: number, complete: boolean): void {
    const from = this.replaying[station]!;
    this.replaying[station] = Number.POSITIVE_INFINITY;
    if (!complete) return this.mark(station, from);
    if (this.replayFrom[station] !== Number.POSITIVE_INFINITY) return;
    this.unsent[station] = 0;
    this.unsentFrom[station] = Number.POSITIVE_INFINITY;
    this.unsentUntil[station] = 0;
  }

  /** Whether something is to be replayed, or is being replayed. */
  owes(station: number): boolean {
    return Math.min(this.replayFrom[station]!, this.replaying[station]!) !== Number.POSITIVE_INFINITY;
  }

  /** Frames of the station measured at or after this time must still be on disk. */
  neededFrom(station: number, now: number): number {
    // the last one also long after: what follows it may not be in a mark on disk yet when the power goes
    const kept = Math.min(this.live.of(station, this.since(station, now)), this.lastSent[station]!);
    return Math.min(this.again(station, now), kept);
  }

  /** Whether a frame waits to be sent, for the first time or again. */
  isWaiting(station: number, time: number, now: number): boolean {
    return this.isUnsent(station, time) || time >= this.again(station, now);
  }

  /** From when on frames are replayed, or will be if the session breaks now. */
  private again(station: number, now: number): number {
    const resent = this.replays.of(station, this.since(station, now));
    return Math.min(this.replayFrom[station]!, this.replaying[station]!, resent);
  }

  isUnsent(station: number, time: number): boolean {
    return time >= this.unsentFrom[station]! && time <= this.unsentUntil[station]!;
  }

  /** From when on it is counted back what was sent lately. */
  private since(station: number, now: number): number {
    return Math.min(now, this.carriedUntil[station]!);
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

/**
 * What may be missing at the host after a start. Without a mark everything on disk may be; also with one of before the
 * first frame: a kill may have come between that and the next mark.
 * @param slots one more than the highest number of a station
 */
export function deliveryFrom(
  marks: DeliveryFile,
  stations: readonly { number: number; code: string }[],
  slots: number,
  keepMs: number,
): Delivery {
  const delivery = new Delivery(slots, keepMs);
  for (const { number, code } of stations) delivery.replayFrom[number] = marks[code]?.neededFrom ?? 0;
  return delivery;
}
