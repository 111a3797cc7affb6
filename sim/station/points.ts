import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { level, type PumpState, type Room, type SetRoom } from './state.ts';
import { noiseLevel } from './surroundings.ts';

/** Index of each point of the station itself; −1 when its kind of station has none. */
type StationMap = Readonly<Record<(typeof STATION_TAGS)[number], number>>;

/** Where the pump sets and their pumps begin in a template. */
export interface PointMap {
  readonly template: Template;
  readonly sets: readonly { start: number; pumps: number }[];
  readonly station: StationMap;
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
  const sets: { start: number; pumps: number }[] = [];
  for (const point of template.points) {
    if (point.scope === 'set' && point.tag === 'P_OUT') sets.push({ start: point.index, pumps: 0 });
    else if (point.scope === 'pump' && point.tag === 'RUN') sets.at(-1)!.pumps++;
  }
  const made = { template, station, sets };
  maps.set(template, made);
  return made;
}

/** Writes the true value of every point of a room into `out`, in the order of its template. */
export function readRoom(room: Room, out: Float64Array): void {
  const map = pointMap(room.spec.template);
  readHydraulics(room, map.station, out);
  readSupply(room, map.station, out);
  readPlace(room, map.station, out);
  for (let k = 0; k < room.sets.length; k++)
    readSet(room.sets[k]!, room.spec.sets[k]!.ratedFlow, out, map.sets[k]!.start);
}

function readHydraulics(room: Room, at: StationMap, out: Float64Array): void {
  const { spec, state } = room;
  out[at.P_IN] = state.inletPressure;
  out[at.F_IN] = state.inflow;
  out[at.V_IN] = state.inletTotal;
  if (spec.tank) {
    const height = level(room);
    const share = height / spec.tank.height;
    out[at.L1] = height;
    out[at.L2] = Math.max(0, height + SECOND_TRANSMITTER);
    out[at.LSHH] = share >= FULL_FLOAT ? 1 : 0;
    out[at.LSLL] = share < LOW_FLOAT ? 1 : 0;
    out[at.ZV_IN] = 100 * state.valve;
    out[at.ZV_CMD] = 100 * state.valveCommand;
    out[at.V_FLT] = state.valveFault;
  } else {
    out[at.P_STAB] = state.stabilised;
    out[at.VAC_VLV] = state.stabilised < SUPPRESSOR ? 1 : 0;
  }
}

function readSupply({ spec, state }: Room, at: StationMap, out: Float64Array): void {
  const volts = state.mains === 1 ? spec.condition.voltage * (1 + SAG * state.sag) : 0;
  const tilt = volts * UNBALANCE * state.unbalance;
  out[at.KWH] = state.energy;
  out[at.P_TOT] = state.kw;
  out[at.PF_TOT] = state.powerFactor;
  out[at.U_A] = volts + tilt;
  out[at.U_B] = volts;
  out[at.U_C] = volts - tilt;
  out[at.MAINS_OK] = state.mains;
  out[at.UPS_V] = state.upsVolts;
  out[at.RSSI] = spec.condition.signal + FADING_DB * state.fading;
  out[at.RTT] = spec.condition.roundTrip * (1 + DELAY * Math.max(-2, state.delay));
  out[at.BUFFER] = 0;
}

function readPlace(room: Room, at: StationMap, out: Float64Array): void {
  const { spec, state } = room;
  const { source } = spec.condition;
  out[at.CL2] = state.chlorine;
  out[at.TURB] = state.turbidity;
  out[at.PH] = source.ph;
  out[at.T_W] = state.waterTemperature;
  // conductivity reads higher in warmer water where the probe does not compensate all of it
  out[at.COND] = source.conductivity * (1 + 0.004 * (state.waterTemperature - 20));
  out[at.T_ROOM] = state.roomTemperature;
  out[at.RH] = state.humidity;
  out[at.NOISE] = noiseLevel(room);
  out[at.FLOOD] = state.flood;
  out[at.SUMP] = state.flood === 1 ? FLOODED_SUMP : state.sump;
  out[at.SMOKE] = state.smoke;
  out[at.DOOR] = state.door;
  if (spec.tank) {
    out[at.HATCH] = state.hatch;
    out[at.CLEANED] = state.sinceCleaned;
  }
}

function readSet({ state, pumps }: SetRoom, ratedFlow: number, out: Float64Array, start: number): void {
  out[start + SET.P_OUT!] = state.pressure;
  out[start + SET.P_SET!] = state.setpoint;
  out[start + SET.P_END!] = state.critical;
  out[start + SET.F_OUT!] = state.delivered;
  out[start + SET.V_OUT!] = state.total;
  out[start + SET.P_STEP!] = state.surge;
  out[start + SET.STORE!] = state.storage;
  for (let p = 0; p < pumps.length; p++)
    readPump(pumps[p]!, ratedFlow, out, start + SET_POINTS + p * PUMP_POINTS);
}

function readPump(pump: PumpState, ratedFlow: number, out: Float64Array, start: number): void {
  out[start + PUMP.RUN!] = pump.run;
  out[start + PUMP.FLT!] = pump.fault;
  out[start + PUMP.AUTO!] = 1 - pump.manual;
  out[start + PUMP.AVAIL!] = pump.fault === 0 && pump.manual === 0 ? 1 : 0;
  out[start + PUMP.HZ!] = pump.hz;
  out[start + PUMP.I!] = pump.current;
  out[start + PUMP.KW!] = pump.kw;
  out[start + PUMP.T_MOT!] = pump.motorTemperature;
  out[start + PUMP.T_VFD!] = pump.driveTemperature;
  const turnedBack = pump.run === 0 && pump.flow < 0 ? (TURNED_BACK * -pump.flow) / ratedFlow : 0;
  out[start + PUMP.VIB!] = pump.vibration + turnedBack;
  out[start + PUMP.VIB_HF!] = pump.hz > 0 ? BEARINGS.base + BEARINGS.share * pump.vibration : 0;
  out[start + PUMP.N_START!] = pump.starts;
  out[start + PUMP.RUN_H!] = pump.runHours;
}
