import { type LocalTime, localTime } from '#sim/calendar.ts';
import { expectDemand, stepDemand } from '#sim/demand/columns.ts';
import { demandFactorAt } from '#sim/demand/profile.ts';
import { stepBooster } from '#sim/station/boosterStep.ts';
import { airTemperature, waterTemperature } from '#sim/station/climate.ts';
import { stepRoom } from '#sim/station/step.ts';
import { MINUTE } from '#twin/units.ts';
import { solveMains } from './mains.ts';
import { type City, WHOLE } from './model.ts';

/** A booster pump whose speed has moved so far since the last solve asks for another, Hz. */
const SPEED_MOVED = 1;

/**
 * Moves a city on by a second: demand and rooms by the second, the mains every `pace.every` seconds or as soon as
 * the rooms' inflow or a booster has moved by more than a tolerance.
 */
export function stepCity(city: City): void {
  const { rooms, inputs, demand, random, taken } = city;
  city.time += 1000;
  if (city.time % MINUTE < 1000) lookOut(city);
  stepDemand(demand, random);
  let inflow = 0;
  for (let i = 0; i < rooms.length; i++) {
    const room = rooms[i]!;
    const seen = city.boosters[i];
    if (seen) {
      const before = room.sets[0]!.state.frequency;
      const running = room.sets[0]!.state.wanted;
      stepBooster(room, inputs[i]!, seen, 1, random);
      const { frequency, wanted } = room.sets[0]!.state;
      if (wanted !== running || Math.abs(frequency - before) > SPEED_MOVED) city.upset = true;
      continue;
    }
    stepRoom(room, inputs[i]!, 1, random);
    const flow = room.state.inflow;
    taken[i] = taken[i]! + flow / 3600;
    inflow += flow;
  }
  city.inflow = inflow;
  city.sinceSolve++;
  const moved = Math.abs(inflow - city.inflowSolved) > city.pace.tolerance * Math.max(1, city.inflowSolved);
  if (city.sinceSolve >= city.pace.every || city.upset || moved) solveMains(city, city.sinceSolve);
}

/** Expected demand, weather and the hour, once a minute. */
export function lookOut(city: City): void {
  const now = localTime(city.time - (city.time % MINUTE));
  const { model, inputs, circumstances } = city;
  const outside = airTemperature(now) + circumstances.whole[WHOLE.warmer]!;
  const water = waterTemperature(now);
  for (let i = 0; i < model.rooms.length; i++) {
    expectRoom(city, i, now);
    const input = inputs[i]!;
    input.hour = now.hour;
    input.outside = outside;
    input.water = water;
    input.power = circumstances.power[i]!;
    input.chlorine = model.rooms[i]!.spec.condition.source.chlorine * circumstances.chlorine[i]!;
  }
}

function expectRoom({ model, demand, circumstances }: City, i: number, now: LocalTime): void {
  const { profile, means, firstSet, booster } = model.rooms[i]!;
  // a booster's zone draws by itself
  const factor = booster ? 0 : demandFactorAt(profile, now) * circumstances.demand[i]!;
  for (let k = 0; k < means.length; k++) expectDemand(demand, firstSet + k, means[k]! * factor);
}
