import { hydraulicKw } from '#twin/units.ts';
import { type PumpFamily, pumpFamilies } from './families.data.ts';

export { type PumpFamily, pumpFamilies } from './families.data.ts';

/**
 * Where catalogue curves end, as a multiple of the best flow (1.29 to 1.5 in the families). Beyond, the shaft of a
 * radial pump takes no more than there: head falls as fast as flow grows. The parabola of the efficiency alone would
 * ask five times the motor's power at twice the best flow.
 */
export const RUN_OUT = 1.4;

/**
 * The family of that name.
 * @throws RangeError naming the family when there is none
 */
export function pumpFamily(name: string): PumpFamily {
  const found = pumpFamilies[name];
  if (!found) throw new RangeError(`pump family "${name}" is not in the catalogue`);
  return found;
}

/**
 * Head of one pump, m. Affinity laws: Q ∝ s, H ∝ s².
 * @param flow m³/h through this pump, ≥ 0
 * @param speed share of the rated speed, f/50
 * @returns below zero beyond the flow at which the curve ends
 */
export function pumpHead(family: PumpFamily, stages: number, flow: number, speed: number): number {
  return stages * (family.shutoffHeadPerStage * speed * speed - family.a * flow * flow);
}

/** Head of `count` equal pumps in parallel at one speed, m, for the flow of all together in m³/h. */
export function parallelHead(
  family: PumpFamily,
  stages: number,
  count: number,
  totalFlow: number,
  speed: number,
): number {
  return count > 0 ? pumpHead(family, stages, totalFlow / count, speed) : 0;
}

/** Flow of one pump against `head` m, m³/h; 0 when the pump cannot reach it (the check valve is shut). */
export function pumpFlow(family: PumpFamily, stages: number, head: number, speed: number): number {
  const surplus = family.shutoffHeadPerStage * speed * speed - head / stages;
  return surplus > 0 ? Math.sqrt(surplus / family.a) : 0;
}

/** Speed at which one pump delivers `flow` m³/h at `head` m, as a share of the rated speed. */
export function pumpSpeed(family: PumpFamily, stages: number, flow: number, head: number): number {
  return Math.sqrt(Math.max(0, head / stages + family.a * flow * flow) / family.shutoffHeadPerStage);
}

/** Hydraulic efficiency, 0 … 1, by affinity `η(Q, s) = η(Q/s)`; 0 at no flow or at rest. */
export function pumpEfficiency(family: PumpFamily, flow: number, speed: number): number {
  if (speed <= 0 || flow <= 0) return 0;
  const x = flow / (speed * family.ratedFlow);
  if (x <= 1) return family.maxEfficiency * x * (2 - x);
  if (x <= RUN_OUT) return family.maxEfficiency * beyondBest(x);
  // the power of the end of the curve, for what the water still gets
  const left = headShare(family, x);
  if (!(left > 0)) return 0;
  const gained = x * left;
  return (family.maxEfficiency * beyondBest(RUN_OUT) * gained) / (RUN_OUT * headShare(family, RUN_OUT));
}

/** Share of the best efficiency at `x` times the flow it has it at, between 1 and the end of the curve. */
function beyondBest(x: number): number {
  return 1 - 0.9 * (x - 1) * (x - 1);
}

/** Head over that at no flow, at `x` times the best flow. */
function headShare({ a, ratedFlow, shutoffHeadPerStage }: PumpFamily, x: number): number {
  return 1 - (a * (x * ratedFlow) ** 2) / shutoffHeadPerStage;
}

/**
 * Shaft power of one pump, kW. At no flow it is the limit of `ρ g Q H / η`, not zero: a pump that runs
 * against a closed valve still takes power. Beyond the end of its curve it takes what it takes there.
 */
export function shaftPower(family: PumpFamily, stages: number, flow: number, speed: number): number {
  if (speed <= 0) return 0;
  const used = Math.min(flow, RUN_OUT * speed * family.ratedFlow);
  const head = Math.max(0, pumpHead(family, stages, used, speed));
  return hydraulicKw(flowOverEfficiency(family.ratedFlow, family.maxEfficiency, used, speed), head);
}

/**
 * Q/η, m³/h, with the common factor Q cancelled up to the best efficiency, so that it stays finite at no flow.
 * @param flow up to the end of the curve, m³/h
 * @param speed share of the rated speed, > 0
 */
export function flowOverEfficiency(
  ratedFlow: number,
  maxEfficiency: number,
  flow: number,
  speed: number,
): number {
  const best = speed * ratedFlow;
  const x = flow / best;
  return x <= 1 ? best / (maxEfficiency * (2 - x)) : flow / (maxEfficiency * beyondBest(x));
}
