import { headCurveFault, powerFit } from '#gis/network/head-curve.ts';
import type { Curve } from '#gis/network/model.ts';
import type { PumpCurve } from './model.ts';

/**
 * Fits a head curve as EPANET does: one point (Q, H) means a shutoff head of 4H/3 and a greatest flow of 2Q; three points
 * from zero flow are a power function; others are piecewise.
 *
 * @param flowScale solver's m³/s per m³/h
 * @throws RangeError naming the pump and what is wrong with its curve
 */
export function fitPumpCurve(pump: string, curve: Curve, flowScale: number): PumpCurve {
  const fault = headCurveFault(curve);
  if (fault !== undefined) throw new RangeError(`pump ${pump}: ${fault}`);
  const power = powerFit(curve);
  if (power) {
    const { shutoff, n, head, flow } = power;
    const designFlow = flow * flowScale;
    const r = (shutoff - head) / designFlow ** n;
    return { kind: 'power function', designFlow, maxHead: shutoff, shutoff, r, n };
  }
  const x = Float64Array.from(curve.points, (point) => point.x * flowScale);
  const y = Float64Array.from(curve.points, (point) => point.y);
  return { kind: 'custom', designFlow: (x[0]! + x.at(-1)!) / 2, maxHead: y[0]!, line: { x, y } };
}
