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

/**
 * One pass over the chains of pipes that only carry: moves each flow to the new heads by the law of the last pass,
 * sums what moved, linearises the law anew and adds it to the system. `relaxation` is the share of each move that
 * is made; 0 leaves flows as they are, for the first pass of a solve.
 *
 * Laws are written out in the loops: this is where the time goes.
 */
export function sweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const before = w.priorLaws;
  w.priorLaws = w.laws;
  w.laws = before;
  if (h.formula === 'D-W') sweepDarcyWeisbach(h, s, w, relaxation);
  else sweepPowerLaw(h, s, w, relaxation);
}

/**
 * Assembles the pipes by the laws of the last pass, when flows have not changed since.
 *
 * @returns whether it could: not when a pipe was opened or closed meanwhile
 */
export function resweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace): boolean {
  const { ends, chainCount, chainStart } = h;
  const { head, status } = s;
  const { system, below, linear, laws, drawn } = w;
  let k = 0;
  for (let c = 0; c < chainCount; c++) {
    const end = chainStart[c + 1]!;
    let resistance = 0;
    let push = 0;
    let left = 0;
    for (; k < end; k++) {
      const gradient = laws[2 * k]!;
      if (status[k]! > Status.closed === (gradient === closedResistance)) return false;
      left = drawn[k]!;
      resistance += gradient;
      push += laws[2 * k + 1]! + gradient * left;
    }
    const g = 1 / resistance;
    const offset = push * g;
    linear[2 * c] = g;
    linear[2 * c + 1] = offset;
    const i = ends[3 * c]!;
    const j = ends[3 * c + 1]!;
    const next = offset + g * (head[i >> 1]! - head[j >> 1]!);
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + (next - left);
    const place = ends[3 * c + 2]!;
    below[place] = below[place]! - g;
  }
  return true;
}

function sweepPowerLaw(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { ends, pipes, along, chainCount, chainStart } = h;
  const { head, flow, status } = s;
  const { system, below, linear, laws, drawn, carried, sums } = w;
  const { float, words, high } = bitsOf;
  const { scale, mantissa } = hazenWilliams;
  const chezy = h.formula === 'C-M';
  const exponent = flowExponent(h.formula);
  const smooth = leastGradient / exponent;
  const rest = 1 - 1 / exponent;
  let total = 0;
  let moved = 0;
  let most = 0;
  let k = 0;
  for (let c = 0; c < chainCount; c++) {
    const i = ends[3 * c]!;
    const j = ends[3 * c + 1]!;
    const drop = head[i >> 1]! - head[j >> 1]!;
    const whole = linear[2 * c + 1]! + linear[2 * c]! * drop;
    const end = chainStart[c + 1]!;
    let resistance = 0;
    let pushes = 0;
    let left = 0;
    for (; k < end; k++) {
      left = drawn[k]!;
      const sign = along[k]!;
      let q = flow[k]! * sign;
      if (relaxation > 0) {
        const change = (whole - left - q) * relaxation;
        q += change;
        flow[k] = q * sign;
        total += Math.abs(q);
        const size = Math.abs(change);
        moved += size;
        if (size > most) most = size;
      }
      let gradient = closedResistance;
      let push = 0;
      if (status[k]! > Status.closed) {
        const size = Math.abs(q);
        gradient = size;
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
        else push = gradient * rest * q;
        const m = pipes[2 * k + 1]!;
        if (m > 0) {
          const local = m * size;
          gradient += 2 * local;
          push += local * q;
        }
      }
      laws[2 * k] = gradient;
      laws[2 * k + 1] = push;
      resistance += gradient;
      pushes += push + gradient * left;
    }
    const g = 1 / resistance;
    const offset = pushes * g;
    linear[2 * c] = g;
    linear[2 * c + 1] = offset;
    carried[c] = whole;
    const next = offset + g * drop;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + (next - left);
    const place = ends[3 * c + 2]!;
    below[place] = below[place]! - g;
  }
  count(sums, total, moved, most);
}

function sweepDarcyWeisbach(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { ends, pipes, along, chainCount, chainStart } = h;
  const { head, flow, status } = s;
  const { system, below, linear, laws, drawn, carried, sums } = w;
  const { float, words, high } = bitsOf;
  const { scale, mantissa } = swameeJain;
  let total = 0;
  let moved = 0;
  let most = 0;
  let k = 0;
  for (let c = 0; c < chainCount; c++) {
    const i = ends[3 * c]!;
    const j = ends[3 * c + 1]!;
    const drop = head[i >> 1]! - head[j >> 1]!;
    const whole = linear[2 * c + 1]! + linear[2 * c]! * drop;
    const end = chainStart[c + 1]!;
    let resistance = 0;
    let pushes = 0;
    let left = 0;
    for (; k < end; k++) {
      left = drawn[k]!;
      const sign = along[k]!;
      let q = flow[k]! * sign;
      if (relaxation > 0) {
        const change = (whole - left - q) * relaxation;
        q += change;
        flow[k] = q * sign;
        total += Math.abs(q);
        const size = Math.abs(change);
        moved += size;
        if (size > most) most = size;
      }
      let gradient = closedResistance;
      let push = 0;
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
          const loss = f * r + pipes[4 * k + 1]!;
          const bend = loss + 1.8 * perDecade * r * f * y1 * both;
          gradient = size * (loss + bend);
          push = size * q * bend;
        } else if (re <= laminar && pipes[4 * k + 1] === 0) {
          gradient = (sixteenPi * pipes[4 * k]!) / pipes[4 * k + 2]!;
        } else {
          pipeLoss(h, k, q, law);
          gradient = law[1]!;
          push = gradient * q - law[0]!;
        }
      }
      laws[2 * k] = gradient;
      laws[2 * k + 1] = push;
      resistance += gradient;
      pushes += push + gradient * left;
    }
    const g = 1 / resistance;
    const offset = pushes * g;
    linear[2 * c] = g;
    linear[2 * c + 1] = offset;
    carried[c] = whole;
    const next = offset + g * drop;
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + (next - left);
    const place = ends[3 * c + 2]!;
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
