import type { City } from '#sim/city/model.ts';
import { HOUR } from '#twin/units.ts';
import { probe } from './measure.ts';
import type { Scenario } from './schema.ts';
import { parseSubject } from './statement.ts';

/** A quantity over a run, one value a minute: of one place, or lowest, mean and highest of many. */
export interface Series {
  name: string;
  unit: string;
  lines: { name: string; values: number[] }[];
}

/** Keeps what is charted. */
export interface Recorder {
  series: Series[];
  /** once a minute */
  keep: () => void;
}

/** Beside what a scenario watches, the whole city is always kept. */
export function recorder(city: City, watch: Scenario['watch']): Recorder {
  const parts = [wholeCity(city), ...watch.map((text) => watched(city, text))];
  return {
    series: parts.flatMap(({ series }) => series),
    keep: () => {
      for (const { keep } of parts) keep();
    },
  };
}

function watched(city: City, text: string): Recorder {
  const { unit, places, read } = probe(city, parseSubject(text));
  if (places.length <= 3) {
    const lines = places.map(({ label }) => ({ name: label, values: [] as number[] }));
    return {
      series: [{ name: text, unit, lines }],
      keep: () => {
        for (const [i, { values }] of lines.entries()) values.push(read(i));
      },
    };
  }
  const [low, mean, high] = ['min', 'mean', 'max'].map((name) => ({ name, values: [] as number[] }));
  return {
    series: [{ name: text, unit, lines: [low!, mean!, high!] }],
    keep: () => {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let i = 0; i < places.length; i++) {
        const value = read(i);
        if (value < least) least = value;
        if (value > most) most = value;
        sum += value;
      }
      low!.values.push(least);
      mean!.values.push(sum / places.length);
      high!.values.push(most);
    },
  };
}

function wholeCity(city: City): Recorder {
  const line = (name: string) => ({ name, values: [] as number[] });
  const supplied = line('works');
  const rooms = line('rooms');
  const leaked = line('breaks');
  const lowest = line('lowest');
  const middle = line('median');
  const kw = line('rooms and boosters');
  let before = { ...city.ledger };
  let last = city.time;
  return {
    series: [
      { name: 'City: supply, inflow of rooms, breaks', unit: 'm³/h', lines: [supplied, rooms, leaked] },
      { name: 'City: pressure in the mains at the rooms', unit: 'MPa', lines: [lowest, middle] },
      { name: 'City: electric power', unit: 'kW', lines: [kw] },
    ],
    keep: () => {
      // nothing has passed at the start: a flow is not known yet
      const hours = city.time > last ? (city.time - last) / HOUR : Number.NaN;
      supplied.values.push((city.ledger.supplied - before.supplied) / hours);
      leaked.values.push((city.ledger.leaked - before.leaked) / hours);
      rooms.values.push(city.inflow);
      const pressures = city.inputs.map(({ mains }) => mains).sort((a, b) => a - b);
      // mains alone have no room
      lowest.values.push(pressures[0] ?? Number.NaN);
      middle.values.push(pressures[pressures.length >> 1] ?? Number.NaN);
      kw.values.push(city.rooms.reduce((sum, { state }) => sum + state.kw, 0));
      before = { ...city.ledger };
      last = city.time;
    },
  };
}
