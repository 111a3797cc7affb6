import type { City } from '#sim/city/model.ts';
import { level, type Room } from '#sim/station/state.ts';
import { hoursFromSeconds } from '#twin/units.ts';
import type { Layer } from './layer.ts';
import { faultLayer } from './roomFaults.ts';
import type { ScenarioEvent } from './schema.ts';

/** An event inside one room. */
export type RoomEvent = Exclude<Extract<ScenarioEvent, { station: string }>, { do: 'riser-burst' }>;

/** The layer of a fault inside a room. @param found where a frozen transmitter stands */
export function roomLayer(city: City, event: RoomEvent, found: number): Layer {
  const i = city.model.roomOf.get(event.station)!;
  const room = city.rooms[i]!;
  const { state } = room;
  const { pumpSets } = city.model.rooms[i]!.station;
  if (event.do === 'valve-stuck')
    return steady(
      () => {
        state.valveFault = 0;
      },
      () => {
        state.valveFault = 1;
        state.valve = event.position / 100;
      },
    );
  if (event.do === 'room-fault') return faultLayer(city, event);
  const k = pumpSets.findIndex(({ zone }) => zone === event.set);
  const set = room.sets[k]!;
  switch (event.do) {
    case 'pump-trip': {
      const pump = set.pumps[pumpSets[k]!.pumps.findIndex(({ id }) => id === event.pump)]!;
      return steady(
        () => {
          pump.fault = 0;
        },
        () => {
          pump.fault = 1;
        },
      );
    }
    case 'check-valve-leak': {
      const p = pumpSets[k]!.pumps.findIndex(({ id }) => id === event.pump);
      const pump = set.pumps[p]!;
      const own = room.spec.sets[k]!.pumps[p]!.condition.checkLeak;
      return steady(
        () => {
          pump.checkLeak = own;
        },
        () => {
          pump.checkLeak += event.conductance;
        },
      );
    }
    case 'detuned-loop':
      return detunedLayer(set.state, event);
    case 'sensor-fault':
      if (event.point === 'L1') return levelLayer(room, event, found);
      if (event.point === 'P_OUT') return pressureLayer(set.state, event, found);
      // the controller does not act on it
      return steady(
        () => {},
        () => {},
      );
  }
}

/**
 * A loop that somebody has spoilt. Gain alone makes it no worse, since nothing in it is late; what it then needs to
 * hunt is a transmitter that is polled once a second and smooths what it says.
 */
function detunedLayer(
  state: Room['sets'][number]['state'],
  { gain, lag }: Extract<RoomEvent, { do: 'detuned-loop' }>,
): Layer {
  // one that is taken up again stands where it stood
  let held = state.pressureFrozen > 0 ? state.pressureFrozen : state.pressure;
  let last = Number.NEGATIVE_INFINITY;
  return {
    lift: () => {
      state.tuning = 1;
      state.pressureFrozen = 0;
    },
    lay: (seconds) => {
      state.tuning *= gain;
      if (lag === 0) return;
      if (seconds > last) held += (state.pressure - held) * -Math.expm1(-1 / lag);
      last = seconds;
      // zero means: not held
      state.pressureFrozen = Math.max(1e-4, held);
    },
    moving: lag > 0,
  };
}

type SensorEvent = Extract<ScenarioEvent, { do: 'sensor-fault' }>;

/** The controller's level transmitter. One that stands still reads the more too much the further the water falls. */
function levelLayer(room: Room, event: SensorEvent, found: number): Layer {
  const { state } = room;
  return {
    lift: () => {
      state.levelError = 0;
    },
    lay: (seconds) => {
      if (holdsLast(event)) state.levelError = found - level(room);
      else state.levelError += error(event, seconds);
    },
    moving: holdsLast(event) || event.fault === 'drift',
  };
}

/** The controller's pressure transmitter. */
function pressureLayer(state: Room['sets'][number]['state'], event: SensorEvent, found: number): Layer {
  return {
    lift: () => {
      state.pressureError = 0;
      state.pressureFrozen = 0;
    },
    lay: (seconds) => {
      if (holdsLast(event)) state.pressureFrozen = found;
      else state.pressureError += error(event, seconds);
    },
    moving: event.fault === 'drift',
  };
}

/** Whether the controller goes on with what it read last. */
export const holdsLast = ({ fault }: SensorEvent): boolean => fault === 'frozen' || fault === 'loss';

/** What a transmitter reads too much, in its unit; spikes and noise are over before a controller answers. */
function error({ fault, by }: SensorEvent, seconds: number): number {
  if (fault === 'drift') return by * hoursFromSeconds(seconds);
  return fault === 'bias' ? by : 0;
}

function steady(lift: () => void, lay: () => void): Layer {
  return { lift, lay, moving: false };
}
