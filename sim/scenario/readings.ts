import type { City } from '#sim/city/model.ts';
import { Random } from '#sim/random.ts';
import { type Area, areaOfStation } from '#twin/alarm/area.ts';
import { type Motors, motorsOf } from '#twin/curves/motor.ts';
import type { Force, Standing } from './force.ts';
import { Instruments } from './instruments.ts';

/** Random numbers of sensors are their own: whether a city is watched does not change it. */
const STREAM = 7;

/** A room that is watched, as plain data: who looks need not have the city. */
export interface WatchedRoom extends Area {
  code: string;
  /** id of its template */
  template: string;
  motors: Motors;
}

/** What the gateways of all watched rooms read at an instant, as plain data. Valid until they read again. */
export interface Readings {
  /** ms since epoch */
  now: number;
  /** of the rooms one after another, each in the order of its template */
  values: Float64Array;
  /** by room: ms by which its gateway's clock is fast */
  clocks: Float64Array;
  /** by room: 1 where its line is up; else nothing was read now */
  heard: Uint8Array;
}

/** The gateways of rooms of a run. */
export interface Gateways {
  readonly rooms: readonly WatchedRoom[];
  /** What they read now: what is true, through sensors. */
  read: () => Readings;
}

/**
 * @param numbers of the rooms that are read
 * @param force events that sensors see, and lines that are down
 */
export function gatewaysOf(
  city: City,
  numbers: readonly number[],
  seed: number,
  force: Pick<Force, 'standing' | 'offline'>,
): Gateways {
  const instruments = new Instruments(city, numbers, new Random(seed, STREAM));
  const rooms = numbers.map((number): WatchedRoom => {
    const { spec, station } = city.model.rooms[number]!;
    return {
      code: station.code,
      template: spec.template.id,
      ...areaOfStation(station),
      motors: motorsOf(station),
    };
  });
  const readings: Readings = {
    now: Number.NaN,
    values: instruments.readings,
    clocks: new Float64Array(rooms.length),
    heard: new Uint8Array(rooms.length),
  };
  let known: readonly Standing[] = [];
  return {
    rooms,
    read: () => {
      const { standing, offline } = force;
      if (standing.length !== known.length || standing.some((one, i) => one !== known[i])) {
        known = standing;
        instruments.breakBy(standing);
      }
      readings.now = city.time;
      for (let i = 0; i < numbers.length; i++) {
        const heard = offline.size === 0 || !offline.has(rooms[i]!.code);
        readings.heard[i] = heard ? 1 : 0;
        if (!heard) continue;
        instruments.read(numbers[i]!, city.time);
        readings.clocks[i] = instruments.clock(numbers[i]!);
      }
      return readings;
    },
  };
}
