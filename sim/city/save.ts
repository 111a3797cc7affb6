import { restoreState, saveState } from '#sim/hydraulics/state.ts';
import type { RandomState } from '#sim/random.ts';
import { showBoosters } from './mains.ts';
import type { City, CityModel, Ledger, Pace } from './model.ts';
import { emptyCity } from './start.ts';

/** A city at an instant as plain data: copied into another, or kept. */
export interface SavedCity {
  time: number;
  mains: Uint8Array;
  /** every column of the city, one after the other */
  numbers: Float64Array;
  random: RandomState;
  ledger: Ledger;
  pace: Pace;
}

/** Everything a city needs to go on exactly as it would have. */
export function saveCity(city: City): SavedCity {
  const columns = columnsOf(city);
  const scalars = [
    city.sinceSolve,
    city.inflowSolved,
    city.inflow,
    city.upset ? 1 : 0,
    city.solves,
    city.unsolved,
  ];
  const numbers = new Float64Array(columns.reduce((sum, c) => sum + c.length, scalars.length));
  numbers.set(scalars);
  let at = scalars.length;
  for (const column of columns) {
    numbers.set(column, at);
    at += column.length;
  }
  return {
    time: city.time,
    mains: saveState(city.model.h, city.mains),
    numbers,
    random: city.random.save(),
    ledger: { ...city.ledger },
    pace: { ...city.pace },
  };
}

/**
 * A city of its own that goes on from a saved one: a run forks.
 * @throws RangeError when it was saved from another city
 */
export function restoreCity(model: CityModel, saved: SavedCity): City {
  const city = emptyCity(model, saved.time, 0, saved.pace);
  const columns = columnsOf(city);
  const length = columns.reduce((sum, c) => sum + c.length, 6);
  if (saved.numbers.length !== length)
    throw new RangeError('the saved state belongs to another city, or another release saved it');
  const [sinceSolve, inflowSolved, inflow, upset, solves, unsolved] = saved.numbers;
  let at = 6;
  for (const column of columns) {
    column.set(saved.numbers.subarray(at, at + column.length));
    at += column.length;
  }
  city.random.restore(saved.random);
  const restored: City = Object.assign(city, {
    mains: restoreState(model.h, saved.mains),
    ledger: { ...saved.ledger },
    sinceSolve: sinceSolve!,
    inflowSolved: inflowSolved!,
    inflow: inflow!,
    upset: upset === 1,
    solves: solves!,
    unsolved: unsolved!,
  });
  showBoosters(restored);
  return restored;
}

/** Every column, in one order. What boosters see of the mains follows from these. */
function columnsOf(city: City): Float64Array[] {
  const { circumstances: c, demand } = city;
  return [
    city.row,
    city.company.inputs,
    city.company.demand,
    demand.expected,
    demand.offset,
    demand.unit,
    ...demand.levels,
    c.power,
    c.demand,
    c.chlorine,
    c.leak,
    c.speed,
    c.whole,
    city.taken,
    city.leakFlow,
    city.served,
  ];
}
