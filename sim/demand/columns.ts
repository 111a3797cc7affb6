import { hashNormal, type Random } from '#sim/random.ts';
import { MIXTURE, meanShare, varianceOfMean } from './aggregate.ts';
import { pulseDeviation } from './pulses.ts';
import { tailOf } from './tail.ts';

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
  /** state: standard normal numbers, one column over all sets for each part of the mixture */
  readonly levels: readonly Float64Array[];
  /** of each part: what a step keeps of its level, what it adds of a new draw, and its weight in the sum */
  readonly parts: readonly { readonly kept: number; readonly kick: number; readonly weight: number }[];
}

/**
 * @param seed of the levels to begin with: stationary from the first step on
 * @param dt length of all steps, s
 * @param drawn where the draws go: a column of their own when absent
 */
export function demandColumns(
  count: number,
  seed: number,
  dt: number,
  drawn: Float64Array = new Float64Array(count),
): DemandColumns {
  const column = () => new Float64Array(count);
  const whole = varianceOfMean(dt);
  return {
    dt,
    expected: column(),
    offset: column(),
    unit: column(),
    drawn,
    levels: MIXTURE.map((_, part) => column().map((_, set) => hashNormal(seed, set, part))),
    parts: MIXTURE.map(({ share, tau }) => {
      const kept = Math.exp(-dt / tau);
      const weight = Math.sqrt((share * meanShare(tau, dt)) / whole);
      return { kept, kick: Math.sqrt(1 - kept * kept), weight };
    }),
  };
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
export function stepDemand({ offset, unit, drawn, levels, parts }: DemandColumns, random: Random): void {
  drawn.set(offset);
  for (let k = 0; k < parts.length; k++) {
    const { kept, kick, weight } = parts[k]!;
    random.wander(levels[k]!, 1, kept, kick);
    addWeighted(drawn, levels[k]!, weight);
  }
  for (let i = 0; i < drawn.length; i++) {
    const x = drawn[i]!;
    drawn[i] = x > 0 ? unit[i]! * x * x * x : 0;
  }
}

function addWeighted(sum: Float64Array, part: Float64Array, weight: number): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + weight * part[i]!;
}
