import { Status } from './constants.ts';
import type { HydraulicState, Hydraulics, Workspace } from './model.ts';
import { linearisePipes } from './pipe-laws.ts';
import { lineariseThrottles } from './throttle.ts';

/**
 * The pipes' part of a step: moves each flow to the new heads by the law of the last step, sums what moved,
 * linearises the laws anew and adds them to the system. Each loop is small and flat, so that what it needs stays
 * in registers.
 *
 * @param relaxation the share of each move that is made
 */
export function sweepPipes(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  enterChains(h, s, w);
  movePipes(h, s, w, relaxation);
  linearisePipes(h, s, w);
  addChains(h, s, w);
}

/** Adds the pipes to the system at the present flows and heads; laws of the last step serve when they still hold. */
export function assemblePipes(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const same = findShutPipes(h, s, w);
  if (w.owner !== s || !same) linearisePipes(h, s, w);
  else lineariseThrottles(h, s, w.laws);
  w.owner = s;
  addChains(h, s, w);
}

/** Lists the plain pipes that are closed. Returns whether they are those of the last time. */
function findShutPipes(h: Hydraulics, s: HydraulicState, w: Workspace): boolean {
  const { plainLinks } = h;
  const { status } = s;
  const { shut } = w;
  let count = 0;
  let same = true;
  for (let k = 0; k < plainLinks; k++) {
    if (status[k]! > Status.closed) continue;
    if (shut[count] !== k) same = false;
    shut[count++] = k;
  }
  if (count !== w.shutCount) same = false;
  w.shutCount = count;
  return same;
}

/** What enters each chain by its linearised law. */
function enterChains(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { ends, chainCount } = h;
  const { head } = s;
  const { linear, carried } = w;
  for (let c = 0; c < chainCount; c++) {
    const drop = head[ends[3 * c]! >> 1]! - head[ends[3 * c + 1]! >> 1]!;
    carried[c] = linear[2 * c + 1]! + linear[2 * c]! * drop;
  }
}

function movePipes(h: Hydraulics, s: HydraulicState, w: Workspace, relaxation: number): void {
  const { plainLinks, along, chainOf } = h;
  const { flow } = s;
  const { carried, drawn, sums } = w;
  let total = 0;
  let moved = 0;
  let most = 0;
  for (let k = 0; k < plainLinks; k++) {
    let q = flow[k]!;
    const change = (along[k]! * (carried[chainOf[k]!]! - drawn[k]!) - q) * relaxation;
    q += change;
    flow[k] = q;
    total += Math.abs(q);
    const size = Math.abs(change);
    moved += size;
    if (size > most) most = size;
  }
  sums[0] = sums[0]! + total;
  sums[1] = sums[1]! + moved;
  if (most > sums[2]!) sums[2] = most;
}

/** Sums the laws of each chain's pipes and adds the chain to the system. */
function addChains(h: Hydraulics, s: HydraulicState, w: Workspace): void {
  const { ends, chainCount, chainStart } = h;
  const { head } = s;
  const { system, below, linear, laws, drawn } = w;
  let k = 0;
  for (let c = 0; c < chainCount; c++) {
    const end = chainStart[c + 1]!;
    // Most chains are one pipe.
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
