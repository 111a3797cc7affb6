import type { Curve } from './model.ts';

/** EPANET takes no exponent beyond (its powercurve()). */
const STEEPEST = 20;

/**
 * The power function H = shutoff − r·Qⁿ of a head curve of one point, or of three from zero flow, as EPANET fits it (EPANET
 * 2.2 User Manual, section 3.2); undefined for a curve of any other number of points, which is taken piece by piece.
 *
 * @returns `n` is NaN when no such function goes through the points; flows in the unit of the curve, heads in m
 */
export function powerFit({ points }: Curve): PowerFit | undefined {
  const [first, second, third] = points;
  if (points.length === 1) {
    const { x, y } = first!;
    return powerThrough([(4 / 3) * y, y, 0], [x, 2 * x]);
  }
  if (points.length === 3 && first!.x === 0)
    return powerThrough([first!.y, second!.y, third!.y], [second!.x, third!.x]);
  return undefined;
}

interface PowerFit {
  shutoff: number;
  n: number;
  /** head and flow at the design point */
  head: number;
  flow: number;
}

function powerThrough([h0, h1, h2]: [number, number, number], [q1, q2]: [number, number]): PowerFit {
  const falls = h0 > 0 && h0 > h1 && h1 > h2 && h2 >= 0 && q1 > 0 && q2 > q1;
  const n = falls ? Math.log((h0 - h2) / (h0 - h1)) / Math.log(q2 / q1) : Number.NaN;
  return { shutoff: h0, n: n > 0 && n <= STEEPEST ? n : Number.NaN, head: h1, flow: q1 };
}

/** What keeps a curve from being the head curve of a pump, if anything. */
export function headCurveFault(curve: Curve): string | undefined {
  const { id, points } = curve;
  if (points.length === 0) return `curve ${id} has no points`;
  const power = powerFit(curve);
  if (power) {
    if (!Number.isNaN(power.n)) return undefined;
    return `no pump has a head curve like ${id}: heads have to fall, from above 0, while flows rise`;
  }
  const rises = points.some(({ y }, i) => i > 0 && y >= points[i - 1]!.y);
  return rises ? `the head of curve ${id} does not fall with flow` : undefined;
}
