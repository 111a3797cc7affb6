import type { Curve } from '#gis/network/model.ts';
import type { Polyline } from './model.ts';

/** A curve of the network in the solver's units. */
export function polyline(curve: Curve, xScale: number, yScale: number): Polyline {
  return {
    x: Float64Array.from(curve.points, (point) => point.x * xScale),
    y: Float64Array.from(curve.points, (point) => point.y * yScale),
  };
}

/** Linear between points, constant beyond them. */
export function interpolate({ x, y }: Polyline, at: number): number {
  return between(x, y, at);
}

/** The x at which the line, rising in y, has this y. */
export function interpolateInverse({ x, y }: Polyline, at: number): number {
  return between(y, x, at);
}

/** Intercept and slope of the piece that holds x; beyond the ends, of the outermost piece. */
export function pieceAt({ x, y }: Polyline, at: number): { intercept: number; slope: number } {
  let i = 0;
  while (i < x.length && x[i]! < at) i++;
  const upper = Math.min(Math.max(i, 1), x.length - 1);
  const slope = (y[upper]! - y[upper - 1]!) / (x[upper]! - x[upper - 1]!);
  return { slope, intercept: y[upper - 1]! - slope * x[upper - 1]! };
}

function between(x: Float64Array, y: Float64Array, at: number): number {
  const last = x.length - 1;
  if (at <= x[0]!) return y[0]!;
  if (at >= x[last]!) return y[last]!;
  let i = 1;
  while (x[i]! < at) i++;
  const share = (at - x[i - 1]!) / (x[i]! - x[i - 1]!);
  return y[i - 1]! + share * (y[i]! - y[i - 1]!);
}
