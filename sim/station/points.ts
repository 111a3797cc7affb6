import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { level, type PumpState, type Room, type SetRoom } from './state.ts';
import { noiseLevel } from './surroundings.ts';

/** Where the pump sets and their pumps begin in a template. */
export interface PointMap {
  readonly template: Template;
  readonly sets: readonly { start: number; pumps: number }[];
  readonly station: Readonly<Record<string, number>>;
}

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

const maps = new Map<Template, PointMap>();

/** The map of a template, made once. */
export function pointMap(template: Template): PointMap {
  const hit = maps.get(template);
  if (hit) return hit;
  const station: Record<string, number> = {};
  const sets: { start: number; pumps: number }[] = [];
  for (const point of template.points) {
    if (point.scope === 'station') station[point.tag] = point.index;
    else if (point.scope === 'set' && point.tag === 'P_OUT') sets.push({ start: point.index, pumps: 0 });
    else if (point.scope === 'pump' && point.tag === 'RUN') sets.at(-1)!.pumps++;
  }
  const made = { template, station, sets };
  maps.set(template, made);
  return made;
}

/** Writes the true value of every point of a room into `out`, in the order of its template. */
export function readRoom(room: Room, out: Float64Array): void {
  const map = pointMap(room.spec.template);
  const put = (tag: string, value: number) => {
    const at = map.station[tag];
    if (at !== undefined) out[at] = value;
  };
  readHydraulics(room, put);
  readSupply(room, put);
  readPlace(room, put);
  for (let k = 0; k < room.sets.length; k++) readSet(room.sets[k]!, out, map.sets[k]!.start);
}

type Put = (tag: string, value: number) => void;

function readHydraulics(room: Room, put: Put): void {
  const { spec, state } = room;
  put('P_IN', state.inletPressure);
  put('F_IN', state.inflow);
  put('V_IN', state.inletTotal);
  if (spec.tank) {
    const height = level(room);
    const share = height / spec.tank.height;
    put('L1', height);
    put('L2', Math.max(0, height + SECOND_TRANSMITTER));
    put('LSHH', share >= FULL_FLOAT ? 1 : 0);
    put('LSLL', share < LOW_FLOAT ? 1 : 0);
    put('ZV_IN', 100 * state.valve);
    put('ZV_CMD', 100 * state.valveCommand);
    put('V_FLT', state.valveFault);
  } else {
    put('P_STAB', state.stabilised);
    put('VAC_VLV', state.stabilised < SUPPRESSOR ? 1 : 0);
  }
}

function readSupply({ spec, state }: Room, put: Put): void {
  const volts = state.mains === 1 ? spec.condition.voltage * (1 + SAG * state.sag) : 0;
  const tilt = volts * UNBALANCE * state.unbalance;
  put('KWH', state.energy);
  put('P_TOT', state.kw);
  put('PF_TOT', state.powerFactor);
  put('U_A', volts + tilt);
  put('U_B', volts);
  put('U_C', volts - tilt);
  put('MAINS_OK', state.mains);
  put('UPS_V', state.upsVolts);
  put('RSSI', spec.condition.signal + FADING_DB * state.fading);
  put('RTT', spec.condition.roundTrip * (1 + DELAY * Math.max(-2, state.delay)));
  put('BUFFER', 0);
}

function readPlace(room: Room, put: Put): void {
  const { spec, state } = room;
  const { source } = spec.condition;
  put('CL2', state.chlorine);
  put('TURB', state.turbidity);
  put('PH', source.ph);
  put('T_W', state.waterTemperature);
  // conductivity reads higher in warmer water where the probe does not compensate all of it
  put('COND', source.conductivity * (1 + 0.004 * (state.waterTemperature - 20)));
  put('T_ROOM', state.roomTemperature);
  put('RH', state.humidity);
  put('NOISE', noiseLevel(room));
  put('FLOOD', state.flood);
  put('SMOKE', state.smoke);
  put('DOOR', state.door);
  put('HATCH', state.hatch);
}

function readSet({ state, pumps }: SetRoom, out: Float64Array, start: number): void {
  out[start + SET.P_OUT!] = state.pressure;
  out[start + SET.P_SET!] = state.setpoint;
  out[start + SET.P_END!] = state.critical;
  out[start + SET.F_OUT!] = state.delivered;
  out[start + SET.V_OUT!] = state.total;
  for (let p = 0; p < pumps.length; p++) readPump(pumps[p]!, out, start + SET_POINTS + p * PUMP_POINTS);
}

function readPump(pump: PumpState, out: Float64Array, start: number): void {
  out[start + PUMP.RUN!] = pump.run;
  out[start + PUMP.FLT!] = pump.fault;
  out[start + PUMP.AUTO!] = 1 - pump.manual;
  out[start + PUMP.AVAIL!] = pump.fault === 0 && pump.manual === 0 ? 1 : 0;
  out[start + PUMP.HZ!] = pump.hz;
  out[start + PUMP.I!] = pump.current;
  out[start + PUMP.KW!] = pump.kw;
  out[start + PUMP.T_MOT!] = pump.motorTemperature;
  out[start + PUMP.T_VFD!] = pump.driveTemperature;
  out[start + PUMP.VIB!] = pump.vibration;
  out[start + PUMP.N_START!] = pump.starts;
  out[start + PUMP.RUN_H!] = pump.runHours;
}
