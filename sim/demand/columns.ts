import { hashNormal, type Random } from '#sim/random.ts';
import { MIXTURE, meanShare, varianceOfMean } from './aggregate.ts';
import { pulseDeviation } from './pulses.ts';
import { tailOf } from './tail.ts';

/** Numbers of state per pump set. */
const LEVELS = MIXTURE.length;

/**
 * The demand of many pump sets at once, in columns: for each the mixture of autoregressions that has the
 * autocorrelation of the pulses, bent so that small buildings never draw less than nothing and still have the
 * mean, the variance and nearly the skewness of their pulses. Cost does not depend on the number of homes.
 */
export interface DemandColumns {
  /** length of a step, s */
  readonly dt: number;
  /** m³/h, what each set takes now on average; set by `expectDemand` */
  readonly expected: Float64Array;
  /** `max(0, offset + z)³ unit` is drawn, m³/h; set by `expectDemand` */
  readonly offset: Float64Array;
  readonly unit: Float64Array;
  /** m³/h over the last step */
  readonly drawn: Float64Array;
  /** state: `LEVELS` standard normal numbers per set */
  readonly levels: Float64Array;
}

/**
 * @param seed of the levels to begin with: stationary from the first step on
 * @param dt length of all steps, s
 */
export function demandColumns(count: number, seed: number, dt: number): DemandColumns {
  const levels = Float64Array.from({ length: count * LEVELS }, (_, i) =>
    hashNormal(seed, Math.floor(i / LEVELS), i % LEVELS),
  );
  const column = () => new Float64Array(count);
  return { dt, expected: column(), offset: column(), unit: column(), drawn: column(), levels };
}

/** Moves the mean of one set. @param mean m³/h */
export function expectDemand({ dt, expected, offset, unit }: DemandColumns, set: number, mean: number): void {
  if (mean === expected[set]) return;
  expected[set] = mean;
  unit[set] = 0;
  if (!(mean > 0)) return;
  const tail = tailOf((pulseDeviation(mean) / mean) * Math.sqrt(varianceOfMean(dt)));
  offset[set] = tail.offset;
  unit[set] = mean / tail.mean;
}

/** Moves all sets on by a step. */
export function stepDemand({ dt, offset, unit, drawn, levels }: DemandColumns, random: Random): void {
  const decay = MIXTURE.map(({ tau }) => Math.exp(-dt / tau));
  const kick = decay.map((kept) => Math.sqrt(1 - kept * kept));
  const whole = varianceOfMean(dt);
  const weight = MIXTURE.map(({ share, tau }) => Math.sqrt((share * meanShare(tau, dt)) / whole));
  for (let i = 0, at = 0; i < offset.length; i++) {
    let x = offset[i]!;
    for (let k = 0; k < LEVELS; k++, at++) {
      const level = levels[at]! * decay[k]! + kick[k]! * random.roughNormal();
      levels[at] = level;
      x += level * weight[k]!;
    }
    drawn[i] = x > 0 ? unit[i]! * x * x * x : 0;
  }
}
