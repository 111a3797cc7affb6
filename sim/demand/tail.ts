/**
 * The sum of a few pulses is skewed: a quarter of an hour without water, then three taps at once. Its spread
 * over its mean is `c`, its skewness 1.7 c for the pulses of homes. A normal number `z` made into `max(0, u + z)³`
 * has nearly this shape at every size (2 c when `u` is large: Wilson & Hilferty, PNAS 17, 1931, for the gamma
 * distribution) and draws nothing as often as few homes do. A log-normal one has 3 c + c³, and so draws water
 * for which there are not taps enough.
 */
export interface Tail {
  /** `u` above */
  offset: number;
  /** mean of `max(0, u + z)³` */
  mean: number;
}

const LOWEST = -3;
const HIGHEST = 9;
const SPACING = 0.1;
/** From the lowest offset on: mean over spread, and the cube root of the mean; both are nearly straight lines. */
const KNOTS = Array.from({ length: Math.round((HIGHEST - LOWEST) / SPACING) + 1 }, (_, i) => {
  const { mean, square } = moments(LOWEST + i * SPACING);
  return { ratio: mean / Math.sqrt(square - mean * mean), root: Math.cbrt(mean) };
});

/** The tail with this spread over mean. @param spread > 0; beyond about 100 it is taken as that */
export function tailOf(spread: number): Tail {
  const ratio = 1 / spread;
  let low = 0;
  let high = KNOTS.length - 1;
  if (ratio >= KNOTS[high]!.ratio) {
    // no draw is cut off here: mean u³ + 3 u, variance 9 u⁴ + 36 u² + 15, and so u/3 + 1/(3 u) the ratio
    const offset = (3 * ratio + Math.sqrt(9 * ratio * ratio - 4)) / 2;
    return { offset, mean: offset ** 3 + 3 * offset };
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (KNOTS[middle]!.ratio > ratio) high = middle;
    else low = middle;
  }
  const from = KNOTS[low]!;
  const to = KNOTS[high]!;
  const share = Math.max(0, (ratio - from.ratio) / (to.ratio - from.ratio));
  return {
    offset: LOWEST + (low + share) * SPACING,
    mean: (from.root + share * (to.root - from.root)) ** 3,
  };
}

/** First and second moment of `max(0, u + z)³`, by the trapezoidal rule. */
function moments(u: number): { mean: number; square: number } {
  const step = 0.05;
  const end = Math.max(0, u) + 8;
  let mean = 0;
  let square = 0;
  for (let t = step; t < end; t += step) {
    const weight = (step * Math.exp(-((t - u) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    mean += weight * t ** 3;
    square += weight * t ** 6;
  }
  return { mean, square };
}
