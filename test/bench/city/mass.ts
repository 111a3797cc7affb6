import type { City } from '#sim/city/model.ts';
import { storedWater } from '#sim/station/pressure.ts';
import type { Room } from '#sim/station/state.ts';
import { overSeconds } from '#twin/units.ts';

/** Water of a city up to an instant, m³. */
interface Water {
  /** supplied, less what users without a room, breaks and rooms have got */
  mains: number;
  /** into rooms, less what they hold, have spilled and have delivered */
  rooms: number;
  supplied: number;
}

/** What a city has taken, given and holds; that of boosters stands in the mains. */
export function water({ model, rooms, ledger, taken }: City): Water {
  const { supplied, direct, leaked, rooms: given } = ledger;
  let kept = 0;
  for (const [i, { spec, state, sets }] of rooms.entries()) {
    if (model.rooms[i]!.booster) continue;
    // the last seconds since a solve are in the rooms and not yet in the mains
    kept -= taken[i]!;
    if (spec.tank) kept += state.volume + state.spilled;
    // what has been moved on further than its city has a second more in it
    if (state.ahead === 1) kept -= overSeconds(spec.tank ? state.inflow : pumpedBy(sets), 1);
    for (const [k, set] of sets.entries()) {
      // without a tank a room takes in a second what its pumps have given in the one before
      if (!spec.tank) kept -= overSeconds(set.state.pumped, 1);
      kept += set.state.total + storedWater(spec.sets[k]!, set.state.pressure);
    }
  }
  return { mains: supplied - direct - leaked - given, rooms: given - kept, supplied };
}

function pumpedBy(sets: Room['sets']): number {
  return sets.reduce((sum, { state }) => sum + state.pumped, 0);
}

/** What has been lost or won in mains and rooms since `before`, share of what was supplied. */
export function massError(before: Water, after: Water): number {
  const lost = Math.abs(after.mains - before.mains) + Math.abs(after.rooms - before.rooms);
  return lost / Math.max(1e-9, after.supplied - before.supplied);
}
