import { demandColumns } from '#sim/demand/columns.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { hashUniform, Random } from '#sim/random.ts';
import { settleBooster } from '#sim/station/boosterSettle.ts';
import { STRIDE } from '#sim/station/company.ts';
import { makeRooms } from '#sim/station/rooms.ts';
import { settleRoom } from '#sim/station/settle.ts';
import { viewInputs, viewRoom } from '#sim/station/state.ts';
import { solveMains } from './mains.ts';
import type { City, CityModel, Pace } from './model.ts';
import { lookOut } from './step.ts';

export const PACE: Pace = { every: 5, tolerance: 0.02, strides: true };

/** Tanks begin somewhere between the levels at which their valves open and shut. */
const LEVELS = [0.6, 0.86] as const;
/** Rooms are brought to rest in so many steps of so many seconds. */
const SETTLING = { steps: 6, seconds: 300 };

/** A city at an instant of an ordinary day, its rooms settled and its mains solved. @param time ms since epoch */
export function startCity(model: CityModel, time: number, seed: number, pace: Pace = PACE): City {
  const city = emptyCity(model, time, seed, pace);
  for (let i = 0; i < city.rooms.length; i++) {
    const { spec, state } = city.rooms[i]!;
    if (!spec.tank) continue;
    const [low, high] = LEVELS;
    state.volume = spec.tank.volume * (low + (high - low) * hashUniform(seed, i));
    state.valveCommand = hashUniform(seed, i, 1) < 0.4 ? 1 : 0;
    state.valve = state.valveCommand;
  }
  lookOut(city);
  // boosters first run at the speed that belongs to what their zone takes
  for (const [i, { booster, station }] of model.rooms.entries()) {
    if (!booster) continue;
    const set = city.rooms[i]!.sets[0]!;
    const duty = Math.max(1, set.pumps.length - 1);
    set.state.wanted = duty;
    set.state.frequency = 44;
    set.pumps.forEach((pump, k) => {
      pump.run = k < duty ? 1 : 0;
      pump.hz = pump.run * 44;
    });
    city.inputs[i]!.mains = 0.25;
    city.rooms[i]!.state.inletPressure = 0.25;
    if (station.pumpSets.length !== 1)
      throw new RangeError(`booster ${station.code} has more than one pump set`);
  }
  solveMains(city, 0);
  for (let step = 0; step < SETTLING.steps; step++) {
    city.rooms.forEach((room, i) => {
      const seen = city.boosters[i];
      if (seen) {
        settleBooster(room, city.inputs[i]!, seen, SETTLING.seconds, city.random);
        return;
      }
      const { firstSet, means } = model.rooms[i]!;
      for (let k = 0; k < means.length; k++) city.inputs[i]!.demand[k] = city.demand.expected[firstSet + k]!;
      settleRoom(room, city.inputs[i]!, SETTLING.seconds, city.random);
    });
    solveMains(city, 0);
  }
  city.inflow = city.rooms.reduce((sum, room, i) => sum + (city.boosters[i] ? 0 : room.state.inflow), 0);
  city.inflowSolved = city.inflow;
  return city;
}

/** The columns of a city, nothing in them yet. */
export function emptyCity(model: CityModel, time: number, seed: number, pace: Pace): City {
  const { h } = model;
  const company = makeRooms(
    model.rooms.map(({ spec }) => spec),
    { inMains: (i) => model.rooms[i]!.booster !== null },
  );
  const rooms = model.rooms.map((_, i) => viewRoom(company, i));
  const ones = (length: number) => new Float64Array(length).fill(1);
  return {
    model,
    mains: createState(h),
    company,
    rooms,
    row: company.row,
    inputs: rooms.map((_, i) => viewInputs(company, i)),
    boosters: model.rooms.map(({ booster }) =>
      booster
        ? {
            suction: 0.25,
            outlet: 0.4,
            flows: new Float64Array(booster.pumps.length),
            bypass: 0,
            hz: new Float64Array(booster.pumps.length),
            rise: 0,
          }
        : null,
    ),
    demand: demandColumns(model.sets, seed, STRIDE, company.demand),
    random: new Random(seed, 1),
    circumstances: {
      power: ones(rooms.length),
      demand: ones(rooms.length),
      chlorine: ones(rooms.length),
      leak: new Float64Array(h.nodeCount),
      speed: ones(model.scheduled.length),
      whole: Float64Array.of(1, 0),
    },
    taken: new Float64Array(rooms.length),
    leakFlow: new Float64Array(h.nodeCount),
    served: ones(h.nodeCount),
    ledger: { supplied: 0, direct: 0, leaked: 0, rooms: 0 },
    pace: { ...pace },
    time,
    sinceSolve: 0,
    inflowSolved: 0,
    inflow: 0,
    upset: false,
    solves: 0,
    unsolved: 0,
    report: null,
  };
}
