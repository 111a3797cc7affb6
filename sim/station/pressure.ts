import { metresFromMpa, mpaFromMetres, secondsPerHour } from '#twin/units.ts';
import { setConstants } from './constants.ts';
import { duty } from './duty.ts';
import { setLayout } from './fields.ts';
import { moment, NOW } from './moment.ts';
import { ATMOSPHERE, type SetSpec } from './spec.ts';

const M = moment;
const N = NOW;
const W = setLayout.at;
const C = setConstants.at;

const MAX_ITERATIONS = 12;
/** m³/h; far below the resolution of any meter */
const FLOW_TOLERANCE = 3e-3;
/** Below this pump flow the slope of the curve is taken as there, so that it stays finite at a shut check valve. */
const SLOPE_FLOW = 0.01;
/** Taps give at most so much more than at the set-point. */
const MOST_DRAWN = 1.4;
/** The same for other steps of the same balance. */
export const PRESSURE = {
  flowTolerance: FLOW_TOLERANCE,
  slopeFlow: SLOPE_FLOW,
  mostDrawn: MOST_DRAWN,
} as const;
const METRES_PER_MPA = metresFromMpa(1);
const HALF_METRE = METRES_PER_MPA / 2;
const MPA_PER_METRE = mpaFromMetres(1);

/**
 * Moves the outlet pressure of the pump set at `s` of the row by a part of a step: what the pumps deliver less what the building takes
 * fills bladder tank and pipes. Implicit in the pressure, so that it is stable for every step; the water that
 * leaves is found from the balance, so that none is lost.
 * @param own constants, those of the set at `c`
 * @param turning how many unlike pumps `duty` holds
 * Suction, bypass, demand and length of the part are those of the `moment`.
 * Writes pressure, pumped, delivered and the flows in `duty`.
 */
export function stepPressure(
  row: Float64Array,
  s: number,
  own: Float64Array,
  c: number,
  turning: number,
): void {
  const suction = M[N.suction]!;
  const demand = M[N.demand]!;
  const gas = own[c + C.precharge]!;
  const bladder = own[c + C.bladder]!;
  const elasticity = own[c + C.elasticity]!;
  const fixture = own[c + C.meanStatic]!;
  const perSpan = own[c + C.perSpan]!;
  const upstream = M[N.upstream]!;
  const bypass = M[N.bypass]!;
  const crowded = M[N.crowded]!;
  const conducts = bypass * bypass;
  const leak = own[c + C.leak]! / row[s + W.setpoint]!;
  const { shutoff, square, conductance, count, flow } = duty;
  const leaky = M[N.leaking]!;
  const perHour = secondsPerHour / M[N.h]!;
  let pressure = row[s + W.pressure]!;
  const before = held(pressure, gas, bladder, elasticity);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let supply = 0;
  let filling = 0;
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    supply = leaky === 0 ? 0 : -leaky * Math.sqrt(Math.max(0, pressure - suction));
    let slope = leak;
    const back = (pressure - suction) * METRES_PER_MPA;
    for (let k = 0; k < turning; k++) {
      const surplus = shutoff[k]! * square[k]! - back;
      if (!(surplus > 0)) {
        flow[k] = 0;
        continue;
      }
      const through = Math.sqrt(surplus * conductance[k]!);
      const number = count[k]!;
      flow[k] = through;
      supply += number * through;
      slope += (number * HALF_METRE * conductance[k]!) / (through > SLOPE_FLOW ? through : SLOPE_FLOW);
    }
    if (bypass > 0 && upstream > pressure) {
      // q²/b² + 2 c q = Δp, with c what the others' flow adds
      const root = Math.sqrt(crowded * crowded + (upstream - pressure) / conducts);
      const direct = conducts * (root - crowded);
      supply += direct;
      slope += 0.5 / Math.max(root, SLOPE_FLOW / conducts);
    }
    let draw = leak * pressure;
    const tapHead = pressure - fixture;
    if (tapHead > 0) {
      const root = Math.sqrt(tapHead * perSpan);
      draw += demand * (root < MOST_DRAWN ? root : MOST_DRAWN);
      slope += (0.5 * draw) / (tapHead > MPA_PER_METRE ? tapHead : MPA_PER_METRE);
    }
    filling = (held(pressure, gas, bladder, elasticity) - before) * perHour;
    const residual = filling - supply + draw;
    if (Math.abs(residual) < FLOW_TOLERANCE) break;
    if (residual > 0) high = pressure;
    else low = pressure;
    slope += (yielding(pressure, gas, bladder) + elasticity) * perHour;
    const next = pressure - residual / slope;
    if (next > low && next < high) pressure = next;
    else pressure = high === Number.POSITIVE_INFINITY ? low + 0.05 : (low + high) / 2;
    if (i === MAX_ITERATIONS - 1) filling = (held(pressure, gas, bladder, elasticity) - before) * perHour;
  }
  row[s + W.pressure] = pressure;
  row[s + W.pumped] = supply;
  row[s + W.delivered] = Math.max(0, supply - filling);
}

/** Pressure at the critical point of the pump set at `s` of the row at what it delivers, MPa. */
export function stepCritical(row: Float64Array, s: number, own: Float64Array, c: number): void {
  const load = Math.min(1.3, row[s + W.delivered]! / own[c + C.designFlow]!);
  const lost = own[c + C.topStatic]! + own[c + C.riserLoss]! * load * load;
  row[s + W.critical] = Math.max(0, row[s + W.pressure]! - lost);
}

/** Water held by bladder tank (isothermal gas) and pipes, m³. */
export function held(pressure: number, gas: number, bladder: number, elasticity: number): number {
  const absolute = pressure + ATMOSPHERE;
  return (absolute > gas ? bladder * (1 - gas / absolute) : 0) + elasticity * pressure;
}

/** What the bladder tank takes in for a rise of its pressure, m³/MPa. */
export function yielding(pressure: number, gas: number, bladder: number): number {
  const absolute = pressure + ATMOSPHERE;
  return absolute > gas ? (bladder * gas) / (absolute * absolute) : 0;
}

/** The same for a set as drawn. */
export function storedWater({ precharge, bladder, elasticity }: SetSpec, pressure: number): number {
  return held(pressure, precharge, bladder, elasticity);
}

/** Flow into the building, m³/h: taps follow the root of the pressure at the mean fixture, leaks the pressure. */
export function drawn(spec: SetSpec, setpoint: number, pressure: number, demand: number): number {
  const tapHead = pressure - spec.meanStatic;
  const leak = (spec.leak * pressure) / setpoint;
  if (tapHead <= 0) return leak;
  return demand * Math.min(MOST_DRAWN, Math.sqrt(tapHead / (spec.setpoint - spec.meanStatic))) + leak;
}
