import type { RoomSpec } from './spec.ts';

/**
 * The state of a pump room. Every field is a number (flags are 0 and 1, times are seconds), so that a state
 * can be packed, hashed and forked as a row of numbers.
 */
export class RoomState {
  /** water in the tank, m³; overflowed since the beginning, m³ */
  volume = 0;
  spilled = 0;
  /** inlet: pressure MPa, flow m³/h, total m³ */
  inletPressure = 0.3;
  stabilised = 0.3;
  inflow = 0;
  inletTotal = 0;
  /** inlet valve: opening and command 0 … 1, remaining time of a remote command, fault */
  valve = 0;
  valveCommand = 0;
  valveRemote = 0;
  valveFault = 0;
  /** dry-run protection: tripped, time in the zone; speed cap of the inlet protection in Hz */
  dry = 0;
  dryTime = 0;
  speedCap = 50;
  /** electricity */
  kw = 0;
  powerFactor = 0.95;
  energy = 0;
  mains = 1;
  upsVolts = 27.2;
  unbalance = 0;
  sag = 0;
  /** water: mg/L, h, °C, NTU */
  chlorine = 0.3;
  age = 0;
  waterTemperature = 20;
  turbidity = 0.15;
  /** surroundings */
  roomTemperature = 22;
  humidity = 60;
  door = 0;
  visitIn = 0;
  visitLeft = 0;
  smoke = 0;
  flood = 0;
  hatch = 0;
  fading = 0;
  delay = 0;
}

/** State of one pump set. Pressures in MPa, flows in m³/h, times in s. */
export class SetState {
  setpoint = 0;
  /** set-point the loop follows now: rises slowly after an outage */
  target = 0;
  pressure = 0;
  /** common frequency asked of the running pumps, Hz, and the integral part of the loop */
  frequency = 0;
  integral = 0;
  /** pumps the loop wants to run */
  wanted = 0;
  demand = 0;
  pumped = 0;
  delivered = 0;
  total = 0;
  critical = 0;
  asleep = 0;
  boosting = 0;
  tripped = 0;
  addTime = 0;
  dropTime = 0;
  lowTime = 0;
  wakeTime = 0;
  overTime = 0;
  takeTime = 0;
  surplusTime = 0;
}

/** State of one pump. */
export class PumpState {
  run = 0;
  fault = 0;
  manual = 0;
  hz = 0;
  flow = 0;
  kw = 0;
  current = 0;
  motorTemperature = 25;
  driveTemperature = 25;
  vibration = 0;
  starts = 0;
  runHours = 0;
  /** running without a break, s */
  sinceStart = 0;
}

/** A simulated pump room: its drawing and its state. */
export interface Room {
  readonly spec: RoomSpec;
  readonly state: RoomState;
  readonly sets: readonly SetRoom[];
}

export interface SetRoom {
  readonly state: SetState;
  readonly pumps: readonly PumpState[];
}

/** Level at which a tank starts, share of its volume. */
const START_LEVEL = 0.75;

/** A room at rest with a filled tank. */
export function newRoom(spec: RoomSpec): Room {
  const room: Room = {
    spec,
    state: new RoomState(),
    sets: spec.sets.map((set) => {
      const state = new SetState();
      state.setpoint = set.setpoint;
      state.target = set.setpoint;
      state.pressure = set.setpoint;
      state.critical = set.setpoint - set.topStatic;
      return { state, pumps: set.pumps.map(() => new PumpState()) };
    }),
  };
  if (spec.tank) room.state.volume = START_LEVEL * spec.tank.volume;
  room.state.chlorine = 0.85 * spec.condition.source.chlorine;
  room.state.turbidity = spec.condition.source.turbidity;
  return room;
}

/** Level of the tank, m; 0 without a tank. */
export function level({ spec, state }: Room): number {
  return spec.tank ? state.volume / spec.tank.area : 0;
}

/** How many numbers `packRoom` writes. */
export function packedLength(room: Room): number {
  return parts(room).reduce((sum, part) => sum + Object.keys(part).length, 0);
}

/** Writes the state of a room into `out` from `at` on and returns the place after it. */
export function packRoom(room: Room, out: Float64Array, at = 0): number {
  let i = at;
  for (const part of parts(room)) for (const key in part) out[i++] = part[key]!;
  return i;
}

/** Takes a packed state back. @throws RangeError when a number is missing or not finite */
export function unpackRoom(room: Room, packed: Float64Array, at = 0): number {
  let i = at;
  for (const part of parts(room)) {
    for (const key in part) {
      const value = packed[i++];
      if (value === undefined || !Number.isFinite(value))
        throw new RangeError(`saved state of ${room.spec.code}: ${key} is ${value}`);
      part[key] = value;
    }
  }
  return i;
}

function parts(room: Room): Record<string, number>[] {
  const all: object[] = [room.state];
  for (const set of room.sets) all.push(set.state, ...set.pumps);
  return all as Record<string, number>[];
}
