import { markCutOff } from './connectivity.ts';
import { closedResistance, cubicFoot, Status } from './constants.ts';
import { applyPressureControls } from './controls.ts';
import { addEquipment, lineariseEquipment, moveEquipment } from './equipment.ts';
import { factorAndSolve } from './factor.ts';
import { type HydraulicState, type Hydraulics, LinkKind, type SolveReport } from './model.ts';
import { addOutflows, demandsSettled, moveOutflows } from './outflows.ts';
import { sweepPipes } from './pipes.ts';
import { updateLinks, updatePressureValves } from './status.ts';
import { gatherTrees, spreadHeads } from './trees.ts';

export interface SolveOptions {
  /** Σ|Δq| / Σ|q| at which flows count as settled; the file's by default */
  accuracy?: number;
}

/**
 * Solves the network for the state's demands, tank heads, statuses and settings, from the state's heads and
 * flows (a warm start when they come from a solve nearby): the global gradient algorithm of Todini and Pilati
 * (1988), with the status logic of EPANET 2.3.5.
 *
 * The report says whether it converged. Nodes without an open way to a source are cut off: they get no water,
 * and their heads mean nothing.
 *
 * @throws RangeError naming the element at which a number stopped being one
 */
export function solveState(h: Hydraulics, s: HydraulicState, options: SolveOptions = {}): SolveReport {
  const report = iterate(h, s, options);
  // Cutting off changes demands, and these, seldom, statuses: three rounds settle it.
  for (let round = 0; round < 3 && markCutOff(h, s); round++) {
    const again = iterate(h, s, options);
    report.iterations += again.iterations;
    Object.assign(report, { ...again, iterations: report.iterations });
  }
  finish(h, s);
  for (let n = 0; n < h.nodeCount; n++) if (s.cutOff[n]) report.cutOff.push(n);
  return report;
}

function iterate(
  h: Hydraulics,
  s: HydraulicState,
  { accuracy = h.options.accuracy }: SolveOptions,
): SolveReport {
  const { trials, unbalanced, checkFrequency, maxCheck, dampLimit } = h.options;
  const w = h.work;
  const tanks = new Map(h.tanks.map((tank) => [tank.node, tank]));
  const lastTrials = trials + (unbalanced.stop ? 0 : unbalanced.extraTrials);
  const changed = new Set<number>();
  const report: SolveReport = {
    iterations: 0,
    error: Number.POSITIVE_INFINITY,
    converged: false,
    cycling: [],
    cutOff: [],
  };
  let nextCheck = checkFrequency;
  let relaxation = 1;

  gatherTrees(h, s, w);
  if (h.pressureDriven) for (let i = 0; i < h.coreNodes; i++) s.delivered[i] = w.load[i]!;
  const treeFlow = sumOfTrees(h, s);
  assemble(h, s, 0);
  for (let trial = 1; trial <= lastTrials; ) {
    const row = factorAndSolve(h.factor, w.system, w.below);
    if (row >= 0) {
      if (!freeValve(h, s, row)) {
        report.cause = `the equations have no solution at node ${h.nodeIds[row]}`;
        return report;
      }
      assemble(h, s, 0);
      continue;
    }
    report.iterations = trial;
    for (let i = 0; i < h.coreNodes; i++) s.head[i] = s.head[i]! + w.system[2 * i + 1]!;

    reset(h, w.load);
    w.sums.fill(0);
    sweepPipes(h, s, w, relaxation);
    moveEquipment(h, s, w, relaxation);
    moveOutflows(h, s, w, relaxation);
    const total = w.sums[0]! + treeFlow;
    report.error = total > accuracy * cubicFoot ? w.sums[1]! / total : w.sums[1]! / cubicFoot;
    if (!Number.isFinite(report.error)) throw notANumber(h, s);

    if (
      trial > trials - cycleWindow &&
      trial <= trials &&
      changed.size > 0 &&
      trial === trials - cycleWindow + 1
    ) {
      changed.clear();
    }
    relaxation = 1;
    let valves = false;
    if (dampLimit <= 0) valves = updatePressureValves(h, s, changed);
    else if (report.error <= dampLimit) {
      relaxation = 0.6;
      valves = updatePressureValves(h, s, changed);
    }

    let pipesChanged = false;
    if (report.error <= accuracy && limitsMet(h, s) && demandsSettled(h, s, w)) {
      if (trial > trials) {
        report.cause = 'statuses do not settle';
        report.cycling = [...changed];
        return report;
      }
      const links = updateLinks(h, s, tanks, changed);
      spreadHeadsForControls(h, s);
      const controls = applyPressureControls(h, s, changed);
      if (!valves && !links && !controls) {
        report.converged = true;
        return report;
      }
      pipesChanged = controls;
      nextCheck = trial + checkFrequency;
    } else if (trial <= maxCheck && trial === nextCheck) {
      updateLinks(h, s, tanks, changed);
      nextCheck += checkFrequency;
    }
    if (pipesChanged) assemble(h, s, 0);
    else complete(h, s);
    trial++;
  }
  report.cycling = [...changed];
  report.cause = `flows still move by ${report.error.toPrecision(2)} of their sum after ${report.iterations} trials`;
  return report;
}

/** Status changes in this many last trials are what does not settle. */
const cycleWindow = 10;

function assemble(h: Hydraulics, s: HydraulicState, relaxation: number): void {
  reset(h, h.work.load);
  sweepPipes(h, s, h.work, relaxation);
  complete(h, s);
}

/** Clears the system and puts the demands on its right-hand side. */
function reset(h: Hydraulics, load: Float64Array): void {
  const { system, below } = h.work;
  below.fill(0);
  const core = h.coreNodes;
  if (h.pressureDriven) {
    system.fill(0);
    for (let i = 0; i < core; i++) if (load[i]! <= 0) system[2 * i + 1] = -load[i]!;
    return;
  }
  for (let i = 0; i < core; i++) {
    system[2 * i] = 0;
    system[2 * i + 1] = -load[i]!;
  }
}

/** Adds to the system whatever is not a plain pipe. */
function complete(h: Hydraulics, s: HydraulicState): void {
  const { work: w } = h;
  lineariseEquipment(h, s, w);
  addOutflows(h, s, w);
  addEquipment(h, s, w);
  const tie = 1 / closedResistance;
  for (const i of h.grounded) {
    w.system[2 * i] = w.system[2 * i]! + tie;
    w.system[2 * i + 1] = w.system[2 * i + 1]! + tie * (h.elevation[i]! - s.head[i]!);
  }
}

/** An active valve that makes the equations contradict each other gives up its setting. */
function freeValve(h: Hydraulics, s: HydraulicState, row: number): boolean {
  for (const k of h.valves) {
    if (h.from[k] !== row && h.to[k] !== row) continue;
    if (s.status[k] !== Status.active) continue;
    const kind = h.kind[k];
    if (kind === LinkKind.fcv) s.status[k] = Status.noFlow;
    else if (kind === LinkKind.prv || kind === LinkKind.psv) s.status[k] = Status.noPressure;
    else continue;
    return true;
  }
  return false;
}

/** The file's limits on head errors and flow changes. */
function limitsMet(h: Hydraulics, s: HydraulicState): boolean {
  const { headError, flowChange } = h.options;
  const { conductance, offset, sums } = h.work;
  if (flowChange > 0 && sums[2]! > flowChange * h.flowScale) return false;
  if (headError <= 0) return true;
  lineariseEquipment(h, s, h.work);
  for (let k = 0; k < h.coreLinks; k++) {
    const kind = h.kind[k]!;
    const holds = kind === LinkKind.prv || kind === LinkKind.psv || kind === LinkKind.fcv;
    if (s.status[k]! <= Status.closed || (holds && !s.pinned[k])) continue;
    const loss = (s.flow[k]! - offset[k]!) / conductance[k]!;
    if (Math.abs(s.head[h.from[k]!]! - s.head[h.to[k]!]! - loss) > headError) return false;
  }
  return true;
}

function spreadHeadsForControls(h: Hydraulics, s: HydraulicState): void {
  if (h.controls.some((control) => control.node >= h.treeStart)) spreadHeads(h, s);
}

function sumOfTrees(h: Hydraulics, s: HydraulicState): number {
  let sum = 0;
  for (let k = h.coreLinks; k < h.linkCount; k++) sum += Math.abs(s.flow[k]!);
  return sum;
}

/** Fills in what follows from the solution: heads of trees, flows of closed links, inflows of sources. */
function finish(h: Hydraulics, s: HydraulicState): void {
  spreadHeads(h, s);
  if (!h.pressureDriven)
    for (let i = 0; i < h.nodeCount; i++) s.delivered[i] = s.cutOff[i] ? 0 : s.demand[i]!;
  for (let n = h.coreNodes; n < h.treeStart; n++) {
    let sum = 0;
    for (let i = h.adjacencyStart[n]!; i < h.adjacencyStart[n + 1]!; i++) {
      const k = h.adjacency[i]!;
      if (s.status[k]! > Status.closed) sum += h.to[k] === n ? s.flow[k]! : -s.flow[k]!;
    }
    s.inflow[n] = sum;
  }
  for (let n = h.treeStart; n < h.nodeCount; n++) {
    const parent = h.treeParent[n - h.treeStart]!;
    if (parent >= h.coreNodes && parent < h.treeStart) {
      const k = h.coreLinks + n - h.treeStart;
      s.inflow[parent] = s.inflow[parent]! + (h.to[k] === parent ? s.flow[k]! : -s.flow[k]!);
    }
  }
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
