import type { Random } from '#sim/random.ts';

/** Demand at the scale of seconds around a mean that the caller moves over the day. */
export interface DemandProcess {
  /**
   * Moves on by `dt` seconds.
   * @param mean expected flow now, m³/h, ≥ 0
   * @returns mean flow over the step, m³/h, ≥ 0
   */
  step(mean: number, dt: number, random: Random): number;
}

/** Brings a fresh process to its stationary state: steps over several lengths of a long pulse. */
export function prime(process: DemandProcess, mean: number, random: Random): void {
  for (let i = 0; i < 30; i++) process.step(mean, 20, random);
}
