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
  /** water in the sump, m; days since the tank was cleaned */
  sump: 0.03,
  sinceCleaned: 0,
  fading: 0,
  delay: 0,
  /** s by which the room has been moved on further than its city */
  ahead: 0,
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
  /** pressure and total when the pumps went to rest; what bladder tank and pipes then gave, L/MPa, 0 before the first rest */
  restPressure: 0,
  restTotal: 0,
  storage: 0,
  /** largest change of the pressure within a second, MPa, and its age: it is kept for a minute */
  surge: 0,
  surgeAge: 0,
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
  /** torque with which something brakes its rotor, share of the motor's rated one */
  drag: 0,
};

/** What reaches a room from outside, and what it is until told; as in `RoomInputs`. */
const INPUTS = { mains: 0.3, power: 1, chlorine: 0.4, water: 20, outside: 20, hour: 0 };

/** A record of numbers: where each field stands in it, its length, and what it starts from. */
export interface Layout<Field extends string> {
  readonly at: Readonly<Record<Field, number>>;
  readonly size: number;
  readonly start: Float64Array;
}

/** The layout of a record with these fields, in this order. */
export function layoutOf<Field extends string>(start: Record<Field, number>): Layout<Field> {
  const fields = Object.keys(start) as Field[];
  const places = Object.fromEntries(fields.map((field, i) => [field, i])) as Record<Field, number>;
  return { at: places, size: fields.length, start: Float64Array.from(Object.values<number>(start)) };
}

export const roomLayout = layoutOf(ROOM);
export const setLayout = layoutOf(SET);
export const pumpLayout = layoutOf(PUMP);
export const inputLayout = layoutOf(INPUTS);

/** Names of all fields in the order of a state: tells states of different releases apart. */
export const STATE_FIELDS: readonly string[] = [ROOM, SET, PUMP].flatMap((part) => Object.keys(part));
