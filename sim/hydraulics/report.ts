import { isMetric, type PressureUnits, unitFactors } from '#gis/network/units.ts';
import { Status } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind, type SolveReport } from './model.ts';
import { isFixed } from './status.ts';

export type LinkStatusName = 'open' | 'closed' | 'active';

/** One solved instant in the units of the network's file. Nodes that are cut off have no head and no pressure. */
export interface StepReport {
  /** s */
  t: number;
  iterations: number;
  converged: boolean;
  /** why it did not converge */
  cause?: string;
  /** links whose status did not settle */
  cycling?: string[];
  heads: Record<string, number | null>;
  pressures: Record<string, number | null>;
  flows: Record<string, number>;
  status: Record<string, LinkStatusName>;
  cutOff: string[];
}

/** The names of the units of a report. */
export function reportUnits(h: Hydraulics): { flow: string; head: string; pressure: string } {
  const { units = 'CMH', pressureUnits } = h.network;
  const metric = isMetric(units);
  const names: Record<PressureUnits, string> = {
    PSI: 'psi',
    KPA: 'kPa',
    METERS: 'm',
    BAR: 'bar',
    FEET: 'ft',
  };
  return {
    flow: units,
    head: metric ? 'm' : 'ft',
    pressure: names[pressureUnits ?? (metric ? 'METERS' : 'PSI')],
  };
}

/** A solved state in the order of the network's own nodes and links. */
export function reportStep(h: Hydraulics, s: HydraulicState, solved: SolveReport): StepReport {
  const { units = 'CMH', pressureUnits } = h.network;
  const f = unitFactors(units, pressureUnits, h.options.specificGravity);
  const heads: StepReport['heads'] = byId();
  const pressures: StepReport['pressures'] = byId();
  for (const n of h.nodeOrder) {
    const id = h.nodeIds[n]!;
    const cut = s.cutOff[n] === 1;
    heads[id] = cut ? null : s.head[n]! / f.length;
    pressures[id] = cut ? null : (s.head[n]! - h.elevation[n]!) / f.pressure;
  }
  const flows: StepReport['flows'] = byId();
  const status: StepReport['status'] = byId();
  for (const k of h.linkOrder) {
    const id = h.linkIds[k]!;
    flows[id] = linkFlow(h, s, k) / f.flow;
    status[id] = statusName(s.status[k]!);
  }
  return {
    t: s.time,
    iterations: solved.iterations,
    converged: solved.converged,
    ...(solved.cause === undefined ? {} : { cause: solved.cause }),
    ...(solved.cycling.length === 0 ? {} : { cycling: solved.cycling.map((k) => h.linkIds[k]!) }),
    heads,
    pressures,
    flows,
    status,
    cutOff: solved.cutOff.map((n) => h.nodeIds[n]!),
  };
}

/** An empty record that takes every id, `__proto__` too. */
function byId<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

/** What a user should know about a solved instant, one sentence each. */
export function stepWarnings(h: Hydraulics, s: HydraulicState, solved: SolveReport): string[] {
  const warnings: string[] = [];
  const say = (what: string, names: string[], verb: string): void => {
    if (names.length === 0) return;
    const shown =
      names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
    warnings.push(`at ${s.time} s: ${what} ${shown} ${verb}`);
  };
  if (!solved.converged) {
    warnings.push(`at ${s.time} s: not converged: ${solved.cause}`);
    say(
      'status of',
      solved.cycling.map((k) => h.linkIds[k]!),
      'does not settle',
    );
  }
  say(
    'nodes',
    solved.cutOff.map((n) => h.nodeIds[n]!),
    'are cut off from every source',
  );
  const low: string[] = [];
  for (let n = 0; n < h.nodeCount; n++) {
    if (isFixed(h, n) || s.cutOff[n] || s.demand[n]! <= 0) continue;
    if (s.head[n]! < h.elevation[n]!) low.push(h.nodeIds[n]!);
  }
  say('the pressure is negative at', low, 'with water being drawn');
  const weak: string[] = [];
  const unheld: string[] = [];
  for (let k = h.plainLinks; k < h.coreLinks; k++) {
    if (h.kind[k] === LinkKind.pump && s.status[k] === Status.noHead) weak.push(h.linkIds[k]!);
    if (s.status[k] === Status.noFlow || s.status[k] === Status.noPressure) unheld.push(h.linkIds[k]!);
  }
  say('pumps', weak, 'cannot deliver the head');
  say('valves', unheld, 'cannot hold their setting');
  return warnings;
}

/** Flow of a link in m³/h, from its start to its end; none when it is closed. */
export function linkFlow(h: Hydraulics, s: HydraulicState, k: number): number {
  return s.status[k]! <= Status.closed ? 0 : s.flow[k]! / h.flowScale;
}

export function statusName(status: number): LinkStatusName {
  if (status <= Status.closed) return 'closed';
  return status === Status.active ? 'active' : 'open';
}
