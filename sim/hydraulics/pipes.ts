import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { fixLaws, linearisePipes, passThroughZero, wordsOf } from './pipe-laws.ts';

/**
 * The pipes' part of a step, some chains at a time, so that what one loop leaves lies near for the next. Each loop is
 * small and flat: what it needs stays in registers, and it is soon compiled.
 */
const chainsAtATime = 256;

/**
 * Linearises the pipes' laws at the present flows, by tangents or by lines through zero, and adds them to the
 * system, chain by chain.
 */
export function assemblePipes(h: Hydraulics, s: HydraulicState, w: Workspace, throughZero: boolean): void {
  const { singleCount, chainCount, chainStart } = h;
  const words = wordsOf(s.flow);
  for (let c = 0, end = 0; c < chainCount; c = end) {
    end = Math.min(c < singleCount ? singleCount : chainCount, c + chainsAtATime);
    linearisePipes(h, s, w.laws, words, chainStart[c]!, chainStart[end]!);
    if (throughZero) passThroughZero(h, s, w.laws, chainStart[c]!, chainStart[end]!);
    fixLaws(h, s, w, chainStart[c]!, chainStart[end]!);
    if (c < singleCount) addSingles(h, s, w, c, end);
    else addChains(h, s, w, c, end);
  }
}

/** The right-hand side alone, by the laws that stand. */
export function drivePipes(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { singleCount, chainCount } = h;
  for (let c = 0; c < singleCount; c += chainsAtATime)
    driveSingles(h, s, w, c, Math.min(singleCount, c + chainsAtATime));
  for (let c = singleCount; c < chainCount; c += chainsAtATime)
    driveChains(h, s, w, c, Math.min(chainCount, c + chainsAtATime));
}

/**
 * Moves each flow to the new heads by its law, and sums what moved since the laws were made.
 *
 * @param relaxation the share of each move that is made
 * @param again whether flows have moved by these laws before
 */
export function movePipes(
  h: Hydraulics,
  s: HydraulicState,
  w: Workspace,
  relaxation: number,
  again: boolean,
): void {
  const { singleCount, chainCount, chainStart } = h;
  for (let c = 0; c < singleCount; c += chainsAtATime) {
    const end = Math.min(singleCount, c + chainsAtATime);
    moveSingles(h, s, w, relaxation, again, c, end);
  }
  for (let c = singleCount; c < chainCount; c += chainsAtATime) {
    const end = Math.min(chainCount, c + chainsAtATime);
    enterChains(h, s, w, c, end);
    moveFlows(h, s, w, relaxation, again, chainStart[c]!, chainStart[end]!);
  }
}

/** Lists the plain pipes that are closed. */
export function findShutPipes(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { plainLinks } = h;
  const { status } = s;
  const { shut } = w;
  let count = 0;
  // They are open or closed, nothing else.
  let k = status.indexOf(Status.closed);
  for (; k >= 0 && k < plainLinks; k = status.indexOf(Status.closed, k + 1)) shut[count++] = k;
  w.shutCount = count;
}

/** What enters each chain by its linearised law. */
function enterChains(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, end: number): void {
  const { ends } = h;
  const { head } = s;
  const { linear, carried } = w;
  for (let c = first; c < end; c++) {
    const drop = head[ends[3 * c]! >> 1]! - head[ends[3 * c + 1]! >> 1]!;
    carried[c] = linear[2 * c + 1]! + linear[2 * c]! * drop;
  }
}

/** A chain of one pipe enters it, and runs its way. */
function moveSingles(
  h: Hydraulics,
  s: HydraulicState,
  w: Workspace,
  relaxation: number,
  again: boolean,
  first: number,
  end: number,
): void {
  const { ends } = h;
  const { head, flow, lawFlow } = s;
  const { linear, sums } = w;
  let total = 0;
  let moved = 0;
  let most = sums[2]!;
  for (let k = first; k < end; k++) {
    const drop = head[ends[3 * k]! >> 1]! - head[ends[3 * k + 1]! >> 1]!;
    const before = flow[k]!;
    const change = (linear[2 * k + 1]! + linear[2 * k]! * drop - before) * relaxation;
    const q = before + change;
    if (!again) lawFlow[k] = before;
    flow[k] = q;
    total += Math.abs(q);
    const size = Math.abs(q - lawFlow[k]!);
    moved += size;
    if (size > most) most = size;
  }
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  sums[2] = most;
}

function moveFlows(
  h: Hydraulics,
  s: HydraulicState,
  w: Workspace,
  relaxation: number,
  again: boolean,
  first: number,
  end: number,
): void {
  const { along, chainOf } = h;
  const { flow, lawFlow } = s;
  const { carried, drawn, sums } = w;
  let total = 0;
  let moved = 0;
  let most = sums[2]!;
  for (let k = first; k < end; k++) {
    const before = flow[k]!;
    const change = (along[k]! * (carried[chainOf[k]!]! - drawn[k]!) - before) * relaxation;
    const q = before + change;
    if (!again) lawFlow[k] = before;
    flow[k] = q;
    total += Math.abs(q);
    const size = Math.abs(q - lawFlow[k]!);
    moved += size;
    if (size > most) most = size;
  }
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  sums[2] = most;
}

/** Adds chains of one pipe to the system. */
function addSingles(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, end: number): void {
  const { ends } = h;
  const { head } = s;
  const { system, below, linear, laws } = w;
  for (let k = first; k < end; k++) {
    const g = 1 / laws[2 * k]!;
    const offset = laws[2 * k + 1]! * g;
    linear[2 * k] = g;
    linear[2 * k + 1] = offset;
    const i = ends[3 * k]!;
    const j = ends[3 * k + 1]!;
    const next = offset + g * (head[i >> 1]! - head[j >> 1]!);
    system[i] = system[i]! + g;
    system[i + 1] = system[i + 1]! - next;
    system[j] = system[j]! + g;
    system[j + 1] = system[j + 1]! + next;
    const place = ends[3 * k + 2]!;
    below[place] = below[place]! - g;
  }
}

/** Sums the laws of each chain's pipes and adds the chain to the system. */
function addChains(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, last: number): void {
  const { ends, chainStart } = h;
  const { head } = s;
  const { system, below, linear, laws, drawn } = w;
  let k = chainStart[first]!;
  for (let c = first; c < last; c++) {
    const end = chainStart[c + 1]!;
    let resistance = laws[2 * k]!;
    let push = laws[2 * k + 1]!;
    let left = 0;
    for (k++; k < end; k++) {
      const gradient = laws[2 * k]!;
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
}

/** What `addSingles` does to the right-hand side, at other heads. */
function driveSingles(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, end: number): void {
  const { ends } = h;
  const { head } = s;
  const { system, linear } = w;
  for (let k = first; k < end; k++) {
    const i = ends[3 * k]!;
    const j = ends[3 * k + 1]!;
    const next = linear[2 * k + 1]! + linear[2 * k]! * (head[i >> 1]! - head[j >> 1]!);
    system[i + 1] = system[i + 1]! - next;
    system[j + 1] = system[j + 1]! + next;
  }
}

/** What `addChains` does to the right-hand side, at other heads and demands. */
function driveChains(h: Hydraulics, s: HydraulicState, w: Workspace, first: number, last: number): void {
  const { ends, chainStart } = h;
  const { head } = s;
  const { system, linear, laws, drawn } = w;
  let k = chainStart[first]!;
  for (let c = first; c < last; c++) {
    const end = chainStart[c + 1]!;
    let push = laws[2 * k + 1]!;
    let left = 0;
    for (k++; k < end; k++) {
      left = drawn[k]!;
      push += laws[2 * k + 1]! + laws[2 * k]! * left;
    }
    const g = linear[2 * c]!;
    const offset = push * g;
    linear[2 * c + 1] = offset;
    const i = ends[3 * c]!;
    const j = ends[3 * c + 1]!;
    const next = offset + g * (head[i >> 1]! - head[j >> 1]!);
    system[i + 1] = system[i + 1]! - next;
    system[j + 1] = system[j + 1]! + (next - left);
  }
}
