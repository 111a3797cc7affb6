import type { Random } from '#sim/random.ts';
import { AggregateDemand, varianceOfMean } from './aggregate.ts';
import { PulseDemand } from './explicit.ts';
import { meanActive, pulseDeviation } from './pulses.ts';

/** Demand at the scale of seconds around a mean that the caller moves over the day. */
export interface DemandProcess {
  /**
   * Moves on by `dt` seconds.
   * @param mean expected flow now, m³/h, ≥ 0
   * @returns mean flow over the step, m³/h, ≥ 0
   */
  step(mean: number, dt: number, random: Random): number;
}

/** From so many simultaneous pulses on, their sum is normal enough to be drawn as one process (CV ≤ 0.19). */
const MANY_PULSES = 50;

/** Explicit pulses for a few homes, their aggregate for many. @param meanFlow of a mean hour, m³/h */
export function demandProcess(meanFlow: number): DemandProcess {
  return meanActive(meanFlow) < MANY_PULSES ? new PulseDemand() : new AggregateDemand();
}

/** Brings a fresh process to its stationary state: steps over several lengths of a long pulse. */
export function prime(process: DemandProcess, mean: number, random: Random): void {
  for (let i = 0; i < 30; i++) process.step(mean, 20, random);
}

/** Mean flow over some minutes, m³/h, drawn without following the pulses. @param seconds a minute or more */
export function meanDemand(mean: number, seconds: number, random: Random): number {
  return Math.max(0, mean + pulseDeviation(mean) * Math.sqrt(varianceOfMean(seconds)) * random.normal());
}
