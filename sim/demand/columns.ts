import { hashNormal, type Random } from '#sim/random.ts';
import { MIXTURE, meanShare } from './aggregate.ts';
import { pulseDeviation } from './pulses.ts';

/** Numbers of state per pump set. */
const LEVELS = MIXTURE.length;

/**
 * The demand of many pump sets at once, in columns: for each the mixture of autoregressions that has the
 * autocorrelation of the pulses, taken as a log-normal factor so that small buildings never draw less than
 * nothing and still have the mean and the variance of their pulses. Cost does not depend on the number of homes.
 */
export interface DemandColumns {
  /** m³/h, what each set takes now on average; set by `expectDemand` */
  readonly expected: Float64Array;
  /** standard deviation of the logarithm */
  readonly spread: Float64Array;
  /** m³/h over the last step */
  readonly drawn: Float64Array;
  /** state: `LEVELS` standard normal numbers per set */
  readonly levels: Float64Array;
}

/** @param seed of the levels to begin with: stationary from the first step on */
export function demandColumns(count: number, seed: number): DemandColumns {
  const levels = Float64Array.from({ length: count * LEVELS }, (_, i) =>
    hashNormal(seed, Math.floor(i / LEVELS), i % LEVELS),
  );
  const column = () => new Float64Array(count);
  return { expected: column(), spread: column(), drawn: column(), levels };
}

/** Moves the mean of one set. @param mean m³/h */
export function expectDemand({ expected, spread }: DemandColumns, set: number, mean: number): void {
  expected[set] = mean;
  const relative = mean > 0 ? pulseDeviation(mean) / mean : 0;
  spread[set] = Math.sqrt(Math.log(1 + relative * relative));
}

/** Moves all sets on by `dt` seconds. */
export function stepDemand(
  { expected, spread, drawn, levels }: DemandColumns,
  dt: number,
  random: Random,
): void {
  const decay = MIXTURE.map(({ tau }) => Math.exp(-dt / tau));
  const kick = decay.map((kept) => Math.sqrt(1 - kept * kept));
  const weight = MIXTURE.map(({ share, tau }) => Math.sqrt(share * meanShare(tau, dt)));
  const half = weight.reduce((sum, w) => sum + w * w, 0) / 2;
  for (let i = 0, at = 0; i < expected.length; i++) {
    let x = 0;
    for (let k = 0; k < LEVELS; k++, at++) {
      const level = levels[at]! * decay[k]! + kick[k]! * random.roughNormal();
      levels[at] = level;
      x += level * weight[k]!;
    }
    const sigma = spread[i]!;
    drawn[i] = expected[i]! * Math.exp(sigma * x - half * sigma * sigma);
  }
}
