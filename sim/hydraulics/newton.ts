import { spreadChains } from './chains.ts';
import { closedResistance, cubicFoot, Status } from './constants.ts';
import { addEquipment, lineariseEquipment, moveEquipment } from './equipment.ts';
import { factorAndSolve, solveAgain } from './factor.ts';
import { shiftPumps } from './kept.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';
import { addOutflows, moveOutflows } from './outflows.ts';
import { assemblePipes, drivePipes, findShutPipes, movePipes } from './pipes.ts';
import { carrierLoss } from './trees.ts';

/**
 * One step of Newton's method on flows and heads together, as Todini and Pilati (1988) arrange it: linearise every
 * law at the present flows and statuses, solve for the change of heads, move the flows by the linearised laws.
 *
 * @param relaxation the share of each flow's move that is made
 * @param throughZero whether pipes are linearised by lines through zero, not by tangents: better when nothing is known of
 * a flow, not even its direction (linear theory: Wood and Charles, Hydraulic network analysis using linear theory, 1972)
 * @returns −1, or the row at which the equations have no solution
 */
export function newtonStep(
  h: Hydraulics,
  s: HydraulicState,
  relaxation: number,
  throughZero = false,
): number {
  const row = linearSolve(h, s, throughZero);
  if (row < 0) move(h, s, relaxation, false);
  return row;
}

function linearSolve(h: Hydraulics, s: HydraulicState, throughZero: boolean): number {
  const w = h.work;
  w.owner = s;
  w.shifted = false;
  reset(h);
  assemblePipes(h, s, w, throughZero);
  lineariseEquipment(h, s, w);
  addOutflows(h, s, w);
  addEquipment(h, s, w, true);
  tieGrounded(h, s, true);
  return factorAndSolve(h.factor, w.system, w.below);
}

/** Makes the laws and the factorisation of a state's last step anew, if those in memory are another's. */
export function recallLaws(h: Hydraulics, s: HydraulicState): boolean {
  if (h.work.owner === s) return true;
  findShutPipes(h, s, h.work);
  const { flow, setting } = s;
  s.flow = s.lawFlow;
  s.setting = s.lawSetting;
  const row = linearSolve(h, s, false);
  s.flow = flow;
  s.setting = setting;
  return row < 0;
}

/**
 * A step by the laws and the factorisation of the last one, at new demands and heads of sources. How far flows have
 * moved is counted from where the laws were linearised, so that the error means what it means after any step.
 *
 * @returns whether the laws are tangents, so that the error tells how near the solution is
 */
export function repeatStep(h: Hydraulics, s: HydraulicState): boolean {
  const w = h.work;
  const tangent = shiftPumps(h, s);
  drivenBy(h.coreNodes, w.system, w.load);
  drivePipes(h, s, w);
  addEquipment(h, s, w, false);
  tieGrounded(h, s, false);
  solveAgain(h.factor, w.system, w.below);
  move(h, s, 1, true);
  return tangent;
}

function move(h: Hydraulics, s: HydraulicState, relaxation: number, again: boolean): void {
  const w = h.work;
  moveHeads(h.coreNodes, s.head, w.system);
  w.sums.fill(0);
  movePipes(h, s, w, relaxation, again);
  moveEquipment(h, s, w, relaxation, again);
  moveOutflows(h, s, w, relaxation);
}

/**
 * Σ|Δq| / Σ|q| of the last step.
 *
 * @param treeFlow Σ|q| of the dead-end trees
 * @throws RangeError naming the element at which a number stopped being one
 */
export function flowError(h: Hydraulics, s: HydraulicState, treeFlow: number, accuracy: number): number {
  const [flow, change] = h.work.sums as unknown as [number, number];
  const total = flow + treeFlow;
  const error = total > accuracy * cubicFoot ? change / total : change / cubicFoot;
  if (!Number.isFinite(error)) throw notANumber(h, s);
  return error;
}

/** Junctions without a way to a source are held near their elevation by a tiny link. */
function tieGrounded(h: Hydraulics, s: HydraulicState, matrix: boolean): void {
  const { system } = h.work;
  const tie = 1 / closedResistance;
  for (const i of h.grounded) {
    if (matrix) system[2 * i] = system[2 * i]! + tie;
    system[2 * i + 1] = system[2 * i + 1]! + tie * (h.elevation[i]! - s.head[i]!);
  }
}

/** The file's limits on head errors and flow changes, after a step. */
export function limitsMet(h: Hydraulics, s: HydraulicState): boolean {
  const { headError, flowChange } = h.options;
  const { linear, sums } = h.work;
  if (flowChange > 0 && sums[2]! > flowChange * h.flowScale) return false;
  if (headError <= 0) return true;
  spreadChains(h, s, h.work);
  for (let k = 0; k < h.plainLinks; k++) {
    if (s.status[k]! <= Status.closed) continue;
    const loss = carrierLoss(h, s, k, s.flow[k]!);
    if (Math.abs(s.head[h.from[k]!]! - s.head[h.to[k]!]! - loss) > headError) return false;
  }
  lineariseEquipment(h, s, h.work);
  for (let k = h.plainLinks; k < h.coreLinks; k++) {
    const kind = h.kind[k]!;
    const holds = kind === LinkKind.prv || kind === LinkKind.psv || kind === LinkKind.fcv;
    if (s.status[k]! <= Status.closed || (holds && !s.pinned[k])) continue;
    const loss = (s.flow[k]! - linear[2 * k + 1]!) / linear[2 * k]!;
    if (Math.abs(s.head[h.from[k]!]! - s.head[h.to[k]!]! - loss) > headError) return false;
  }
  return true;
}

/** Adds the changes to the heads. A loop of its own compiles early. */
function moveHeads(core: number, head: Float64Array, system: Float64Array): void {
  for (let i = 0; i < core; i++) head[i] = head[i]! + system[2 * i + 1]!;
}

/** Clears the system and puts the demands on its right-hand side. */
function reset(h: Hydraulics): void {
  const { system, below, load } = h.work;
  below.fill(0);
  system.fill(0);
  drivenBy(h.coreNodes, system, load);
  if (h.pressureDriven) clearDriven(h);
}

function drivenBy(core: number, system: Float64Array, load: Float64Array): void {
  for (let i = 0; i < core; i++) system[2 * i + 1] = -load[i]!;
}

/** Positive pressure-driven demands are outflows of their own. */
function clearDriven(h: Hydraulics): void {
  const { system, load } = h.work;
  for (let i = 0; i < h.coreNodes; i++) if (load[i]! > 0) system[2 * i + 1] = 0;
}

function notANumber(h: Hydraulics, s: HydraulicState): RangeError {
  for (let k = 0; k < h.linkCount; k++) {
    if (!Number.isFinite(s.flow[k]!))
      return new RangeError(`the flow of link ${h.linkIds[k]} is ${s.flow[k]}`);
  }
  for (let n = 0; n < h.nodeCount; n++) {
    if (!Number.isFinite(s.head[n]!))
      return new RangeError(`the head of node ${h.nodeIds[n]} is ${s.head[n]}`);
  }
  return new RangeError('a flow is not a number');
}
