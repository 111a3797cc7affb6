import type { RoomPlace } from '#sim/city/model.ts';
import type { Room } from '#sim/station/state.ts';
import { type Truth, yearlyVolume } from './truth.ts';

/** A meter's kWh per m³ before the first start, of an ordinary room. */
const USUAL_KWH_PER_M3 = 0.4;
/** Tanks are cleaned about so often, d. */
const BETWEEN_CLEANINGS = 60;
const DAYS_OF_YEAR = 365.25;
/** Steps in which counters are read: m³ and kWh, starts, h. */
const COUNTER_STEP = { total: 0.1, starts: 1, runHours: 0.01 };

/** Meters and counters stand at what the years before have left on them. */
export function countSinceBuilt(room: Room, { station, means }: RoomPlace, { counters }: Truth): void {
  const { years, pumpHours } = counters;
  const volume = years * yearlyVolume(station);
  const mean = means.reduce((sum, m) => sum + m, 0);
  room.state.inletTotal = volume;
  room.state.energy = volume * USUAL_KWH_PER_M3;
  room.state.sinceCleaned = (years * DAYS_OF_YEAR) % BETWEEN_CLEANINGS;
  room.sets.forEach((set, k) => {
    set.state.total = (volume * means[k]!) / mean;
    set.pumps.forEach((pump, p) => {
      pump.runHours = pumpHours[k]![p]!;
      pump.starts = Math.round(pump.runHours / 4);
    });
  });
}

/**
 * Moves every counter on by one step of its display. After a crash the saved counters are some seconds old;
 * a meter may be a step ahead of what passed, but never shows less than it has shown.
 */
export function stepCounters({ state, sets }: Room): void {
  state.inletTotal += COUNTER_STEP.total;
  state.energy += COUNTER_STEP.total;
  for (const set of sets) {
    set.state.total += COUNTER_STEP.total;
    for (const pump of set.pumps) {
      pump.starts += COUNTER_STEP.starts;
      pump.runHours += COUNTER_STEP.runHours;
    }
  }
}
