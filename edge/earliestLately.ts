/** The keeping time is told apart in slots of a quarter of it; the oldest is not yet over. */
const SLOTS = 5;

/**
 * The earliest time among what was noted of each station within the last `keepMs`, and up to a slot more. Two clocks:
 * `time` is when something was measured, by a clock that may be wrong; `now` is steady and tells how long ago it was noted.
 */
export class EarliestLately {
  /** station by station, the earliest of each slot, and which slot it was; −1: none */
  private readonly earliest: Float64Array;
  private readonly slots: Float64Array;
  private readonly slotMs: number;

  constructor(stations: number, keepMs: number) {
    this.earliest = new Float64Array(stations * SLOTS).fill(Number.POSITIVE_INFINITY);
    this.slots = new Float64Array(stations * SLOTS).fill(-1);
    this.slotMs = keepMs / (SLOTS - 1);
  }

  add(station: number, time: number, now: number): void {
    const slot = Math.floor(now / this.slotMs);
    const at = station * SLOTS + (slot % SLOTS);
    const known = this.slots[at] === slot ? this.earliest[at]! : Number.POSITIVE_INFINITY;
    this.slots[at] = slot;
    this.earliest[at] = Math.min(known, time);
  }

  /** Infinity: nothing was noted lately. */
  of(station: number, now: number): number {
    const oldest = Math.floor(now / this.slotMs) - SLOTS + 1;
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = station * SLOTS; at < (station + 1) * SLOTS; at++)
      if (this.slots[at]! >= oldest) earliest = Math.min(earliest, this.earliest[at]!);
    return earliest;
  }
}
