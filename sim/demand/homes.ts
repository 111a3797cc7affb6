import type { Random } from '#sim/random.ts';
import { AggregateDemand, varianceOfMean } from './aggregate.ts';
import { PulseDemand } from './explicit.ts';
import type { DemandProcess } from './process.ts';
import { meanActive, pulseDeviation } from './pulses.ts';

/** From so many simultaneous pulses on, their sum is normal enough to be drawn as one process (CV ≤ 0.19). */
const MANY_PULSES = 50;

/** Explicit pulses for a few homes, their aggregate for many. @param meanFlow of a mean hour, m³/h */
export function demandProcess(meanFlow: number): DemandProcess {
  return meanActive(meanFlow) < MANY_PULSES ? new PulseDemand() : new AggregateDemand();
}

/** Mean flow over some minutes, m³/h, drawn without following the pulses. @param seconds a minute or more */
export function meanDemand(mean: number, seconds: number, random: Random): number {
  return Math.max(0, mean + pulseDeviation(mean) * Math.sqrt(varianceOfMean(seconds)) * random.normal());
}
