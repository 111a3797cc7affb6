import { setPumpSpeed } from './controls.ts';
import type { HydraulicState, Hydraulics } from './model.ts';

/** What patterns say at the state's time: demands of junctions, heads of reservoirs, speeds of pumps. */
export function applyPatterns(h: Hydraulics, s: HydraulicState): void {
  const now = patternFactors(h, s.time);
  const { demandNode, demandBase, demandPattern } = h;
  s.demand.set(s.extraDemand);
  for (let i = 0; i < demandNode.length; i++) {
    const pattern = demandPattern[i]!;
    const node = demandNode[i]!;
    s.demand[node] = s.demand[node]! + demandBase[i]! * (pattern < 0 ? 1 : now[pattern]!);
  }
  for (const { node, head, pattern } of h.reservoirs) if (pattern >= 0) s.head[node] = head * now[pattern]!;
  for (const pump of h.pumps)
    if (pump.speedPattern >= 0) setPumpSpeed(h, s, pump.link, now[pump.speedPattern]!);
}

/** The factor of every pattern at a time. */
export function patternFactors(h: Hydraulics, time: number): Float64Array {
  const period = patternPeriod(h, time);
  return Float64Array.from(h.patterns, (factors) => factors[period % factors.length]!);
}

/** Seconds until the next pattern period begins. */
export function timeToPatternChange(h: Hydraulics, time: number): number {
  return (patternPeriod(h, time) + 1) * h.times.patternStep - (time + h.times.patternStart);
}

/** A time within a microsecond of the next period belongs to it: times are sums of decimal fractions. */
function patternPeriod({ times }: Hydraulics, time: number): number {
  return Math.floor((time + times.patternStart + 1e-6) / times.patternStep);
}
