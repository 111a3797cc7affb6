import { leastGradient, openResistance, Status } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';
import { valveLossCoefficient } from './position-valve.ts';

/** Head loss of an open TCV or PCV. */
export function throttleLoss(h: Hydraulics, s: HydraulicState, k: number, q: number): number {
  const m = throttleCoefficient(h, s, k);
  if (m <= 0) return openResistance * q;
  const gradient = 2 * m * Math.abs(q);
  return gradient < leastGradient ? (leastGradient / 2) * q : (gradient / 2) * q;
}

/** Head loss per flow² of an open TCV or PCV. */
export function throttleCoefficient(h: Hydraulics, s: HydraulicState, k: number): number {
  if (s.pinned[k]) return h.minor[k]!;
  return h.kind[k] === LinkKind.tcv ? s.setting[k]! * h.unitLoss[k]! : valveLossCoefficient(h, s, k);
}

/** Writes the laws of the throttling valves among plain links `first … end` along their chains. */
export function lineariseThrottles(
  h: Hydraulics,
  s: HydraulicState,
  laws: Float64Array,
  first: number,
  end: number,
): void {
  const { throttles } = h;
  for (
    let i = placeIn(throttles, throttles.length, first);
    i < throttles.length && throttles[i]! < end;
    i++
  ) {
    const k = throttles[i]!;
    if (s.status[k]! <= Status.closed) continue;
    const q = s.flow[k]!;
    const m = throttleCoefficient(h, s, k);
    const gradient = 2 * m * Math.abs(q);
    const bent = m > 0 && gradient >= leastGradient;
    laws[2 * k] = bent ? gradient : m > 0 ? leastGradient / 2 : openResistance;
    laws[2 * k + 1] = bent ? (gradient / 2) * q * h.along[k]! : 0;
  }
}

/** Where in the first `count` of an ascending list the numbers from `least` on begin. */
export function placeIn(list: Int32Array, count: number, least: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
