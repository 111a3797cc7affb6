import type { Curve } from '#gis/network/model.ts';
import type { PumpCurve } from './model.ts';

/**
 * Fits a head curve as EPANET does (EPANET 2.2 User Manual, section 3.2): one point (Q, H) means a shutoff head
 * of 4H/3 and a greatest flow of 2Q; three points from zero flow are a power function; others are piecewise.
 *
 * @param flowScale solver's m³/s per m³/h
 * @throws RangeError naming the pump and what is wrong with its curve
 */
export function fitPumpCurve(pump: string, curve: Curve, flowScale: number): PumpCurve {
  const x = Float64Array.from(curve.points, (point) => point.x * flowScale);
  const y = Float64Array.from(curve.points, (point) => point.y);
  const n = x.length;
  if (n === 0) throw new RangeError(`pump ${pump}: curve ${curve.id} has no points`);
  if (n === 1) return powerFunction(pump, curve.id, [(4 / 3) * y[0]!, y[0]!, 0], [x[0]!, 2 * x[0]!]);
  if (n === 3 && x[0] === 0) return powerFunction(pump, curve.id, [y[0]!, y[1]!, y[2]!], [x[1]!, x[2]!]);
  for (let i = 1; i < n; i++) {
    if (y[i]! >= y[i - 1]!)
      throw new RangeError(`pump ${pump}: the head of curve ${curve.id} does not fall with flow`);
  }
  return { kind: 'custom', designFlow: (x[0]! + x[n - 1]!) / 2, maxHead: y[0]!, line: { x, y } };
}

function powerFunction(
  pump: string,
  curve: string,
  [h0, h1, h2]: [number, number, number],
  [q1, q2]: [number, number],
): PumpCurve {
  const falls = h0 > 0 && h0 > h1 && h1 > h2 && h2 >= 0 && q1 > 0 && q2 > q1;
  const n = falls ? Math.log((h0 - h2) / (h0 - h1)) / Math.log(q2 / q1) : Number.NaN;
  if (!(n > 0 && n <= 20)) throw new RangeError(`pump ${pump}: no pump has a head curve like ${curve}`);
  const r = (h0 - h1) / q1 ** n;
  return { kind: 'power function', designFlow: q1, maxHead: h0, shutoff: h0, r, n };
}
