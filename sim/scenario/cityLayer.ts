import { localTime } from '#sim/calendar.ts';
import { type Circumstances, type City, WHOLE } from '#sim/city/model.ts';
import { demandFactorAt } from '#sim/demand/profile.ts';
import { level, outletSeen } from '#sim/station/state.ts';
import { cubicMetresPerSecond, metresFromMpa } from '#twin/units.ts';
import { secondsOf } from './duration.ts';
import type { Layer } from './layer.ts';
import { roomsOf } from './measure.ts';
import { holdsLast, type RoomEvent, roomLayer } from './roomLayer.ts';
import type { ScenarioEvent } from './schema.ts';

/** The pressure at which a break has its named flow, MPa. */
const NAMED_PRESSURE = 0.3;

/**
 * @param base circumstances without any event
 * @param found what `findFor` gave when the event began
 * @param offline codes of stations that hear no command
 */
export function layerOf(
  city: City,
  base: Circumstances,
  event: ScenarioEvent,
  found: number,
  offline: Set<string>,
): Layer {
  const { circumstances: now } = city;
  const column = (
    name: keyof Circumstances,
    places: readonly number[],
    change: (value: number, seconds: number) => number,
    moving = false,
  ): Layer => ({
    lift: () => {
      for (const i of places) now[name][i] = base[name][i]!;
    },
    lay: (seconds) => {
      for (const i of places) now[name][i] = change(now[name][i]!, seconds);
    },
    moving,
  });
  switch (event.do) {
    case 'power-cut':
      return column('power', roomsOf(city, event.stations), () => 0);
    case 'demand-surge':
      return column('demand', roomsOf(city, event.stations), (factor) => factor * event.factor);
    case 'burst':
      return column('leak', nodeOf(city, event.node), (leak) => leak + conductance(event.flow));
    case 'growing-leak': {
      const full = conductance(event.flow);
      const share = ramp(event.over);
      return column('leak', nodeOf(city, event.node), (leak, seconds) => leak + full * share(seconds), true);
    }
    case 'riser-burst': {
      const i = city.model.roomOf.get(event.station)!;
      const { profile, means } = city.model.rooms[i]!;
      const mean = means.reduce((sum, flow) => sum + flow, 0);
      // demand is a factor on the mean of the hour: the break does not know the hour
      const share = () => event.flow / (mean * demandFactorAt(profile, localTime(city.time)));
      return column('demand', [i], (factor) => factor + share(), true);
    }
    case 'works-outage': {
      const link = city.model.h.linkIndex.get(`${event.works}-PS`);
      return column('speed', [city.model.scheduled.findIndex((pump) => pump.link === link)], () => 0);
    }
    case 'source-chlorine': {
      const share = ramp(event.over);
      const change = (factor: number, seconds: number) => factor * (1 + (event.factor - 1) * share(seconds));
      return column('chlorine', roomsOf(city, event.stations), change, true);
    }
    case 'heat-wave':
      return together([
        column('demand', [...city.rooms.keys()], (factor) => factor * event.factor),
        column('whole', [WHOLE.directDemand], (factor) => factor * event.factor),
        column('whole', [WHOLE.warmer], (degrees) => degrees + event.warmer),
      ]);
    case 'comms-loss': {
      const codes = roomsOf(city, event.stations).map((i) => city.model.rooms[i]!.station.code);
      return {
        lift: () => {
          for (const code of codes) offline.delete(code);
        },
        lay: () => {
          for (const code of codes) offline.add(code);
        },
        moving: false,
      };
    }
    case 'command':
      return { lift: () => {}, lay: () => {}, moving: false };
    default:
      return roomLayer(city, event satisfies RoomEvent, found);
  }
}

/** What an event has to remember of the instant it begins at: where a frozen transmitter stands, or one that reads nothing any more. */
export function findFor(city: City, event: ScenarioEvent): number {
  if (event.do !== 'sensor-fault' || !holdsLast(event)) return 0;
  if (event.point !== 'L1' && event.point !== 'P_OUT') return 0;
  const i = city.model.roomOf.get(event.station)!;
  const room = city.rooms[i]!;
  if (event.point === 'L1') return level(room) + room.state.levelError;
  const k = city.model.rooms[i]!.station.pumpSets.findIndex(({ zone }) => zone === event.set);
  // zero means: not frozen
  return Math.max(1e-4, outletSeen(room, k));
}

/** m³/s/√m of a break that has a flow (m³/h) at the named pressure. */
function conductance(flow: number): number {
  return cubicMetresPerSecond(flow) / Math.sqrt(metresFromMpa(NAMED_PRESSURE));
}

/** Share of a change that comes little by little over a length of time. */
function ramp(over: string): (seconds: number) => number {
  const length = secondsOf(over)!;
  return (seconds) => Math.min(1, seconds / length);
}

function nodeOf({ model }: City, node: string): number[] {
  return [model.h.nodeIndex.get(node)!];
}

function together(layers: readonly Layer[]): Layer {
  return {
    lift: () => {
      for (const { lift } of layers) lift();
    },
    lay: (seconds) => {
      for (const { lay } of layers) lay(seconds);
    },
    moving: layers.some(({ moving }) => moving),
  };
}
