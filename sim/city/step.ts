import { type LocalTime, localTime } from '#sim/calendar.ts';
import { expectDemand, stepDemand } from '#sim/demand/columns.ts';
import { demandFactorAt } from '#sim/demand/profile.ts';
import { stepBooster } from '#sim/station/boosterStep.ts';
import { airTemperature, waterTemperature } from '#sim/station/climate.ts';
import { STRIDE, stepCompany } from '#sim/station/company.ts';
import { roomLayout, setLayout } from '#sim/station/fields.ts';
import { roomAt, setAt } from '#sim/station/rooms.ts';
import { cubicMetresPerSecond, MINUTE, SECOND } from '#twin/units.ts';
import { solveMains } from './mains.ts';
import { type City, WHOLE } from './model.ts';

const W = setLayout.at;
const INFLOW = roomLayout.at.inflow;

/** A booster pump whose speed moves so far in a second asks for a solve, Hz. */
const SPEED_MOVED = 1;

/**
 * Moves a city on by a second: demand by two seconds, rooms by one or, where all is calm, by two, the mains every
 * `pace.every` seconds or as soon as the rooms' inflow or a booster has moved by more than a tolerance.
 */
export function stepCity(city: City): void {
  const { company, demand, random } = city;
  city.time += SECOND;
  if (city.time % MINUTE < SECOND) lookOut(city);
  // seconds go in pairs: demand is drawn for both at once
  const first = Math.floor(city.time / SECOND) % STRIDE === 1;
  if (first) stepDemand(demand, random);
  stepBoosters(city);
  stepCompany(company, first, city.pace.strides, random);
  countInflow(city);
  city.sinceSolve++;
  const moved =
    Math.abs(city.inflow - city.inflowSolved) > city.pace.tolerance * Math.max(1, city.inflowSolved);
  if (city.sinceSolve >= city.pace.every || city.upset || moved) solveMains(city, city.sinceSolve);
}

function stepBoosters(city: City): void {
  const { company, boosters, row } = city;
  for (let i = 0; i < boosters.length; i++) {
    const seen = boosters[i];
    if (!seen) continue;
    const s = setAt(company, company.firstSet[i]!);
    const wanted = row[s + W.wanted];
    // a pump that joins is felt while it comes up, not five seconds later
    if (stepBooster(company, i, seen, 1) > SPEED_MOVED || row[s + W.wanted] !== wanted) city.upset = true;
  }
}

/** What rooms took in the second that has passed. */
function countInflow(city: City): void {
  const { company, row, taken } = city;
  const { inMains } = company;
  let sum = 0;
  for (let i = 0; i < taken.length; i++) {
    if (inMains[i] === 1) continue;
    const flow = row[roomAt(i) + INFLOW]!;
    taken[i] = taken[i]! + cubicMetresPerSecond(flow);
    sum += flow;
  }
  city.inflow = sum;
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
