import { spreadChains } from './chains.ts';
import { closedResistance, cubicFoot, Status } from './constants.ts';
import { addEquipment, lineariseEquipment, moveEquipment } from './equipment.ts';
import { factorAndSolve } from './factor.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';
import { addOutflows, moveOutflows } from './outflows.ts';
import { assemblePipes, sweepPipes } from './pipes.ts';

/**
 * One step of Newton's method on flows and heads together, as Todini and Pilati (1988) arrange it: solve the
 * assembled system for the change of heads, then move the flows by the linearised laws. The pipes' next
 * linearisation is assembled in the same pass; `complete` adds the rest once statuses are decided.
 *
 * @returns −1, or the row at which the equations have no solution
 */
export function newtonStep(h: Hydraulics, s: HydraulicState, relaxation: number): number {
  const w = h.work;
  const row = factorAndSolve(h.factor, w.system, w.below);
  if (row >= 0) return row;
  moveHeads(h.coreNodes, s.head, w.system, w.load);
  if (h.pressureDriven) clearDriven(h);
  w.sums.fill(0);
  sweepPipes(h, s, w, relaxation);
  moveEquipment(h, s, w, relaxation);
  moveOutflows(h, s, w, relaxation);
  return -1;
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

/** Assembles the system at the present flows and heads. */
export function assemble(h: Hydraulics, s: HydraulicState): void {
  const w = h.work;
  reset(h);
  assemblePipes(h, s, w);
  complete(h, s);
}

/** Adds to the system whatever is not a plain pipe. */
export function complete(h: Hydraulics, s: HydraulicState): void {
  const w = h.work;
  lineariseEquipment(h, s, w);
  addOutflows(h, s, w);
  addEquipment(h, s, w);
  const tie = 1 / closedResistance;
  for (const i of h.grounded) {
    w.system[2 * i] = w.system[2 * i]! + tie;
    w.system[2 * i + 1] = w.system[2 * i + 1]! + tie * (h.elevation[i]! - s.head[i]!);
  }
}

/** The file's limits on head errors and flow changes, after a step. */
export function limitsMet(h: Hydraulics, s: HydraulicState): boolean {
  const { headError, flowChange } = h.options;
  const { linear, laws, sums } = h.work;
  if (flowChange > 0 && sums[2]! > flowChange * h.flowScale) return false;
  if (headError <= 0) return true;
  spreadChains(h, s, h.work);
  for (let k = 0; k < h.plainLinks; k++) {
    if (s.status[k]! <= Status.closed) continue;
    const loss = s.flow[k]! * laws[2 * k]! - h.along[k]! * laws[2 * k + 1]!;
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

/** Adds the changes to the heads; leaves the system with the demands alone. A loop of its own compiles early. */
function moveHeads(core: number, head: Float64Array, system: Float64Array, load: Float64Array): void {
  for (let i = 0; i < core; i++) {
    head[i] = head[i]! + system[2 * i + 1]!;
    system[2 * i] = 0;
    system[2 * i + 1] = -load[i]!;
  }
}

/** Clears the system and puts the demands on its right-hand side. */
function reset(h: Hydraulics): void {
  const { system, below, load } = h.work;
  below.fill(0);
  for (let i = 0; i < h.coreNodes; i++) {
    system[2 * i] = 0;
    system[2 * i + 1] = -load[i]!;
  }
  if (h.pressureDriven) clearDriven(h);
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
