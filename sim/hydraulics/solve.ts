import { markCutOff } from './connectivity.ts';
import { Status } from './constants.ts';
import { applyPressureControls } from './controls.ts';
import { forgetLaws, keepLaws, lawsFit, lawsHold } from './kept.ts';
import { type HydraulicState, type Hydraulics, LinkKind, type SolveReport } from './model.ts';
import { flowError, limitsMet, newtonStep, recallLaws, repeatStep } from './newton.ts';
import { demandsSettled } from './outflows.ts';
import { findShutPipes } from './pipes.ts';
import { settle } from './settle.ts';
import { isUnsolved } from './state.ts';
import { openStarvingValves, retryValves, updateLinks, updatePressureValves } from './status.ts';
import { gatherTrees, sourceInflows, spreadHeads } from './trees.ts';

export interface SolveOptions {
  /** Σ|Δq| / Σ|q| at which flows count as settled; the file's by default */
  accuracy?: number;
  /**
   * m: a solve that begins with kept laws may end with them, at new demands, while none gives a loss that is off by more
   * than this at the flow its link has come to; no more than `accuracy` says when absent
   */
  lawError?: number;
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
  retryValves(h, s);
  // where it is cut off the equations of a PBV have no solution
  if (h.kind.includes(LinkKind.pbv)) markCutOff(h, s);
  let report = iterate(h, s, options);
  // Cutting off changes demands, and these, seldom, statuses. What an empty tank no longer feeds it would feed again as soon as
  // nobody draws: what is cut off in the third round stays so.
  for (let round = 0; markCutOff(h, s, round > 1); round++) {
    const { iterations } = report;
    report = iterate(h, s, options);
    report.iterations += iterations;
  }
  spreadHeads(h, s);
  const beyond = report.converged ? outOfMeasure(s.head, s.cutOff, h.nodeCount) : -1;
  if (beyond >= 0)
    unsolvable(report, `no flows satisfy all settings: the head of node ${h.nodeIds[beyond]} has no measure`);
  sourceInflows(h, s);
  if (!h.pressureDriven) s.delivered.set(s.demand);
  for (let n = s.cutOff.indexOf(1); n >= 0; n = s.cutOff.indexOf(1, n + 1)) {
    if (!h.pressureDriven) s.delivered[n] = 0;
    report.cutOff.push(n);
  }
  return report;
}

/**
 * Higher than any water, m: what cannot flow where it has to is driven through the resistance of something shut, by heads
 * like this.
 */
const BEYOND_MEASURE = 1e5;

function unsolvable(report: SolveReport, cause: string): void {
  report.converged = false;
  report.cause = cause;
}

/** A node with a head that no network has; −1 when all have one. */
function outOfMeasure(head: Float64Array, cutOff: Uint8Array, count: number): number {
  for (let n = 0; n < count; n++) if (Math.abs(head[n]!) > BEYOND_MEASURE && cutOff[n] === 0) return n;
  return -1;
}

/** Newton's method with statuses decided on the way: valves at every step, others at intervals, all when at rest. */
function iterate(
  h: Hydraulics,
  s: HydraulicState,
  { accuracy = h.options.accuracy, lawError = 0 }: SolveOptions,
): SolveReport {
  const { trials, checkFrequency, maxCheck, dampLimit } = h.options;
  const w = h.work;
  const report: SolveReport = {
    iterations: 0,
    error: Number.POSITIVE_INFINITY,
    converged: false,
    cycling: [],
    cutOff: [],
  };
  const changed = new Set<number>();
  let nextCheck = checkFrequency;
  let relaxation = 1;

  const inTrees = gatherTrees(h, s, w);
  if (h.pressureDriven) s.delivered.set(w.load.subarray(0, h.coreNodes));
  // Where valves hold pressures or flows more than one combination of statuses may agree: EPANET's way leads to its own.
  const startsAnew = h.valves.length === 0 && isUnsolved(s);
  let again = lawsHold(h, s) && recallLaws(h, s);
  if (!again) findShutPipes(h, s, w);
  forgetLaws(s);
  for (let trial = 1; trial <= trials; ) {
    const fresh = !again;
    let tangent = true;
    if (again) tangent = repeatStep(h, s);
    else {
      const row = newtonStep(h, s, relaxation, trial === 1 && startsAnew);
      if (row >= 0) {
        if (freeValve(h, s, row)) continue;
        report.cause = `the equations have no solution at node ${h.nodeIds[row]}`;
        return report;
      }
    }
    again = false;
    report.iterations = trial;
    report.error = flowError(h, s, inTrees, accuracy);
    const settled = report.error <= accuracy || (!fresh && lawError > 0 && lawsFit(h, s, lawError));

    relaxation = 1;
    let valves = false;
    if (dampLimit <= 0) valves = updatePressureValves(h, s, changed);
    else if (report.error <= dampLimit) {
      relaxation = 0.6;
      valves = updatePressureValves(h, s, changed);
    }
    if (tangent && settled && limitsMet(h, s) && demandsSettled(h, s, w)) {
      const starving = openStarvingValves(h, s, changed);
      const links = updateLinks(h, s, changed) || starving;
      if (h.treeControls) spreadHeads(h, s);
      const controls = applyPressureControls(h, s, changed);
      if (controls) findShutPipes(h, s, w);
      if (!valves && !links && !controls) {
        report.converged = true;
        keepLaws(h, s, fresh);
        return report;
      }
      nextCheck = trial + checkFrequency;
    } else if (trial <= maxCheck && trial === nextCheck) {
      updateLinks(h, s, changed);
      nextCheck += checkFrequency;
    }
    trial++;
  }
  settle(h, s, accuracy, inTrees, report);
  return report;
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
