import { flowExponent } from './compile-friction.ts';
import { closedResistance, leastGradient, Status } from './constants.ts';
import { frictionFactor } from './darcy.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { power, powerTable } from './power.ts';

const hazenWilliams = powerTable(0.852);

/**
 * One pass over the pipes that only carry: moves each flow to the new heads by the law of the last pass, sums
 * what moved, linearises the law anew and adds it to the system. `relaxation` is the share of each move that is
 * made; 0 leaves flows as they are, for the first pass of a solve.
 */
export function sweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  if (h.formula === 'D-W') sweepDarcyWeisbach(h, s, w, relaxation);
  else sweepPowerLaw(h, s, w, relaxation);
}

function sweepPowerLaw(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { from, to, resistance, minor, slot, plainLinks } = h;
  const { head, flow, status } = s;
  const { system, below, conductance, offset, sums } = w;
  const chezy = h.formula === 'C-M';
  const exponent = flowExponent(h.formula);
  let total = 0;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < plainLinks; k++) {
    const a = from[k]!;
    const b = to[k]!;
    const drop = head[a]! - head[b]!;
    let q = flow[k]!;
    if (relaxation > 0) {
      const change = (offset[k]! + conductance[k]! * drop - q) * relaxation;
      q += change;
      flow[k] = q;
      total += Math.abs(q);
      const size = Math.abs(change);
      moved += size;
      if (size > most) most = size;
    }
    let g = 1 / closedResistance;
    let c = 0;
    if (status[k]! > Status.closed) {
      const size = Math.abs(q);
      let gradient = exponent * resistance[k]! * (chezy ? size : power(hazenWilliams, size));
      if (gradient < leastGradient) gradient = leastGradient / exponent;
      else c = 1 - 1 / exponent;
      const m = minor[k]!;
      if (m > 0) {
        const whole = gradient + 2 * m * size;
        // q − loss/gradient, with loss = gradient·(1 − c)·q + m·q²
        c = 1 - (gradient * (1 - c) + m * size) / whole;
        gradient = whole;
      }
      g = 1 / gradient;
      c *= q;
    }
    conductance[k] = g;
    offset[k] = c;
    const linear = c + g * drop;
    const i = 2 * a;
    const j = 2 * b;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - linear;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + linear;
    const place = slot[k]!;
    below[place] = below[place]! - g;
  }
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  if (most > sums[2]!) sums[2] = most;
}

function sweepDarcyWeisbach(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { from, to, slot, plainLinks } = h;
  const { head, flow, status } = s;
  const { system, below, conductance, offset, sums } = w;
  const law = new Float64Array(2);
  let total = 0;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < plainLinks; k++) {
    const a = from[k]!;
    const b = to[k]!;
    const drop = head[a]! - head[b]!;
    let q = flow[k]!;
    if (relaxation > 0) {
      const change = (offset[k]! + conductance[k]! * drop - q) * relaxation;
      q += change;
      flow[k] = q;
      total += Math.abs(q);
      const size = Math.abs(change);
      moved += size;
      if (size > most) most = size;
    }
    let g = 1 / closedResistance;
    let c = 0;
    if (status[k]! > Status.closed) {
      darcyWeisbach(h, k, q, law);
      g = 1 / law[1]!;
      c = q - law[0]! * g;
    }
    conductance[k] = g;
    offset[k] = c;
    const linear = c + g * drop;
    const i = 2 * a;
    const j = 2 * b;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - linear;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + linear;
    const place = slot[k]!;
    below[place] = below[place]! - g;
  }
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  if (most > sums[2]!) sums[2] = most;
}

/** Head loss of an open pipe and its gradient, into `law`. */
export function pipeLoss(h: Hydraulics, k: number, q: number, law: Float64Array): void {
  if (h.formula === 'D-W') {
    darcyWeisbach(h, k, q, law);
    return;
  }
  const size = Math.abs(q);
  const exponent = flowExponent(h.formula);
  let gradient = exponent * h.resistance[k]! * (h.formula === 'C-M' ? size : power(hazenWilliams, size));
  let loss = (gradient * size) / exponent;
  if (gradient < leastGradient) {
    gradient = leastGradient / exponent;
    loss = gradient * size;
  }
  const m = h.minor[k]!;
  loss += m * size * size;
  gradient += 2 * m * size;
  law[0] = q < 0 ? -loss : loss;
  law[1] = gradient;
}

/** Laminar up to a Reynolds number of 2000, then by the friction factor of `darcy.ts`. */
function darcyWeisbach(h: Hydraulics, k: number, q: number, law: Float64Array): void {
  const size = Math.abs(q);
  const r = h.resistance[k]!;
  const m = h.minor[k]!;
  const viscous = h.viscousFlow[k]!;
  if (size <= 500 * Math.PI * viscous) {
    const laminar = 16 * Math.PI * viscous * r;
    law[0] = q * (laminar + m * size);
    law[1] = laminar + 2 * m * size;
    return;
  }
  frictionFactor(size / viscous, h.relativeRoughness[k]!, law);
  const f = law[0]! * r + m;
  law[0] = f * size * q;
  law[1] = 2 * f * size + (law[1]! / viscous) * r * size * size;
}
