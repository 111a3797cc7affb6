import type { City } from '#sim/city/model.ts';
import type { Random } from '#sim/random.ts';
import type { SensorFault } from '#sim/station/sensors.ts';
import type { PumpState } from '#sim/station/state.ts';
import { SECOND } from '#twin/units.ts';
import type { RoomFaultName } from './faultNames.ts';
import type { Standing } from './force.ts';
import type { ScenarioEvent } from './schema.ts';

/** What an event changes between what is true of a room and what is reported of it. */
export interface Disturbance {
  room: number;
  /** @param truth in the order of the room's template */
  change?: (truth: Float64Array, random: Random) => void;
  /** a sensor that is broken by itself */
  sensor?: { point: string; fault: SensorFault };
  /** ms by which the gateway's clock is fast */
  clock?: number;
}

/** Where a fault is seen. */
interface Seen {
  truth: Float64Array;
  random: Random;
  /** place of a point of the pump, the set or the room */
  at: (tag: string) => number;
  /** true outlet pressure of the set, MPa */
  pressure: number;
  pump: PumpState;
  size: number;
  seconds: number;
}

/**
 * Faults that sensors see beside what the physics moves: features that a vibration monitor works out, currents and
 * flows that a fault makes unsteady.
 */
const SIGHTS: Readonly<Partial<Record<RoomFaultName, (seen: Seen) => void>>> = {
  /** grows over half an hour, first in the band of the bearing */
  'bearing-worn': ({ truth, at, pump, size, seconds }) => {
    if (pump.hz < 1) return;
    const share = Math.min(1, seconds / 1800);
    truth[at('VIB_HF')]! += 6 * size * share;
    truth[at('VIB')]! += 2 * size * share;
  },
  /** shaft and motor out of line: the whole pump shakes, its bearings run as quietly as before */
  misaligned: ({ truth, at, pump, size }) => {
    if (pump.hz < 1) return;
    truth[at('VIB')]! += (9 * size * pump.hz) / 50;
  },
  /** bubbles: broadband noise, and pressure, flow and current that tremble */
  cavitating: ({ truth, at, pump, size, random }) => {
    if (pump.hz < 1) return;
    truth[at('VIB_HF')]! += Math.max(0, size * (4 + 2.5 * random.roughNormal()));
    truth[at('VIB')]! += size;
    multiply(truth, at('I'), 1 + 0.06 * size * random.roughNormal());
    multiply(truth, at('KW'), 1 + 0.06 * size * random.roughNormal());
    multiply(truth, at('P_OUT'), 1 + 0.01 * size * random.roughNormal());
  },
  /** air in the pump: it takes hold of the water and lets go of it */
  air: ({ truth, at, pump, size, random }) => {
    if (pump.hz < 1) return;
    multiply(truth, at('I'), 0.85 + 0.2 * size * random.roughNormal());
    multiply(truth, at('KW'), 0.85 + 0.2 * size * random.roughNormal());
    multiply(truth, at('F_OUT'), Math.max(0, 1 + 0.25 * size * random.roughNormal()));
  },
  /** other water than that of the main */
  'foreign-water': ({ truth, at, size }) => {
    truth[at('COND')]! += 150 * size;
  },
  'controller-blind': ({ truth, at, pressure }) => {
    truth[at('P_OUT')] = pressure;
  },
};

/** What an event in force does to the reports of its room; null when they show it as it is. */
export function disturbanceOf(city: City, { event, since }: Standing): Disturbance | null {
  if (event.do === 'sensor-fault') return sensorDisturbance(city, event, since);
  if (event.do !== 'room-fault') return null;
  const room = city.model.roomOf.get(event.station)!;
  if (event.fault === 'clock-wrong') return { room, clock: -60 * SECOND * event.size };
  const sight = SIGHTS[event.fault];
  if (!sight) return null;
  const { station, spec } = city.model.rooms[room]!;
  const k = station.pumpSets.findIndex(({ zone }) => zone === event.set);
  const p = station.pumpSets[k]!.pumps.findIndex(({ id }) => id === event.pump);
  const { index } = spec.template;
  const at = (tag: string) =>
    index.get(`${event.set}/P${p + 1}/${tag}`) ?? index.get(`${event.set}/${tag}`) ?? index.get(tag)!;
  const set = city.rooms[room]!.sets[k]!;
  return {
    room,
    change: (truth, random) =>
      sight({
        truth,
        random,
        at,
        pressure: set.state.pressure,
        pump: set.pumps[p]!,
        size: event.size,
        seconds: (city.time - since) / SECOND,
      }),
  };
}

/** The controller's own transmitters are moved by the physics; what they do beside, and all others, is done here. */
function sensorDisturbance(
  city: City,
  { station, set, point, fault, by }: Extract<ScenarioEvent, { do: 'sensor-fault' }>,
  since: number,
): Disturbance | null {
  const room = city.model.roomOf.get(station)!;
  const { index } = city.model.rooms[room]!.spec.template;
  const name = [`${set}/${point}`, point].find((known) => index.has(known))!;
  const controls = point === 'P_OUT' || point === 'L1';
  switch (fault) {
    case 'frozen':
      return { room, sensor: { point: name, fault: { kind: 'freeze' } } };
    case 'spikes':
      return { room, sensor: { point: name, fault: { kind: 'spike', by, chance: 0.05 } } };
    case 'noise':
      return { room, sensor: { point: name, fault: { kind: 'noise', by } } };
    case 'loss':
      return { room, sensor: { point: name, fault: { kind: 'loss' } } };
    case 'bias':
      return controls ? null : { room, sensor: { point: name, fault: { kind: 'bias', by } } };
    case 'drift':
      return controls
        ? null
        : { room, sensor: { point: name, fault: { kind: 'drift', perHour: by, since } } };
  }
}

function multiply(truth: Float64Array, index: number, by: number): void {
  truth[index]! *= by;
}
