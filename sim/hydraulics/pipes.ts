import { flowExponent } from './compile-friction.ts';
import { closedResistance, leastGradient, Status } from './constants.ts';
import { laminar, perDecade, swamee, transitionFactor, turbulent, turbulentFactor } from './darcy.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import {
  biasedExponent,
  bitsOf,
  inverseCentre,
  logOfCentre,
  mantissaInterval,
  power,
  powerTable,
  unscale,
} from './power.ts';

const hazenWilliams = powerTable(0.852);
const swameeJain = powerTable(-0.9);
const closedConductance = 1 / closedResistance;

/**
 * One pass over the pipes that only carry: moves each flow to the new heads by the law of the last pass, sums
 * what moved, linearises the law anew and adds it to the system. `relaxation` is the share of each move that is
 * made; 0 leaves flows as they are, for the first pass of a solve.
 *
 * Laws are written out in the loops: this is where the time goes.
 */
export function sweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  if (h.formula === 'D-W') sweepDarcyWeisbach(h, s, w, relaxation);
  else sweepPowerLaw(h, s, w, relaxation);
}

/**
 * Assembles the pipes by the laws of the last pass, when flows have not changed since.
 *
 * @returns whether it could: not when a pipe was opened or closed meanwhile
 */
export function resweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace): boolean {
  const { ends, plainLinks } = h;
  const { head, status } = s;
  const { system, below, linear } = w;
  for (let k = 0; k < plainLinks; k++) {
    if (status[k]! > Status.closed === (linear[2 * k] === closedConductance)) return false;
    const g = linear[2 * k]!;
    const i = ends[3 * k]!;
    const j = ends[3 * k + 1]!;
    const q = linear[2 * k + 1]! + g * (head[i >> 1]! - head[j >> 1]!);
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - q;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + q;
    const place = ends[3 * k + 2]!;
    below[place] = below[place]! - g;
  }
  return true;
}

function sweepPowerLaw(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { ends, pipes, plainLinks } = h;
  const { head, flow, status } = s;
  const { system, below, linear, sums } = w;
  const { float, words, high } = bitsOf;
  const { scale, mantissa } = hazenWilliams;
  const chezy = h.formula === 'C-M';
  const exponent = flowExponent(h.formula);
  const smooth = leastGradient / exponent;
  const rest = 1 - 1 / exponent;
  let total = 0;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < plainLinks; k++) {
    const i = ends[3 * k]!;
    const j = ends[3 * k + 1]!;
    const drop = head[i >> 1]! - head[j >> 1]!;
    let q = flow[k]!;
    if (relaxation > 0) {
      const change = (linear[2 * k + 1]! + linear[2 * k]! * drop - q) * relaxation;
      q += change;
      flow[k] = q;
      total += Math.abs(q);
      const size = Math.abs(change);
      moved += size;
      if (size > most) most = size;
    }
    let g = closedConductance;
    let c = 0;
    if (status[k]! > Status.closed) {
      const size = Math.abs(q);
      let gradient = size;
      if (!chezy) {
        float[0] = size;
        const top = words[high]!;
        const e = biasedExponent(top);
        const m = mantissaInterval(top);
        const t = size * unscale[e]! * inverseCentre[m]! - 1;
        gradient = scale[e]! * mantissa[m]! * (1 + 0.852 * t * (1 - 0.074 * t));
      }
      gradient *= exponent * pipes[2 * k]!;
      if (gradient < leastGradient) gradient = smooth;
      else c = rest;
      const m = pipes[2 * k + 1]!;
      if (m > 0) {
        const whole = gradient + 2 * m * size;
        // q − loss/gradient, with loss = gradient·(1 − c)·q + m·q²
        c = 1 - (gradient * (1 - c) + m * size) / whole;
        gradient = whole;
      }
      g = 1 / gradient;
      c *= q;
    }
    linear[2 * k] = g;
    linear[2 * k + 1] = c;
    const next = c + g * drop;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + next;
    const place = ends[3 * k + 2]!;
    below[place] = below[place]! - g;
  }
  count(sums, total, moved, most);
}

function sweepDarcyWeisbach(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { ends, pipes, plainLinks } = h;
  const { head, flow, status } = s;
  const { system, below, linear, sums } = w;
  const { float, words, high } = bitsOf;
  const { scale, mantissa } = swameeJain;
  let total = 0;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < plainLinks; k++) {
    const i = ends[3 * k]!;
    const j = ends[3 * k + 1]!;
    const drop = head[i >> 1]! - head[j >> 1]!;
    let q = flow[k]!;
    if (relaxation > 0) {
      const change = (linear[2 * k + 1]! + linear[2 * k]! * drop - q) * relaxation;
      q += change;
      flow[k] = q;
      total += Math.abs(q);
      const size = Math.abs(change);
      moved += size;
      if (size > most) most = size;
    }
    let g = closedConductance;
    let c = 0;
    if (status[k]! > Status.closed) {
      const size = Math.abs(q);
      const re = size * pipes[4 * k + 2]!;
      if (re >= turbulent) {
        // Swamee and Jain; see darcy.ts.
        float[0] = re;
        let top = words[high]!;
        let e = biasedExponent(top);
        let m = mantissaInterval(top);
        let t = re * unscale[e]! * inverseCentre[m]! - 1;
        const y1 = swamee * scale[e]! * mantissa[m]! * (1 - 0.9 * t * (1 - 0.95 * t));
        const y2 = pipes[4 * k + 3]! + y1;
        float[0] = y2;
        top = words[high]!;
        e = biasedExponent(top);
        m = mantissaInterval(top);
        t = y2 * unscale[e]! * inverseCentre[m]! - 1;
        const y3 = perDecade * ((e - 1023) * Math.LN2 + logOfCentre[m]! + t * (1 - t * (0.5 - t / 3)));
        const both = 1 / (y2 * y3);
        const f = both * y2 * both * y2;
        const r = pipes[4 * k]!;
        const whole = f * r + pipes[4 * k + 1]!;
        g = 1 / (size * (2 * whole + 1.8 * perDecade * r * f * y1 * both));
        c = q - whole * size * q * g;
      } else if (re <= laminar && pipes[4 * k + 1] === 0) {
        g = pipes[4 * k + 2]! / (sixteenPi * pipes[4 * k]!);
      } else {
        pipeLoss(h, k, q, law);
        g = 1 / law[1]!;
        c = q - law[0]! * g;
      }
    }
    linear[2 * k] = g;
    linear[2 * k + 1] = c;
    const next = c + g * drop;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + next;
    const place = ends[3 * k + 2]!;
    below[place] = below[place]! - g;
  }
  count(sums, total, moved, most);
}

function count(sums: Float64Array, total: number, moved: number, most: number): void {
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  if (most > sums[2]!) sums[2] = most;
}

const law = new Float64Array(2);
const sixteenPi = 16 * Math.PI;

/** Head loss of an open pipe and its gradient, into `result`. */
export function pipeLoss(h: Hydraulics, k: number, q: number, result: Float64Array): void {
  const size = Math.abs(q);
  const at = h.pipeStride * k;
  const r = h.pipes[at]!;
  const m = h.pipes[at + 1]!;
  if (h.formula === 'D-W') {
    const re = size * h.pipes[at + 2]!;
    if (re <= laminar) {
      const slope = (sixteenPi * r) / h.pipes[at + 2]!;
      result[0] = q * (slope + m * size);
      result[1] = slope + 2 * m * size;
      return;
    }
    if (re < turbulent) transitionFactor(re, h.transition[2 * k]!, h.transition[2 * k + 1]!, result);
    else turbulentFactor(re, h.pipes[at + 3]!, result);
    const f = result[0]! * r + m;
    result[0] = f * size * q;
    result[1] = 2 * f * size + result[1]! * h.pipes[at + 2]! * r * size * size;
    return;
  }
  const exponent = flowExponent(h.formula);
  let gradient = exponent * r * (h.formula === 'C-M' ? size : power(hazenWilliams, size));
  let loss = (gradient * size) / exponent;
  if (gradient < leastGradient) {
    gradient = leastGradient / exponent;
    loss = gradient * size;
  }
  loss += m * size * size;
  gradient += 2 * m * size;
  result[0] = q < 0 ? -loss : loss;
  result[1] = gradient;
}
