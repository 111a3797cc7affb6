import { flowExponent } from './compile-friction.ts';
import { closedResistance, leastGradient } from './constants.ts';
import { laminar, perDecade, swameePower, transitionFactor, turbulent, turbulentFactor } from './darcy.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { exponentEntry, logarithms, mantissaEntry, power, powerTable, upperWord } from './power.ts';
import { lineariseThrottles, placeIn } from './throttle.ts';

const hazenWilliams = powerTable(0.852);
const itself = powerTable(1);

/**
 * Linearises the laws of open pipes `first … end` at their flows. The loops are flat and small, and read the bits of
 * the flows where they lie: that halves their time.
 *
 * @param words `wordsOf` the flows
 */
export function linearisePipes(
  h: Hydraulics,
  s: HydraulicState,
  laws: Float64Array,
  words: Uint32Array,
  first: number,
  end: number,
): void {
  if (h.formula === 'D-W') darcyWeisbach(h, s, laws, words, first, end);
  else powerLaws(h, s, laws, words, first, end);
}

/** Makes of the tangents at flows other than zero the lines from there through zero. */
export function passThroughZero(
  h: Hydraulics,
  s: HydraulicState,
  laws: Float64Array,
  first: number,
  end: number,
): void {
  const { along } = h;
  const { flow } = s;
  for (let k = first; k < end; k++) {
    laws[2 * k] = laws[2 * k]! - (along[k]! * laws[2 * k + 1]!) / flow[k]!;
    laws[2 * k + 1] = 0;
  }
}

/** The laws of throttling valves and closed links among plain links `first … end`. */
export function fixLaws(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, end: number): void {
  const { laws, shut, shutCount } = w;
  lineariseThrottles(h, s, laws, first, end);
  for (let i = placeIn(shut, shutCount, first); i < shutCount && shut[i]! < end; i++) {
    const k = shut[i]!;
    laws[2 * k] = closedResistance;
    laws[2 * k + 1] = 0;
  }
}

/** Hazen-Williams and Chezy-Manning. */
function powerLaws(
  h: Hydraulics,
  s: HydraulicState,
  laws: Float64Array,
  words: Uint32Array,
  first: number,
  end: number,
): void {
  const { pipes, along } = h;
  const { flow } = s;
  const table = h.formula === 'H-W' ? hazenWilliams : itself;
  const { exponents, mantissas } = table;
  const exponent = flowExponent(h.formula);
  const power = exponent - 1;
  const bend = 0.5 * (power - 1);
  const smooth = leastGradient / exponent;
  const rest = power / exponent;
  for (let k = first; k < end; k++) {
    const q = flow[k]!;
    const size = Math.abs(q);
    const top = words[2 * k + upperWord]!;
    const e = exponentEntry(top);
    const m = mantissaEntry(top);
    const t = size * exponents[e]! * mantissas[m]! - 1;
    let gradient = exponents[e + 1]! * mantissas[m + 1]! * (1 + power * t * (1 + bend * t));
    gradient *= exponent * pipes[2 * k]!;
    let push = gradient * rest;
    if (gradient < leastGradient) {
      gradient = smooth;
      push = 0;
    }
    const local = pipes[2 * k + 1]! * size;
    laws[2 * k] = gradient + 2 * local;
    laws[2 * k + 1] = (push + local) * q * along[k]!;
  }
}

function darcyWeisbach(
  h: Hydraulics,
  s: HydraulicState,
  laws: Float64Array,
  words: Uint32Array,
  first: number,
  end: number,
): void {
  const { pipes, along } = h;
  const { flow } = s;
  const { exponents, mantissas } = swameePower;
  const logarithmOf2 = logarithms.exponents;
  const logarithmOf = logarithms.mantissas;
  for (let k = first; k < end; k++) {
    const q = flow[k]!;
    const size = Math.abs(q);
    const re = size * pipes[5 * k + 2]!;
    if (re <= laminar && pipes[5 * k + 1] === 0) {
      laws[2 * k] = (sixteenPi * pipes[5 * k]!) / pipes[5 * k + 2]!;
      laws[2 * k + 1] = 0;
      continue;
    }
    if (re < turbulent) {
      pipeLoss(h, k, q, law);
      laws[2 * k] = law[1]!;
      laws[2 * k + 1] = (law[1]! * q - law[0]!) * along[k]!;
      continue;
    }
    // Swamee and Jain; see darcy.ts.
    let top = words[2 * k + upperWord]!;
    let e = exponentEntry(top);
    let m = mantissaEntry(top);
    let t = size * exponents[e]! * mantissas[m]! - 1;
    const y1 = pipes[5 * k + 4]! * exponents[e + 1]! * mantissas[m + 1]! * (1 - 0.9 * t * (1 - 0.95 * t));
    const y2 = pipes[5 * k + 3]! + y1;
    term[0] = y2;
    top = termWords[upperWord]!;
    e = exponentEntry(top);
    m = mantissaEntry(top);
    t = y2 * logarithmOf2[e]! * logarithmOf[m]! - 1;
    const y3 = perDecade * (logarithmOf2[e + 1]! + logarithmOf[m + 1]! + t * (1 - t * (0.5 - t / 3)));
    const both = 1 / (y2 * y3);
    const root = both * y2;
    const friction = root * root * pipes[5 * k]!;
    const loss = friction + pipes[5 * k + 1]!;
    const bend = loss + 1.8 * perDecade * friction * y1 * both;
    laws[2 * k] = size * (loss + bend);
    laws[2 * k + 1] = size * q * bend * along[k]!;
  }
}

const term = new Float64Array(1);
const termWords = wordsOf(term);

/** The two words of each number. */
export function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

const law = new Float64Array(2);
const sixteenPi = 16 * Math.PI;

/** Head losses of pipes `first … end`, taken as open, into `losses` from its beginning. */
export function pipeLosses(
  h: Hydraulics,
  flow: Float64Array,
  first: number,
  end: number,
  losses: Float64Array,
): void {
  if (h.formula === 'D-W') {
    for (let k = first; k < end; k++) {
      pipeLoss(h, k, flow[k]!, law);
      losses[k - first] = law[0]!;
    }
  } else powerLosses(h, flow, first, end, losses);
}

function powerLosses(
  h: Hydraulics,
  flow: Float64Array,
  first: number,
  end: number,
  losses: Float64Array,
): void {
  const { pipes } = h;
  const words = wordsOf(flow);
  const { exponents, mantissas } = h.formula === 'H-W' ? hazenWilliams : itself;
  const exponent = flowExponent(h.formula);
  const power = exponent - 1;
  const bend = 0.5 * (power - 1);
  const least = leastGradient / exponent;
  for (let k = first; k < end; k++) {
    const q = flow[k]!;
    const size = Math.abs(q);
    const top = words[2 * k + upperWord]!;
    const e = exponentEntry(top);
    const m = mantissaEntry(top);
    const t = size * exponents[e]! * mantissas[m]! - 1;
    let slope = pipes[2 * k]! * exponents[e + 1]! * mantissas[m + 1]! * (1 + power * t * (1 + bend * t));
    if (exponent * slope < leastGradient) slope = least;
    losses[k - first] = q * (slope + pipes[2 * k + 1]! * size);
  }
}

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
