import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { roomConstants, setConstants } from './constants.ts';
import { pumpLayout, roomLayout, setLayout } from './fields.ts';
import { pumpAt, type Rooms, roomAt, setAt } from './rooms.ts';
import type { Room } from './state.ts';
import { noiseLevel } from './surroundings.ts';

const R = roomLayout.at;
const W = setLayout.at;
const P = pumpLayout.at;
const C = roomConstants.at;

/** Index of each point of the station itself; −1 when its kind of station has none. */
type StationMap = Readonly<Record<(typeof STATION_TAGS)[number], number>>;

/** Where points stand in a template. */
export interface PointMap {
  readonly station: StationMap;
  /** first point of each pump set; those of its pumps follow them */
  readonly sets: readonly number[];
  /** outlet pressure of each pump set */
  readonly outlets: readonly number[];
}

/** Points of a station itself that rooms have; looked up once per template. */
const STATION_TAGS = [
  'P_IN',
  'F_IN',
  'V_IN',
  'L1',
  'L2',
  'LSHH',
  'LSLL',
  'ZV_IN',
  'ZV_CMD',
  'V_FLT',
  'P_STAB',
  'VAC_VLV',
  'KWH',
  'P_TOT',
  'PF_TOT',
  'U_A',
  'U_B',
  'U_C',
  'MAINS_OK',
  'UPS_V',
  'RSSI',
  'RTT',
  'BUFFER',
  'CL2',
  'TURB',
  'PH',
  'T_W',
  'COND',
  'T_ROOM',
  'RH',
  'NOISE',
  'FLOOD',
  'SUMP',
  'SMOKE',
  'DOOR',
  'HATCH',
  'CLEANED',
] as const;
const offsets = (scope: 'set' | 'pump') =>
  Object.fromEntries(POINTS.filter((point) => point.scope === scope).map((point, i) => [point.tag, i]));
const SET = offsets('set');
const PUMP = offsets('pump');
const SET_POINTS = Object.keys(SET).length;
const PUMP_POINTS = Object.keys(PUMP).length;
const FULL_FLOAT = 0.97;
const LOW_FLOAT = 0.1;
/** The second transmitter hangs a little lower than the first, m. */
const SECOND_TRANSMITTER = -0.004;
/** Relative swing of the supply voltage, between its phases, of radio and of delay. */
const SAG = 0.004;
const UNBALANCE = 0.002;
const FADING_DB = 2.5;
const DELAY = 0.25;
/** Below this pressure the vacuum suppressor lets air in, MPa. */
const SUPPRESSOR = 0.005;

/** The sump of a room with water on its floor is full, m. */
const FLOODED_SUMP = 0.5;
/** Water that runs back through a pump at rest turns it: vibration in mm/s at its rated flow. */
const TURNED_BACK = 3;
/** Acceleration of sound bearings between 1 and 10 kHz, g, and what a mm/s of the pump adds. */
const BEARINGS = { base: 0.2, share: 0.25 };

const maps = new Map<Template, PointMap>();

/** The map of a template, made once. */
export function pointMap(template: Template): PointMap {
  const hit = maps.get(template);
  if (hit) return hit;
  const at = (tag: string) => template.index.get(tag) ?? -1;
  const station = Object.fromEntries(STATION_TAGS.map((tag) => [tag, at(tag)])) as StationMap;
  const outlets = template.points.filter(({ scope, tag }) => scope === 'set' && tag === 'P_OUT');
  const made: PointMap = {
    station,
    sets: outlets.map(({ index }) => index - SET.P_OUT!),
    outlets: outlets.map(({ index }) => index),
  };
  maps.set(template, made);
  return made;
}

/** Writes the true value of every point of a room into `out`, in the order of its template. */
export function readRoom({ rooms, index, spec }: Room, out: Float64Array): void {
  readPoints(rooms, index, pointMap(spec.template), out);
}

/** The same of room `i` of many, whose template has this map. */
export function readPoints(rooms: Rooms, i: number, { station, sets }: PointMap, out: Float64Array): void {
  readHydraulics(rooms, i, station, out);
  readSupply(rooms, i, station, out);
  readPlace(rooms, i, station, out);
  const first = rooms.firstSet[i]!;
  for (let k = 0; k < sets.length; k++) readSet(rooms, first + k, out, sets[k]!);
}

function readHydraulics({ row, constants }: Rooms, i: number, at: StationMap, out: Float64Array): void {
  const r = roomAt(i);
  out[at.P_IN] = row[r + R.inletPressure]!;
  out[at.F_IN] = row[r + R.inflow]!;
  out[at.V_IN] = row[r + R.inletTotal]!;
  if (at.L1 >= 0) {
    const c = i * roomConstants.size;
    const height = row[r + R.volume]! / constants.row[c + C.tankArea]!;
    const share = height / constants.row[c + C.tankHeight]!;
    out[at.L1] = height;
    out[at.L2] = Math.max(0, height + SECOND_TRANSMITTER);
    out[at.LSHH] = share >= FULL_FLOAT ? 1 : 0;
    out[at.LSLL] = share < LOW_FLOAT ? 1 : 0;
    out[at.ZV_IN] = 100 * row[r + R.valve]!;
    out[at.ZV_CMD] = 100 * row[r + R.valveCommand]!;
    out[at.V_FLT] = row[r + R.valveFault]!;
  } else {
    const stabilised = row[r + R.stabilised]!;
    out[at.P_STAB] = stabilised;
    out[at.VAC_VLV] = stabilised < SUPPRESSOR ? 1 : 0;
  }
}

function readSupply({ row, constants }: Rooms, i: number, at: StationMap, out: Float64Array): void {
  const r = roomAt(i);
  const c = i * roomConstants.size;
  const mains = row[r + R.mains]!;
  const volts = mains === 1 ? constants.row[c + C.voltage]! * (1 + SAG * row[r + R.sag]!) : 0;
  const tilt = volts * UNBALANCE * row[r + R.unbalance]!;
  out[at.KWH] = row[r + R.energy]!;
  out[at.P_TOT] = row[r + R.kw]!;
  out[at.PF_TOT] = row[r + R.powerFactor]!;
  out[at.U_A] = volts + tilt;
  out[at.U_B] = volts;
  out[at.U_C] = volts - tilt;
  out[at.MAINS_OK] = mains;
  out[at.UPS_V] = row[r + R.upsVolts]!;
  out[at.RSSI] = constants.row[c + C.signal]! + FADING_DB * row[r + R.fading]!;
  out[at.RTT] = constants.row[c + C.roundTrip]! * (1 + DELAY * Math.max(-2, row[r + R.delay]!));
  out[at.BUFFER] = 0;
}

function readPlace(rooms: Rooms, i: number, at: StationMap, out: Float64Array): void {
  const { row, constants } = rooms;
  const r = roomAt(i);
  const c = i * roomConstants.size;
  const water = row[r + R.waterTemperature]!;
  const flood = row[r + R.flood]!;
  out[at.CL2] = row[r + R.chlorine]!;
  out[at.TURB] = row[r + R.turbidity]!;
  out[at.PH] = constants.row[c + C.ph]!;
  out[at.T_W] = water;
  // conductivity reads higher in warmer water where the probe does not compensate all of it
  out[at.COND] = constants.row[c + C.conductivity]! * (1 + 0.004 * (water - 20));
  out[at.T_ROOM] = row[r + R.roomTemperature]!;
  out[at.RH] = row[r + R.humidity]!;
  out[at.NOISE] = noiseLevel(rooms, i);
  out[at.FLOOD] = flood;
  out[at.SUMP] = flood === 1 ? FLOODED_SUMP : row[r + R.sump]!;
  out[at.SMOKE] = row[r + R.smoke]!;
  out[at.DOOR] = row[r + R.door]!;
  if (at.L1 >= 0) {
    out[at.HATCH] = row[r + R.hatch]!;
    out[at.CLEANED] = row[r + R.sinceCleaned]!;
  }
}

function readSet(rooms: Rooms, s: number, out: Float64Array, start: number): void {
  const { row, firstPump, constants } = rooms;
  const w = setAt(rooms, s);
  out[start + SET.P_OUT!] = row[w + W.pressure]!;
  out[start + SET.P_SET!] = row[w + W.setpoint]!;
  out[start + SET.P_END!] = row[w + W.critical]!;
  out[start + SET.F_OUT!] = row[w + W.delivered]!;
  out[start + SET.V_OUT!] = row[w + W.total]!;
  out[start + SET.P_STEP!] = row[w + W.surge]!;
  out[start + SET.STORE!] = row[w + W.storage]!;
  const ratedFlow = constants.row[constants.setStart + s * setConstants.size + setConstants.at.ratedFlow]!;
  const end = pumpAt(rooms, firstPump[s + 1]!);
  let to = start + SET_POINTS;
  for (let p = pumpAt(rooms, firstPump[s]!); p < end; p += pumpLayout.size, to += PUMP_POINTS)
    readPump(row, p, ratedFlow, out, to);
}

/** @param p where the pump's record stands in the row @param start of its points in the template */
function readPump(row: Float64Array, p: number, ratedFlow: number, out: Float64Array, start: number): void {
  const run = row[p + P.run]!;
  const fault = row[p + P.fault]!;
  const manual = row[p + P.manual]!;
  const hz = row[p + P.hz]!;
  const flow = row[p + P.flow]!;
  const vibration = row[p + P.vibration]!;
  out[start + PUMP.RUN!] = run;
  out[start + PUMP.FLT!] = fault;
  out[start + PUMP.AUTO!] = 1 - manual;
  out[start + PUMP.AVAIL!] = fault === 0 && manual === 0 ? 1 : 0;
  out[start + PUMP.HZ!] = hz;
  out[start + PUMP.I!] = row[p + P.current]!;
  out[start + PUMP.KW!] = row[p + P.kw]!;
  out[start + PUMP.T_MOT!] = row[p + P.motorTemperature]!;
  out[start + PUMP.T_VFD!] = row[p + P.driveTemperature]!;
  const turnedBack = run === 0 && flow < 0 ? (TURNED_BACK * -flow) / ratedFlow : 0;
  out[start + PUMP.VIB!] = vibration + turnedBack;
  out[start + PUMP.VIB_HF!] = hz > 0 ? BEARINGS.base + BEARINGS.share * vibration : 0;
  out[start + PUMP.N_START!] = row[p + P.starts]!;
  out[start + PUMP.RUN_H!] = row[p + P.runHours]!;
}
