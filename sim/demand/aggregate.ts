import type { Random } from '#sim/random.ts';
import type { DemandProcess } from './process.ts';
import { pulseDeviation } from './pulses.ts';

/**
 * Autocorrelation of the sum of many pulses with log-normal lengths (mean 40 s, sd 55 s),
 * ρ(τ) = E[(D − τ)⁺] / E[D], as a mixture of exponentials: share and time constant in s.
 * Least squares over 0–600 s, largest error 0.003.
 */
export const MIXTURE = [
  { share: 0.581, tau: 26 },
  { share: 0.3644, tau: 81 },
  { share: 0.0546, tau: 231 },
] as const;

/** Variance of the mean flow over a time in s, as a share of the variance at an instant. */
export function varianceOfMean(seconds: number): number {
  return MIXTURE.reduce((sum, { share, tau }) => sum + share * meanShare(tau, seconds), 0);
}

/** Variance of the mean of a first-order autoregression over `dt`. */
export function meanShare(tau: number, dt: number): number {
  const r = tau / dt;
  return r > 1e4 ? 1 : 2 * r * (1 - r * (1 - Math.exp(-1 / r)));
}

/**
 * The demand of many homes as one process: three first-order autoregressions whose sum has the mean, the
 * variance and the autocorrelation of the pulses. Cost does not depend on the number of homes.
 */
export class AggregateDemand implements DemandProcess {
  private readonly level = new Float64Array(MIXTURE.length);
  private readonly decay = new Float64Array(MIXTURE.length);
  private readonly weight = new Float64Array(MIXTURE.length);
  private readonly kick = new Float64Array(MIXTURE.length);
  private dt = 0;

  step(mean: number, dt: number, random: Random): number {
    if (dt !== this.dt) this.prepare(dt);
    let x = 0;
    for (let k = 0; k < MIXTURE.length; k++) {
      this.level[k] = this.level[k]! * this.decay[k]! + this.kick[k]! * random.roughNormal();
      x += this.level[k]! * this.weight[k]!;
    }
    return Math.max(0, mean + pulseDeviation(mean) * x);
  }

  private prepare(dt: number): void {
    this.dt = dt;
    MIXTURE.forEach(({ share, tau }, k) => {
      const decay = Math.exp(-dt / tau);
      this.decay[k] = decay;
      this.weight[k] = Math.sqrt(meanShare(tau, dt));
      this.kick[k] = Math.sqrt(share * (1 - decay * decay));
    });
  }
}
