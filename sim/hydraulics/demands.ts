import { setPumpSpeed } from './controls.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/** What patterns say at the state's time: demands of junctions, heads of reservoirs, speeds of pumps. */
export function applyPatterns(h: Hydraulics, s: HydraulicState): void {
  const now = patternFactors(h, s.time);
  s.demand.set(s.extraDemand);
  addDemands(h, s.demand, now);
  for (const { node, head, pattern } of h.reservoirs) if (pattern >= 0) s.head[node] = head * now[pattern]!;
  for (const pump of h.pumps)
    if (pump.speedPattern >= 0) setPumpSpeed(h, s, pump.link, now[pump.speedPattern]!);
}

function addDemands(
  { demandNode, demandBase, demandPattern }: Hydraulics,
  demand: Float64Array,
  factors: Float64Array,
): void {
  const count = demandNode.length;
  for (let i = 0; i < count; i++) {
    const pattern = demandPattern[i]!;
    const node = demandNode[i]!;
    demand[node] = demand[node]! + demandBase[i]! * (pattern < 0 ? 1 : factors[pattern]!);
  }
}

/** The factor of every pattern at a time. */
export function patternFactors({ patterns, times }: Hydraulics, time: number): Float64Array {
  const period = patternPeriod(times, time);
  const factors = new Float64Array(patterns.length);
  for (let i = 0; i < factors.length; i++) {
    const pattern = patterns[i]!;
    factors[i] = pattern[period % pattern.length]!;
  }
  return factors;
}

/** Seconds until the next pattern period begins. */
export function timeToPatternChange(h: Hydraulics, time: number): number {
  return (patternPeriod(h.times, time) + 1) * h.times.patternStep - (time + h.times.patternStart);
}

/** A time within a microsecond of the next period belongs to it: times are sums of decimal fractions. */
function patternPeriod(times: Hydraulics['times'], time: number): number {
  return Math.floor((time + times.patternStart + 1e-6) / times.patternStep);
}
