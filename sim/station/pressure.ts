import { metresFromMpa, mpaFromMetres } from '#twin/units.ts';
import { ATMOSPHERE, type SetSpec } from './spec.ts';
import type { SetRoom } from './state.ts';

const MAX_ITERATIONS = 12;
/** m³/h; far below the resolution of any meter */
const FLOW_TOLERANCE = 1e-3;
/** Below this pump flow the slope of the curve is taken as there, so that it stays finite at a shut check valve. */
const SLOPE_FLOW = 0.01;
const METRES_PER_MPA = metresFromMpa(1);
const MPA_PER_METRE = mpaFromMetres(1);

/**
 * Moves the outlet pressure of a pump set by `h` seconds: what the pumps deliver less what the building takes
 * fills bladder tank and pipes. Implicit in the pressure, so that it is stable for every step; the water that
 * leaves is found from the balance, so that none is lost.
 * @param suction pressure before the pumps, MPa
 * @param demand what the building would take at the set-point, m³/h
 * Writes pressure, pumped, delivered and the flow of each pump.
 */
export function stepPressure(
  spec: SetSpec,
  { state, pumps }: SetRoom,
  suction: number,
  demand: number,
  h: number,
) {
  const before = state.pressure;
  const stored = storedWater(spec, before);
  const perHour = 3600 / h;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let pressure = before;
  let supply = 0;
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    supply = 0;
    let slope = 0;
    for (let k = 0; k < pumps.length; k++) {
      const pump = pumps[k]!;
      if (pump.hz > 0) {
        const own = spec.pumps[k]!;
        const s = pump.hz / 50;
        const surplus = own.shutoffHead * s * s + (suction - pressure) * METRES_PER_MPA;
        pump.flow = surplus > 0 ? Math.sqrt(surplus / own.resistance) : 0;
        supply += pump.flow;
        if (surplus > 0) slope += METRES_PER_MPA / (2 * own.resistance * Math.max(pump.flow, SLOPE_FLOW));
      } else {
        const leak = pump.checkLeak;
        pump.flow = leak > 0 ? -leak * Math.sqrt(Math.max(0, pressure)) : 0;
        supply += pump.flow;
      }
    }
    if (spec.bypass > 0 && suction > pressure) {
      const direct = spec.bypass * Math.sqrt(suction - pressure);
      supply += direct;
      slope += (0.5 * spec.bypass * spec.bypass) / Math.max(direct, SLOPE_FLOW);
    }
    const draw = drawn(spec, state.setpoint, pressure, demand);
    const filling = (storedWater(spec, pressure) - stored) * perHour;
    const residual = filling - supply + draw;
    if (residual > 0) high = pressure;
    else low = pressure;
    if (Math.abs(residual) < FLOW_TOLERANCE) break;
    slope += storage(spec, pressure) * perHour + drawSlope(spec, state.setpoint, pressure, draw);
    const next = pressure - residual / slope;
    if (next > low && next < high) pressure = next;
    else pressure = high === Number.POSITIVE_INFINITY ? low + 0.05 : (low + high) / 2;
  }
  state.pressure = pressure;
  state.pumped = supply;
  state.delivered = Math.max(0, supply - (storedWater(spec, pressure) - stored) * perHour);
  const share = Math.min(1.3, state.delivered / spec.designFlow);
  state.critical = Math.max(0, pressure - spec.topStatic - spec.riserLoss * share * share);
}

/** Water held by bladder tank (isothermal gas) and pipes, m³. */
export function storedWater(spec: SetSpec, pressure: number): number {
  const absolute = pressure + ATMOSPHERE;
  const bladder = absolute > spec.precharge ? spec.bladder * (1 - spec.precharge / absolute) : 0;
  return bladder + spec.elasticity * pressure;
}

function storage(spec: SetSpec, pressure: number): number {
  const absolute = pressure + ATMOSPHERE;
  const bladder = absolute > spec.precharge ? (spec.bladder * spec.precharge) / (absolute * absolute) : 0;
  return bladder + spec.elasticity;
}

/** Flow into the building, m³/h: taps follow the root of the pressure at the mean fixture, leaks the pressure. */
export function drawn(spec: SetSpec, setpoint: number, pressure: number, demand: number): number {
  const head = pressure - spec.meanStatic;
  const leak = (spec.leak * pressure) / setpoint;
  if (head <= 0) return leak;
  return demand * Math.min(1.4, Math.sqrt(head / (spec.setpoint - spec.meanStatic))) + leak;
}

function drawSlope(spec: SetSpec, setpoint: number, pressure: number, draw: number): number {
  const head = pressure - spec.meanStatic;
  return (head > 0 ? (0.5 * draw) / Math.max(head, MPA_PER_METRE) : 0) + spec.leak / setpoint;
}
