import { barrierRounding, barrierSlope, demandTolerance, leastGradient } from './constants.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';

/**
 * Outflows that depend on the pressure: emitters (leaks, sprinklers) and pressure-driven demands. Each is a
 * virtual link from its junction to a reservoir at the junction's elevation (Rossman et al., EPANET 2.2 User
 * Manual, section 12.3; Wagner et al. 1988 for the demand curve). FAVAD leakage will be a third kind.
 */
export function addOutflows(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { system } = w;
  for (const { node, coefficient } of h.emitters) {
    emitterLoss(h, s.emitterFlow[node]!, coefficient);
    const g = 1 / gradient;
    system[2 * node] = system[2 * node]! + g;
    system[2 * node + 1] = system[2 * node + 1]! - linearOutflow(h, s, node, s.emitterFlow[node]!, 0);
  }
  if (!h.pressureDriven) return;
  for (let i = 0; i < h.coreNodes; i++) {
    const full = w.load[i]!;
    if (full <= 0) continue;
    demandLoss(h, s.delivered[i]!, full);
    const g = 1 / gradient;
    system[2 * i] = system[2 * i]! + g;
    system[2 * i + 1] =
      system[2 * i + 1]! - linearOutflow(h, s, i, s.delivered[i]!, h.options.minimumPressure);
  }
}

/** Moves emitter and demand flows to the new heads. */
export function moveOutflows(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  for (const { node, coefficient } of h.emitters) {
    emitterLoss(h, s.emitterFlow[node]!, coefficient);
    const before = s.emitterFlow[node]!;
    const change = (linearOutflow(h, s, node, before, 0) - before) * relaxation;
    s.emitterFlow[node] = before + change;
    count(w, before + change, change);
  }
  if (!h.pressureDriven) return;
  for (let i = 0; i < h.coreNodes; i++) {
    const full = w.load[i]!;
    if (full <= 0) continue;
    const before = s.delivered[i]!;
    demandLoss(h, before, full);
    let change = (linearOutflow(h, s, i, before, h.options.minimumPressure) - before) * relaxation;
    change = Math.min(0.4 * full, Math.max(-0.4 * full, change));
    s.delivered[i] = before + change;
    count(w, before + change, change);
  }
}

/** Whether every pressure-driven demand lies on its curve. */
export function demandsSettled(h: Hydraulics, s: HydraulicState, w: Workspace): boolean {
  if (!h.pressureDriven) return true;
  const { minimumPressure, requiredPressure, pressureExponent } = h.options;
  for (let i = 0; i < h.coreNodes; i++) {
    const full = w.load[i]!;
    if (full <= 0) continue;
    const share = (s.head[i]! - h.elevation[i]! - minimumPressure) / (requiredPressure - minimumPressure);
    const due = share <= 0 ? 0 : share >= 1 ? full : full * share ** pressureExponent;
    if (Math.abs(due - s.delivered[i]!) > demandTolerance) return false;
  }
  return true;
}

let loss = 0;
let gradient = 0;

function emitterLoss(h: Hydraulics, q: number, coefficient: number): void {
  const n = 1 / h.options.emitterExponent;
  const size = Math.abs(q);
  gradient = n * coefficient * size ** (n - 1);
  if (gradient < leastGradient) {
    gradient = leastGradient / n;
    loss = gradient * q;
  } else loss = (gradient * q) / n;
  if (h.options.emitterBackflow === false) barrier(q, -1);
}

function demandLoss(h: Hydraulics, q: number, full: number): void {
  const { minimumPressure, requiredPressure, pressureExponent } = h.options;
  const n = 1 / pressureExponent;
  gradient = (n * (requiredPressure - minimumPressure) * (Math.abs(q) / full) ** (n - 1)) / full;
  loss = (gradient * q) / n;
  barrier(q, -1);
  barrier(q - full, 1);
}

/** A steep but smooth wall below (side −1) or above (side 1) an excess of zero. */
function barrier(excess: number, side: number): void {
  const a = barrierSlope * excess;
  const b = Math.sqrt(a * a + barrierRounding);
  loss += (a + side * b) / 2;
  gradient += (barrierSlope / 2) * (1 + (side * a) / b);
}

/** The outflow that the tangent at q gives for the present head. */
function linearOutflow(h: Hydraulics, s: HydraulicState, node: number, q: number, pressure: number): number {
  return q + (s.head[node]! - h.elevation[node]! - pressure - loss) / gradient;
}

function count({ sums }: Workspace, q: number, change: number): void {
  sums[0] = sums[0]! + Math.abs(q);
  sums[1] = sums[1]! + Math.abs(change);
  if (Math.abs(change) > sums[2]!) sums[2] = Math.abs(change);
}
