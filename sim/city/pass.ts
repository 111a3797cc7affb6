import { meanDemand } from '#sim/demand/homes.ts';
import { settleBooster } from '#sim/station/boosterSettle.ts';
import { settleRoom } from '#sim/station/settle.ts';
import { SECOND } from '#twin/units.ts';
import { solveMains } from './mains.ts';
import type { City } from './model.ts';
import { lookOut } from './step.ts';

/**
 * Moves a city on by minutes at once: every room to its steady state at the mean demand of that time, then one solve
 * of the mains with what the rooms have taken. For bringing a city through hours that nobody watches; `stepCity`
 * goes on from where it ends.
 * @param seconds 60 … 600
 */
export function passCity(city: City, seconds: number): void {
  const { model, rooms, inputs, boosters, demand, random, taken } = city;
  city.time += seconds * SECOND;
  lookOut(city);
  let inflow = 0;
  for (let i = 0; i < rooms.length; i++) {
    rooms[i]!.state.ahead = 0;
    const room = rooms[i]!;
    const input = inputs[i]!;
    const seen = boosters[i];
    if (seen) {
      settleBooster(room, input, seen, seconds, random);
      continue;
    }
    const { firstSet, means } = model.rooms[i]!;
    for (let k = 0; k < means.length; k++)
      input.demand[k] = meanDemand(demand.expected[firstSet + k]!, seconds, random);
    settleRoom(room, input, seconds, random);
    taken[i] = taken[i]! + (room.state.inflow * seconds) / 3600;
    inflow += room.state.inflow;
  }
  city.inflow = inflow;
  solveMains(city, seconds);
}
