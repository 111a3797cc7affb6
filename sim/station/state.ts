import type { RoomSpec } from './spec.ts';

/**
 * The state of a pump room. Every field is a number (flags are 0 and 1, times are seconds), so that a state
 * can be saved, hashed and forked as a row of numbers. Below, the fields and what they start from.
 */
export type RoomState = Record<keyof typeof ROOM, number>;
const ROOM = {
  /** water in the tank, m³; overflowed since the beginning, m³ */
  volume: 0,
  spilled: 0,
  /** inlet: pressure MPa, flow m³/h, total m³ */
  inletPressure: 0.3,
  stabilised: 0.3,
  inflow: 0,
  inletTotal: 0,
  /** inlet valve: opening and command 0 … 1, remaining time of a remote command, fault */
  valve: 0,
  valveCommand: 0,
  valveRemote: 0,
  valveFault: 0,
  /** what the controller's level transmitter reads too much, m */
  levelError: 0,
  /** dry-run protection: tripped, time in the zone; speed cap of the inlet protection in Hz */
  dry: 0,
  dryTime: 0,
  speedCap: 50,
  /** electricity */
  kw: 0,
  powerFactor: 0.95,
  energy: 0,
  mains: 1,
  upsVolts: 27.2,
  unbalance: 0,
  sag: 0,
  /** water: mg/L, h, °C, NTU */
  chlorine: 0.3,
  age: 0,
  waterTemperature: 20,
  turbidity: 0.15,
  /** surroundings */
  roomTemperature: 22,
  humidity: 60,
  door: 0,
  visitIn: 0,
  visitLeft: 0,
  smoke: 0,
  flood: 0,
  hatch: 0,
  fading: 0,
  delay: 0,
};

/** State of one pump set. Pressures in MPa, flows in m³/h, times in s. */
export type SetState = Record<keyof typeof SET, number>;
const SET = {
  setpoint: 0,
  /** set-point the loop follows now: rises slowly after an outage */
  target: 0,
  pressure: 0,
  /** common frequency asked of the running pumps, Hz, and the integral part of the loop */
  frequency: 0,
  integral: 0,
  /** pumps the loop wants to run */
  wanted: 0,
  demand: 0,
  pumped: 0,
  delivered: 0,
  total: 0,
  critical: 0,
  asleep: 0,
  boosting: 0,
  tripped: 0,
  addTime: 0,
  dropTime: 0,
  lowTime: 0,
  wakeTime: 0,
  overTime: 0,
  takeTime: 0,
  surplusTime: 0,
  /** the controller's pressure transmitter: reads `pressureError` too much, or stands still at `pressureFrozen` */
  pressureError: 0,
  pressureFrozen: 0,
  /** factor on the loop's gain: 1 as commissioned */
  tuning: 1,
};

/** State of one pump. */
export type PumpState = Record<keyof typeof PUMP, number>;
const PUMP = {
  run: 0,
  fault: 0,
  manual: 0,
  hz: 0,
  flow: 0,
  kw: 0,
  current: 0,
  motorTemperature: 25,
  driveTemperature: 25,
  vibration: 0,
  starts: 0,
  runHours: 0,
  /** running without a break, s */
  sinceStart: 0,
  /** back-flow through its check valve at rest, m³/h/√MPa */
  checkLeak: 0,
};

/** A simulated pump room: its drawing and its state. */
export interface Room {
  readonly spec: RoomSpec;
  readonly state: RoomState;
  readonly sets: readonly SetRoom[];
  /** all numbers of the state, in a row: copy it to fork or save the room */
  readonly row: Float64Array;
}

export interface SetRoom {
  readonly state: SetState;
  readonly pumps: readonly PumpState[];
}

/** Level at which a tank starts, share of its volume. */
const START_LEVEL = 0.75;

/**
 * A class whose fields are the numbers of a row from a place on: the state of a room is one stretch of memory,
 * which packs by copying and keeps a city of rooms in the cache.
 */
function windowOn<Fields extends Record<string, number>>(start: Fields) {
  const values = Object.values(start);
  class Window {
    constructor(
      private readonly row: Float64Array,
      private readonly at: number,
    ) {
      row.set(values, at);
    }
    static {
      Object.keys(start).forEach((field, i) => {
        Object.defineProperty(Window.prototype, field, {
          get(this: Window) {
            return this.row[this.at + i];
          },
          set(this: Window, value: number) {
            this.row[this.at + i] = value;
          },
        });
      });
    }
  }
  return Window as unknown as new (
    row: Float64Array,
    at: number,
  ) => Record<keyof Fields, number>;
}

const RoomWindow = windowOn(ROOM);
const SetWindow = windowOn(SET);
const PumpWindow = windowOn(PUMP);
const ROOM_SIZE = Object.keys(ROOM).length;
const SET_SIZE = Object.keys(SET).length;
const PUMP_SIZE = Object.keys(PUMP).length;

/** Names of all fields in the order of a row: tells states of different releases apart. */
export const STATE_FIELDS: readonly string[] = [ROOM, SET, PUMP].flatMap((part) => Object.keys(part));

/** Numbers in the state of a room. */
export function stateLength(spec: RoomSpec): number {
  return spec.sets.reduce((sum, set) => sum + SET_SIZE + set.pumps.length * PUMP_SIZE, ROOM_SIZE);
}

/**
 * A room at rest with a filled tank.
 * @param row where its state lives, from `at` on: a row of its own when absent
 */
export function newRoom(
  spec: RoomSpec,
  row: Float64Array = new Float64Array(stateLength(spec)),
  at = 0,
): Room {
  let next = at + ROOM_SIZE;
  const state = new RoomWindow(row, at);
  const sets = spec.sets.map((set) => {
    const window = new SetWindow(row, next);
    next += SET_SIZE;
    window.setpoint = set.setpoint;
    window.target = set.setpoint;
    window.pressure = set.setpoint;
    window.critical = set.setpoint - set.topStatic;
    const pumps = set.pumps.map(({ condition }, k) => {
      const pump = new PumpWindow(row, next + k * PUMP_SIZE);
      pump.checkLeak = condition.checkLeak;
      return pump;
    });
    next += pumps.length * PUMP_SIZE;
    return { state: window, pumps };
  });
  if (spec.tank) state.volume = START_LEVEL * spec.tank.volume;
  state.chlorine = 0.85 * spec.condition.source.chlorine;
  state.turbidity = spec.condition.source.turbidity;
  return { spec, state, sets, row: row.subarray(at, next) };
}

/** Level of the tank, m; 0 without a tank. */
export function level({ spec, state }: Room): number {
  return spec.tank ? state.volume / spec.tank.area : 0;
}

/** Outlet pressure as the controller of a pump set sees it, MPa. */
export function seenPressure(state: SetState): number {
  return state.pressureFrozen > 0 ? state.pressureFrozen : state.pressure + state.pressureError;
}

/** Takes a saved state back. @throws RangeError when a number is missing or not finite */
export function restoreRoom({ spec, row }: Room, saved: Float64Array): void {
  if (saved.length !== row.length)
    throw new RangeError(`saved state of ${spec.code} has ${saved.length} numbers instead of ${row.length}`);
  const bad = saved.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`saved state of ${spec.code}: number ${bad} is ${saved[bad]}`);
  row.set(saved);
}
