import { cubicFoot, foot } from './constants.ts';
import type { HydraulicState, Hydraulics } from './model.ts';
import { interpolate } from './polyline.ts';

/** Head loss per flow² of a shut PCV. */
const shut = (1e8 * foot) / cubicFoot ** 2;

/**
 * Head loss per flow² of a PCV at its opening: the fully open loss by the square of Kv/Kv100, which its curve
 * gives in % over the opening in %, or the opening itself without a curve (EPANET 2.3 release notes).
 */
export function valveLossCoefficient(h: Hydraulics, s: HydraulicState, k: number): number {
  const opening = s.setting[k]!;
  if (opening >= 100) return h.minor[k]!;
  if (opening <= 0) return shut;
  const curve = h.valveCurves.get(k);
  let share = opening;
  if (curve) {
    const first = curve.x[0]!;
    share = opening < first ? (opening / first) * curve.y[0]! : interpolate(curve, opening);
  }
  share = Math.min(1, Math.max(1e-6, share / 100));
  return Math.min(shut, h.minor[k]! / (share * share));
}
