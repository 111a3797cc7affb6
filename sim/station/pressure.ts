import { metresFromMpa, mpaFromMetres } from '#twin/units.ts';
import { ATMOSPHERE, type SetSpec } from './spec.ts';
import type { SetRoom } from './state.ts';

const MAX_ITERATIONS = 12;
/** m³/h; far below the resolution of any meter */
const FLOW_TOLERANCE = 3e-3;
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
  const { setpoint } = state;
  const running = gather(spec, pumps, suction);
  const leaky = backFlow(pumps);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let pressure = before;
  let supply = 0;
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    supply = leaky === 0 ? 0 : -leaky * Math.sqrt(pressure);
    let slope = 0;
    for (let k = 0; k < running; k++) {
      const surplus = duty.head[k]! - pressure * METRES_PER_MPA;
      const flow = surplus > 0 ? Math.sqrt(surplus / duty.resistance[k]!) : 0;
      const count = duty.count[k]!;
      duty.flow[k] = flow;
      supply += count * flow;
      if (surplus > 0)
        slope += (count * METRES_PER_MPA) / (2 * duty.resistance[k]! * Math.max(flow, SLOPE_FLOW));
    }
    if (spec.bypass > 0 && suction > pressure) {
      const direct = spec.bypass * Math.sqrt(suction - pressure);
      supply += direct;
      slope += (0.5 * spec.bypass * spec.bypass) / Math.max(direct, SLOPE_FLOW);
    }
    const draw = drawn(spec, setpoint, pressure, demand);
    const filling = (storedWater(spec, pressure) - stored) * perHour;
    const residual = filling - supply + draw;
    if (residual > 0) high = pressure;
    else low = pressure;
    if (Math.abs(residual) < FLOW_TOLERANCE) break;
    slope += storage(spec, pressure) * perHour + drawSlope(spec, setpoint, pressure, draw);
    const next = pressure - residual / slope;
    if (next > low && next < high) pressure = next;
    else pressure = high === Number.POSITIVE_INFINITY ? low + 0.05 : (low + high) / 2;
  }
  share(pumps, pressure);
  state.pressure = pressure;
  state.pumped = supply;
  state.delivered = Math.max(0, supply - (storedWater(spec, pressure) - stored) * perHour);
  const load = Math.min(1.3, state.delivered / spec.designFlow);
  state.critical = Math.max(0, pressure - spec.topStatic - spec.riserLoss * load * load);
}

/**
 * The turning pumps of the set under way, like ones together: scratch of `stepPressure`, so that its iterations
 * touch a few numbers side by side.
 */
const MOST_PUMPS = 16;
const duty = {
  head: new Float64Array(MOST_PUMPS),
  resistance: new Float64Array(MOST_PUMPS),
  flow: new Float64Array(MOST_PUMPS),
  count: new Float64Array(MOST_PUMPS),
  /** which of them each pump is, −1 at rest */
  of: new Int8Array(MOST_PUMPS),
};

/** Head at no flow of every turning pump above the suction's zero, m. Returns how many unlike ones there are. */
function gather(spec: SetSpec, pumps: SetRoom['pumps'], suction: number): number {
  let found = 0;
  for (let k = 0; k < pumps.length; k++) {
    const { hz } = pumps[k]!;
    duty.of[k] = -1;
    if (!(hz > 0)) continue;
    const { shutoffHead, resistance } = spec.pumps[k]!;
    const s = hz / 50;
    const head = shutoffHead * s * s + suction * METRES_PER_MPA;
    let same = 0;
    while (same < found && !(duty.head[same] === head && duty.resistance[same] === resistance)) same++;
    duty.of[k] = same;
    if (same < found) {
      duty.count[same] = duty.count[same]! + 1;
      continue;
    }
    duty.head[found] = head;
    duty.resistance[found] = resistance;
    duty.count[found++] = 1;
  }
  return found;
}

/** Conductance of all check valves that let water back, m³/h/√MPa. */
function backFlow(pumps: SetRoom['pumps']): number {
  let sum = 0;
  for (let k = 0; k < pumps.length; k++) if (duty.of[k]! < 0) sum += pumps[k]!.checkLeak;
  return sum;
}

/** Gives every pump its flow. */
function share(pumps: SetRoom['pumps'], pressure: number): void {
  for (let k = 0; k < pumps.length; k++) {
    const pump = pumps[k]!;
    const which = duty.of[k]!;
    pump.flow =
      which >= 0 ? duty.flow[which]! : pump.checkLeak > 0 ? -pump.checkLeak * Math.sqrt(pressure) : 0;
  }
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
