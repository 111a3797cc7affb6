/**
 * The head of a pump over its flow, brought to full speed by the affinity laws (Q ∝ s, H ∝ s²): H/s² = H₀ − a (Q/s)²,
 * a straight line over (Q/s)². Fitted as values come: once when the pump is first seen, and ever anew over its last hours
 * of running alone. What lies far off counts as what lies just far enough (Huber).
 */
export interface PumpCurve {
  first: Line;
  recent: Line;
}

/** A line by least squares: weight, means and central sums of what it was fitted to. */
export interface Line {
  n: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  /** mean distance of values from it */
  off: number;
}

/** Values a line is first fitted to, and those that the recent one remembers: minutes of running. */
const FIRST = 400;
/** One that ran at nearly one flow is fitted further, up to a few days. */
const LONGEST_FIRST = 4000;
const MEMORY = 200;
/** Before so many nothing is far off. */
const SETTLED = 40;
const FAR = 4;
const OFF_SHARE = 0.02;
/** A pump that lifts so much more than when it was first seen has been repaired. */
const REPAIRED = 1.04;
const SLOWEST = 20;
const RATED_HZ = 50;

export const noCurve = (): PumpCurve => ({ first: noLine(), recent: noLine() });

const noLine = (): Line => ({ n: 0, x: 0, y: 0, xx: 0, xy: 0, off: 0 });

/** Takes a minute in which the pump ran alone. @param flow m³/h @param head MPa @param hz its frequency */
export function learnCurve(curve: PumpCurve, flow: number, head: number, hz: number): void {
  if (!(hz >= SLOWEST && flow > 0 && head > 0)) return;
  const s = hz / RATED_HZ;
  const [x, y] = [(flow / s) ** 2, head / s ** 2];
  const { first } = curve;
  if (first.n < FIRST || (first.n < LONGEST_FIRST && !settled(first))) addTo(first, x, y, 1);
  addTo(curve.recent, x, y, 1 - 1 / MEMORY);
  if (headShare(curve) > REPAIRED) curve.first = asFirst(curve.recent);
}

/** What was learnt lately in place of what was learnt first. */
function asFirst(recent: Line): Line {
  const more = FIRST / recent.n;
  return { ...recent, n: FIRST, xx: more * recent.xx, xy: more * recent.xy };
}

function addTo(line: Line, x: number, y: number, keeps: number): void {
  const expected = headAt(line, x);
  let taken = y;
  if (line.n >= SETTLED) {
    const far = FAR * Math.max(line.off, 0.002 * expected);
    taken = Math.min(expected + far, Math.max(expected - far, y));
  }
  if (line.n > 1) line.off += Math.max(OFF_SHARE, 1 / line.n) * (Math.abs(taken - expected) - line.off);
  line.n = keeps * line.n + 1;
  const dx = x - line.x;
  line.x += dx / line.n;
  line.y += (taken - line.y) / line.n;
  line.xx = keeps * line.xx + dx * (x - line.x);
  line.xy = keeps * line.xy + dx * (taken - line.y);
}

/** How well a slope must be known to be compared with another: standard error over slope. */
const SLOPE_ERROR = 0.05;
/** The same of the head at no flow, which lies beyond what the pump ran at: error over head. */
const SHUTOFF_ERROR = 0.01;
/** A line that explains less of its values' variance is fitted further. */
const WELL_EXPLAINED = 0.9;
/** Of a normal distribution, standard deviation over mean distance: √(π/2). */
const DEVIATION = Math.sqrt(Math.PI / 2);

const slopeOf = ({ xx, xy }: Line): number => (xx > 0 ? xy / xx : 0);

/**
 * Share of the variance of heads that a line explains, R². Errors of the flows flatten its slope b; if all that it leaves
 * unexplained were such errors, the true one would be b/R²: it lies between the two (Frisch, Statistical confluence analysis
 * by means of complete regression systems, 1934).
 */
function explained(line: Line): number {
  const told = slopeOf(line) ** 2 * line.xx;
  const left = line.n * (DEVIATION * line.off) ** 2;
  return told > 0 ? told / (told + left) : 0;
}

/** Whether a slope is known well: flows that hardly differ say little of it. */
function steady(line: Line): boolean {
  const error = (DEVIATION * line.off) / Math.sqrt(line.xx);
  return error <= SLOPE_ERROR * Math.abs(slopeOf(line));
}

const settled = (line: Line): boolean => steady(line) && explained(line) >= WELL_EXPLAINED;

/** Head at full speed, MPa. @param x (Q/s)² */
const headAt = (line: Line, x: number): number => line.y + slopeOf(line) * (x - line.x);

/** Whether the head at no flow is known well: standard error of a line's prediction there. */
function reaching(line: Line): boolean {
  const error = DEVIATION * line.off * Math.sqrt(1 / line.n + line.x ** 2 / line.xx);
  return error <= SHUTOFF_ERROR * headAt(line, 0);
}

const known = ({ first, recent }: PumpCurve): boolean => first.n >= FIRST && recent.n >= 0.6 * MEMORY;

/** Head of late over that when first seen, at the flow the pump runs at; NaN while too little is known. */
export function headShare(curve: PumpCurve): number {
  if (!known(curve)) return Number.NaN;
  const { x, y } = curve.recent;
  return y / headAt(curve.first, x);
}

/**
 * The same at no flow, where a strainer costs nothing: what is missing here the impeller has lost. NaN too while flows have
 * not told how head goes on to there.
 */
export function shutoffShare(curve: PumpCurve): number {
  const { first, recent } = curve;
  if (!known(curve) || !reaching(first) || !reaching(recent)) return Number.NaN;
  return headAt(recent, 0) / headAt(first, 0);
}

/**
 * How much steeper its head falls with flow than when it was first seen, at least: what a clogged impeller or strainer takes
 * grows with the square of the flow, and leaves the head at no flow as it was. The first slope counts as the steepest that
 * its values allow, the recent one as the flattest. NaN while one of the two is not known well.
 */
export function slopeShare(curve: PumpCurve): number {
  if (!known(curve) || !steady(curve.first) || !steady(curve.recent)) return Number.NaN;
  const steepest = slopeOf(curve.first) / explained(curve.first);
  return steepest < 0 ? slopeOf(curve.recent) / steepest : Number.NaN;
}
