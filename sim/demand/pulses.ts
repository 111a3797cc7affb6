/**
 * The Poisson rectangular pulse model of residential demand: every use of water is a rectangle of a random
 * height and length. Parameters calibrated on more than 2,000 Chinese homes: Zhang, Savic, Xu et al.,
 * "PRP model … urban residential", Environmental Science and Ecotechnology 18 (2023) 100317.
 * The model itself: Buchberger & Wells, J. Water Resour. Plan. Manage. 122(1), 1996.
 */
export interface PulseParameters {
  /** flow of a pulse, m³/h: mean and standard deviation */
  intensity: Moments;
  /** length of a pulse, s: mean and standard deviation */
  duration: Moments;
}

export interface Moments {
  mean: number;
  sd: number;
}

export const CHINESE_HOMES: PulseParameters = {
  intensity: { mean: 0.346, sd: 0.292 },
  duration: { mean: 40, sd: 55 },
};

/** Pulses of one home in a mean day, same source. */
const PULSES_PER_HOME_DAY = 91;

/** Mean demand of one home by the model, m³/h. */
export const MEAN_FLOW_PER_HOME =
  (PULSES_PER_HOME_DAY * CHINESE_HOMES.duration.mean * CHINESE_HOMES.intensity.mean) / 86_400;

/** Mean number of pulses under way at a mean flow in m³/h. */
export function meanActive(flow: number, parameters = CHINESE_HOMES): number {
  return flow / parameters.intensity.mean;
}

/** Standard deviation of the flow around its mean, m³/h: √(λ E[D] E[I²]). */
export function pulseDeviation(flow: number, parameters = CHINESE_HOMES): number {
  const { mean, sd } = parameters.intensity;
  return Math.sqrt((Math.max(0, flow) * (mean * mean + sd * sd)) / mean);
}

/** μ and σ of the logarithm of a log-normal quantity with these moments. */
export function logNormal({ mean, sd }: Moments): { mu: number; sigma: number } {
  const variance = Math.log(1 + (sd / mean) ** 2);
  return { mu: Math.log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}
