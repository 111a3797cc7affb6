/** The keeping time is told apart in slots of a quarter of it; the oldest is not yet over. */
const KEPT = 4;
/** Further ones hold what is looked back for from a time that has passed. */
const SLOTS = 8;

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
    this.slotMs = keepMs / KEPT;
  }

  /** `since`: what was noted by then, and not long before, may still be asked for; not after `now`. */
  add(station: number, time: number, now: number, since: number): void {
    const slot = Math.floor(now / this.slotMs);
    const at = station * SLOTS + (slot % SLOTS);
    // what would be asked for and has no slot left counts as noted now: too much is kept rather than too little
    const kept = this.slots[at] === slot || this.slots[at]! >= this.oldestSlot(since);
    const known = kept ? this.earliest[at]! : Number.POSITIVE_INFINITY;
    this.slots[at] = slot;
    this.earliest[at] = Math.min(known, time);
  }

  /** Of all that was noted since `keepMs` before then. Infinity: nothing was. */
  of(station: number, since: number): number {
    const oldest = this.oldestSlot(since);
    let earliest = Number.POSITIVE_INFINITY;
    for (let at = station * SLOTS; at < (station + 1) * SLOTS; at++)
      if (this.slots[at]! >= oldest) earliest = Math.min(earliest, this.earliest[at]!);
    return earliest;
  }

  private oldestSlot(since: number): number {
    // no less than the first: −1 is a slot that holds nothing
    return Math.max(0, Math.floor(since / this.slotMs) - KEPT);
  }
}
