import { applyPressureControls } from './controls.ts';
import type { HydraulicState, Hydraulics, SolveReport } from './model.ts';
import { flowError, limitsMet, newtonStep } from './newton.ts';
import { demandsSettled } from './outflows.ts';
import { findShutPipes } from './pipes.ts';
import { openStarvingValves, updateLinks, updatePressureValves } from './status.ts';
import { spreadHeads } from './trees.ts';

/** Rounds of deciding statuses, and Newton steps in each. */
const mostRounds = 60;
const mostSteps = 60;
/** Share of each flow's move that is made in the second half of these steps. */
const lateRelaxation = 0.6;
/** Links that are named when flows do not settle. */
const namedLinks = 5;

/**
 * Settles a network whose statuses chase each other when they are decided on the way, as EPANET does: flows are
 * brought to rest with all statuses held, only then are they decided anew. When a combination of statuses comes
 * back, only one link at a time may change, and never to a combination seen before.
 */
export function settle(
  h: Hydraulics,
  s: HydraulicState,
  accuracy: number,
  treeFlow: number,
  report: SolveReport,
): void {
  const seen = new Set<string>();
  let oneAtATime = false;
  for (let round = 0; round < mostRounds; round++) {
    seen.add(signature(h, s));
    if (!bringToRest(h, s, accuracy, treeFlow, report)) return;
    const before = { status: s.status.slice(), setting: s.setting.slice(), pinned: s.pinned.slice() };
    const changed = new Set<number>();
    updatePressureValves(h, s, changed);
    openStarvingValves(h, s, changed);
    updateLinks(h, s, changed);
    spreadHeads(h, s);
    applyPressureControls(h, s, changed);
    if (changed.size === 0) {
      report.converged = true;
      report.cycling = [];
      delete report.cause;
      return;
    }
    if (!oneAtATime && !seen.has(signature(h, s))) continue;
    oneAtATime = true;
    const wanted = { status: s.status.slice(), setting: s.setting.slice(), pinned: s.pinned.slice() };
    const choice = [...changed].find((k) => {
      copyLinks(s, before);
      copyLink(s, wanted, k);
      return !seen.has(signature(h, s));
    });
    if (choice === undefined) {
      copyLinks(s, before);
      report.cycling = [...changed];
      report.cause = 'no combination of statuses agrees with its own heads and flows';
      return;
    }
  }
  report.cause = `statuses do not settle in ${mostRounds} rounds`;
}

function bringToRest(
  h: Hydraulics,
  s: HydraulicState,
  accuracy: number,
  treeFlow: number,
  report: SolveReport,
): boolean {
  findShutPipes(h, s, h.work);
  for (let step = 0; step < mostSteps; step++) {
    const row = newtonStep(h, s, step < mostSteps / 2 ? 1 : lateRelaxation);
    if (row >= 0) {
      report.cause = `the equations have no solution at node ${h.nodeIds[row]}`;
      return false;
    }
    report.iterations++;
    report.error = flowError(h, s, treeFlow, accuracy);
    if (report.error <= accuracy && limitsMet(h, s) && demandsSettled(h, s, h.work)) return true;
  }
  report.cause = `flows still move by ${report.error.toPrecision(2)} of their sum with all statuses held, most in ${restless(h, s)}`;
  return false;
}

/** The links whose flows one more step moves most. */
function restless(h: Hydraulics, s: HydraulicState): string {
  const before = s.flow.slice();
  newtonStep(h, s, lateRelaxation);
  const moves = Array.from({ length: h.coreLinks }, (_, k) => Math.abs(s.flow[k]! - before[k]!));
  const most = moves.reduce((a, b) => Math.max(a, b), 0);
  return moves
    .map((move, k) => ({ move, k }))
    .filter(({ move }) => move >= most / 10)
    .sort((a, b) => b.move - a.move)
    .slice(0, namedLinks)
    .map(({ k }) => h.linkIds[k]!)
    .join(', ');
}

interface Links {
  status: Uint8Array;
  setting: Float64Array;
  pinned: Uint8Array;
}

function copyLinks(to: Links, from: Links): void {
  to.status.set(from.status);
  to.setting.set(from.setting);
  to.pinned.set(from.pinned);
}

function copyLink(to: Links, from: Links, k: number): void {
  to.status[k] = from.status[k]!;
  to.setting[k] = from.setting[k]!;
  to.pinned[k] = from.pinned[k]!;
}

function signature(h: Hydraulics, s: HydraulicState): string {
  return `${s.status.subarray(h.plainLinks, h.coreLinks).join('')} ${s.pinned.subarray(h.plainLinks, h.coreLinks).join('')} ${controlled(h, s)}`;
}

/** Statuses of the pipes that pressure controls move. */
function controlled(h: Hydraulics, s: HydraulicState): string {
  return h.controls.map(({ link }) => (link < h.plainLinks ? s.status[link] : '')).join('');
}
