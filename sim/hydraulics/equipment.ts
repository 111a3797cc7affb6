import { closedResistance, leastGradient, openResistance, Status, stiffConductance } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind, type Workspace } from './model.ts';
import { pipeLoss } from './pipe-laws.ts';
import { pieceAt } from './polyline.ts';
import { linearisePump } from './pumps.ts';
import { throttleCoefficient } from './throttle.ts';

const law = new Float64Array(2);

/**
 * The linearised law q = offset + conductance·Δh of every link that is not just a pipe, at its flow and status;
 * valves that hold a pressure or a flow are left to `holdSettings`.
 */
export function lineariseEquipment(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  for (let k = h.plainLinks; k < h.coreLinks; k++) linearise(h, s, w, k);
}

function linearise(h: Hydraulics, s: HydraulicState, w: Workspace, k: number): void {
  const q = s.flow[k]!;
  if (s.status[k]! <= Status.closed) {
    w.linear[2 * k] = 1 / closedResistance;
    w.linear[2 * k + 1] = 0;
    return;
  }
  switch (h.kind[k]) {
    case LinkKind.pipe:
    case LinkKind.checkValve:
      pipeLoss(h, k, q, law);
      w.linear[2 * k] = 1 / law[1]!;
      w.linear[2 * k + 1] = q - law[0]! / law[1]!;
      return;
    case LinkKind.pump:
      linearisePump(h, s, w, k);
      return;
    case LinkKind.pbv: {
      const setting = s.setting[k]!;
      // between nodes without a source it would hold its drop against nothing: no head there is told from another
      const idle = s.pinned[k] === 1 || s.cutOff[h.from[k]!] === 1;
      if (idle || setting === 0 || h.minor[k]! * q * q > setting) throttle(w, k, q, h.minor[k]!);
      else {
        w.linear[2 * k] = stiffConductance;
        w.linear[2 * k + 1] = q - setting * stiffConductance;
      }
      return;
    }
    case LinkKind.tcv:
    case LinkKind.pcv:
      throttle(w, k, q, throttleCoefficient(h, s, k));
      return;
    case LinkKind.gpv: {
      const size = Math.max(Math.abs(q), 1e-6 * 0.3048 ** 3);
      const { intercept, slope } = pieceAt(h.valveCurves.get(k)!, size);
      const steep = Math.max(slope, openResistance);
      w.linear[2 * k] = 1 / steep;
      w.linear[2 * k + 1] = q - (intercept / steep + size) * (q < 0 ? -1 : 1);
      return;
    }
    default:
      throttle(w, k, q, h.minor[k]!);
  }
}

/** An opening with head loss m·q², or almost none. */
function throttle(w: Workspace, k: number, q: number, m: number): void {
  if (m <= 0) {
    w.linear[2 * k] = 1 / openResistance;
    w.linear[2 * k + 1] = 0;
    return;
  }
  const gradient = 2 * m * Math.abs(q);
  if (gradient < leastGradient) {
    w.linear[2 * k] = 2 / leastGradient;
    w.linear[2 * k + 1] = 0;
  } else {
    w.linear[2 * k] = 1 / gradient;
    w.linear[2 * k + 1] = q / 2;
  }
}

/** Adds the linearised laws to the system, or to its right-hand side alone. */
export function addEquipment(h: Hydraulics, s: HydraulicState, w: Workspace, matrix: boolean): void {
  const { from, to, ends, kind } = h;
  const { system, below, linear } = w;
  for (let k = h.plainLinks; k < h.coreLinks; k++) {
    const type = kind[k]!;
    if (s.status[k] === Status.active && (type === LinkKind.prv || type === LinkKind.psv)) continue;
    if (s.status[k] === Status.active && type === LinkKind.fcv) {
      linear[2 * k] = 1 / closedResistance;
      linear[2 * k + 1] = s.setting[k]!;
    }
    const g = linear[2 * k]!;
    const a = from[k]!;
    const b = to[k]!;
    const q = linear[2 * k + 1]! + g * (s.head[a]! - s.head[b]!);
    system[2 * a + 1] = system[2 * a + 1]! - q;
    system[2 * b + 1] = system[2 * b + 1]! + q;
    if (!matrix) continue;
    system[2 * a] = system[2 * a]! + g;
    system[2 * b] = system[2 * b]! + g;
    const place = ends[3 * k + 2]!;
    below[place] = below[place]! - g;
  }
  for (const k of h.valves) {
    if (k >= h.coreLinks || s.status[k] !== Status.active) continue;
    if (kind[k] === LinkKind.prv) holdDownstream(h, s, w, k, matrix);
    else if (kind[k] === LinkKind.psv) holdUpstream(h, s, w, k, matrix);
  }
}

/** An active PRV: its end keeps the set head, and its flow is what the end needs. */
function holdDownstream(h: Hydraulics, s: HydraulicState, w: Workspace, k: number, matrix: boolean): void {
  const { system } = w;
  const a = h.from[k]!;
  const b = h.to[k]!;
  const need = -surplus(h, s, w, b, k);
  w.linear[2 * k] = 0;
  w.linear[2 * k + 1] = need;
  if (matrix) system[2 * b] = system[2 * b]! + stiffConductance;
  system[2 * b + 1] = system[2 * b + 1]! + stiffConductance * (h.elevation[b]! + s.setting[k]! - s.head[b]!);
  if (need > 0) system[2 * a + 1] = system[2 * a + 1]! - need;
}

/** An active PSV: its start keeps the set head, and its flow is what is left over there. */
function holdUpstream(h: Hydraulics, s: HydraulicState, w: Workspace, k: number, matrix: boolean): void {
  const { system, below } = w;
  const a = h.from[k]!;
  const b = h.to[k]!;
  const spare = surplus(h, s, w, a, k);
  w.linear[2 * k] = 0;
  w.linear[2 * k + 1] = spare;
  system[2 * a + 1] = system[2 * a + 1]! + stiffConductance * (h.elevation[a]! + s.setting[k]! - s.head[a]!);
  if (spare > 0) system[2 * b + 1] = system[2 * b + 1]! + spare;
  const g = 1 / closedResistance;
  system[2 * b + 1] = system[2 * b + 1]! + g * (s.head[a]! - s.head[b]!);
  if (!matrix) return;
  system[2 * a] = system[2 * a]! + stiffConductance;
  system[2 * b] = system[2 * b]! + g;
  const place = h.ends[3 * k + 2]!;
  below[place] = below[place]! - g;
}

/** Inflow less outflow and demand of a junction at the present flows, without one link. */
function surplus(h: Hydraulics, s: HydraulicState, w: Workspace, node: number, without: number): number {
  let sum = -(h.pressureDriven ? s.delivered[node]! : w.load[node]!) - s.emitterFlow[node]!;
  for (let i = h.adjacencyStart[node]!; i < h.adjacencyStart[node + 1]!; i++) {
    const k = h.adjacency[i]!;
    if (k === without) continue;
    const held = h.kind[k] === LinkKind.fcv && s.status[k] === Status.active;
    const q = held ? s.setting[k]! : s.flow[k]!;
    sum += h.to[k] === node ? q : -q;
  }
  return sum;
}

/**
 * Moves the flows of equipment to the new heads by their linearised laws.
 *
 * @param again whether flows have moved by these laws before
 */
export function moveEquipment(
  h: Hydraulics,
  s: HydraulicState,
  w: Workspace,
  relaxation: number,
  again: boolean,
): void {
  const { from, to } = h;
  const { linear, sums } = w;
  for (let k = h.plainLinks; k < h.coreLinks; k++) {
    const q = s.flow[k]!;
    let change =
      (linear[2 * k + 1]! + linear[2 * k]! * (s.head[from[k]!]! - s.head[to[k]!]!) - q) * relaxation;
    const pump = h.pumpOf[k]!;
    // A pump of constant power must not run backwards.
    if (pump >= 0 && h.pumps[pump]!.curve.kind === 'constant power' && -change > q) change = -q / 2;
    if (!again) s.lawFlow[k] = q;
    s.flow[k] = q + change;
    const size = Math.abs(q + change - s.lawFlow[k]!);
    sums[0] = sums[0]! + Math.abs(q + change);
    sums[1] = sums[1]! + size;
    if (size > sums[2]!) sums[2] = size;
  }
}
