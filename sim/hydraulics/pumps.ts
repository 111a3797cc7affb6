import { closedResistance, leastGradient, openResistance } from './constants.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { pieceAt } from './polyline.ts';

/**
 * The linearised law of a running pump at its flow and speed ω. Head gains scale with ω², flows with ω
 * (affinity laws).
 */
export function linearisePump(h: Hydraulics, s: HydraulicState, w: Workspace, k: number): void {
  const q = s.flow[k]!;
  const size = Math.abs(q);
  const speed = s.setting[k]!;
  const curve = h.pumps[h.pumpOf[k]!]!.curve;
  if (speed === 0) {
    set(w, k, q, 0, closedResistance * q, closedResistance);
    return;
  }
  switch (curve.kind) {
    case 'custom': {
      const { intercept, slope } = pieceAt(curve.line, size / speed);
      const gradient = -slope * speed;
      set(w, k, q, -intercept * speed * speed, gradient * q, gradient);
      return;
    }
    case 'constant power': {
      const r = curve.r * speed ** 3;
      const gradient = r / (q * q);
      if (gradient > closedResistance) set(w, k, q, 0, closedResistance * q, closedResistance);
      else if (gradient < openResistance) set(w, k, q, 0, openResistance * q, openResistance);
      else set(w, k, q, 0, -r / q, gradient);
      return;
    }
    case 'power function': {
      const lift = -curve.shutoff * speed * speed;
      const n = Math.abs(curve.n - 1) < 1e-6 ? 1 : curve.n;
      const r = curve.r * speed ** (2 - n);
      if (n === 1) {
        set(w, k, q, lift, r * q, r);
        return;
      }
      const gradient = n * r * size ** (n - 1);
      if (gradient < leastGradient) set(w, k, q, lift, leastGradient * q, leastGradient);
      else set(w, k, q, lift, (gradient * q) / n, gradient);
    }
  }
}

function set(w: Workspace, k: number, q: number, lift: number, loss: number, gradient: number): void {
  w.linear[2 * k] = 1 / gradient;
  w.linear[2 * k + 1] = q - (lift + loss) / gradient;
}
