import type { City } from '#sim/city/model.ts';
import { level, type Room } from '#sim/station/state.ts';
import { mpaFromMetres } from '#twin/units.ts';

/** What a scenario may watch. */
export type Quantity = RoomQuantity | NodeQuantity;

interface RoomQuantity {
  unit: string;
  /** a value of the room, or of each of its pump sets */
  per: 'room' | 'set';
  read: (room: Room, set: number) => number;
  /** only rooms with a tank have it */
  tank?: true;
}

interface NodeQuantity {
  unit: string;
  /** a value of a node of the mains */
  per: 'node';
  read: (city: City, node: number) => number;
  tank?: never;
}

const set = (unit: string, read: RoomQuantity['read']): Quantity => ({ unit, per: 'set', read });
const room = (unit: string, read: (room: Room) => number): RoomQuantity => ({ unit, per: 'room', read });

export const QUANTITIES: Readonly<Record<string, Quantity>> = {
  P_IN: room('MPa', ({ state }) => state.inletPressure),
  F_IN: room('m³/h', ({ state }) => state.inflow),
  P_SET: set('MPa', ({ sets }, k) => sets[k]!.state.setpoint),
  P_OUT: set('MPa', ({ sets }, k) => sets[k]!.state.pressure),
  P_END: set('MPa', ({ sets }, k) => sets[k]!.state.critical),
  F_OUT: set('m³/h', ({ sets }, k) => sets[k]!.state.delivered),
  HZ: set('Hz', ({ sets }, k) => sets[k]!.state.frequency),
  RUNNING: set('', ({ sets }, k) => sets[k]!.pumps.reduce((sum, pump) => sum + pump.run, 0)),
  BACKFLOW: set('m³/h', ({ sets }, k) =>
    sets[k]!.pumps.reduce((sum, { flow }) => sum + Math.max(0, -flow), 0),
  ),
  LEVEL: { ...room('m', level), tank: true },
  FILL: { ...room('%', ({ spec, state }) => (100 * state.volume) / spec.tank!.volume), tank: true },
  SPILLED: { ...room('m³', ({ state }) => state.spilled), tank: true },
  VALVE: { ...room('%', ({ state }) => 100 * state.valve), tank: true },
  CL2: room('mg/L', ({ state }) => state.chlorine),
  AGE: room('h', ({ state }) => state.age),
  KW: room('kW', ({ state }) => state.kw),
  PRESSURE: {
    unit: 'MPa',
    per: 'node',
    read: ({ mains, model: { h } }, n) =>
      mains.cutOff[n] ? 0 : mpaFromMetres(Math.max(0, mains.head[n]! - h.elevation[n]!)),
  },
};
