import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * What of each station may not have reached the host. Sparkplug DATA is sent at QoS 0 and never acknowledged, so
 * after any break everything sent in the last `keepMs` counts as lost and is replayed; the host keeps one of each.
 */
export class Delivery {
  /** from when on frames must be replayed; Infinity: nothing */
  readonly replayFrom: Float64Array;
  /** time of the last frame handed to the connection */
  readonly sentUntil: Float64Array;
  /** frames produced while there was no session */
  readonly unsent: Uint32Array;
  private readonly keepMs: number;

  constructor(stations: number, keepMs: number) {
    this.replayFrom = new Float64Array(stations).fill(Number.POSITIVE_INFINITY);
    this.sentUntil = new Float64Array(stations);
    this.unsent = new Uint32Array(stations);
    this.keepMs = keepMs;
  }

  sent(station: number, time: number): void {
    this.sentUntil[station] = time;
  }

  notSent(station: number, time: number): void {
    this.replayFrom[station] = Math.min(this.replayFrom[station]!, time);
    this.unsent[station]!++;
  }

  /** What was sent before `time` may be lost for as long as it is kept. */
  doubt(station: number, time: number): void {
    const last = this.sentUntil[station]!;
    if (last > 0)
      this.replayFrom[station] = Math.min(this.replayFrom[station]!, Math.min(last, time) - this.keepMs);
  }

  /** Everything in [from, to) was replayed. Frames that failed meanwhile keep their own mark. */
  replayed(station: number, from: number, to: number): void {
    if (this.replayFrom[station]! < from || this.replayFrom[station]! >= to) return;
    this.replayFrom[station] = Number.POSITIVE_INFINITY;
    this.unsent[station] = 0;
  }

  /** Frames of the station measured at or after this time must still be on disk. */
  neededFrom(station: number): number {
    const kept =
      this.sentUntil[station]! > 0 ? this.sentUntil[station]! - this.keepMs : Number.POSITIVE_INFINITY;
    return Math.min(this.replayFrom[station]!, kept);
  }

  isUnsent(station: number, time: number): boolean {
    return time >= this.replayFrom[station]! && time > this.sentUntil[station]!;
  }
}

/** By station code: from when on its frames may be missing at the host, its next bdSeq, whether it is filled in. */
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

/** Written beside and renamed: a crash leaves the old file or the new one, never half of one. */
export async function saveDelivery(path: string, file: DeliveryFile): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(file));
  await rename(`${path}.new`, path);
}
