import { closedResistance, flowTolerance, headTolerance, Status } from './constants.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';

/**
 * The rules by which links change status during a solve, those of EPANET 2.3.5 (User Manual, section 12.1; its
 * source decides where the text is silent). Each returns whether anything changed; `changed`, when given,
 * collects the links.
 */

/** PRVs and PSVs, after every iteration. */
export function updatePressureValves(h: Hydraulics, s: HydraulicState, changed: Set<number>): boolean {
  let any = false;
  for (const k of h.valves) {
    const kind = h.kind[k];
    if (s.pinned[k] || (kind !== LinkKind.prv && kind !== LinkKind.psv)) continue;
    const before = s.status[k]!;
    const after = kind === LinkKind.prv ? prvStatus(h, s, k, before) : psvStatus(h, s, k, before);
    if (after === before) continue;
    s.status[k] = after;
    changed.add(k);
    any = true;
  }
  return any;
}

/**
 * Opens PSVs that starve what lies behind them: when nothing else feeds it, an active PSV that cannot hold its
 * pressure would leave only the matrix's own tiny link across it (EPANET 2.3 stays so, its issue #892).
 */
export function openStarvingValves(h: Hydraulics, s: HydraulicState, changed: Set<number>): boolean {
  let any = false;
  for (const k of h.valves) {
    if (h.kind[k] !== LinkKind.psv || s.status[k] !== Status.active) continue;
    const across = (s.head[h.from[k]!]! - s.head[h.to[k]!]!) / closedResistance;
    if (across <= flowTolerance) continue;
    s.status[k] = Status.noPressure;
    changed.add(k);
    any = true;
  }
  return any;
}

/** Lets valves that had given up try again. */
export function retryValves(h: Hydraulics, s: HydraulicState): void {
  for (const k of h.valves)
    if (s.status[k] === Status.noPressure && !s.pinned[k]) s.status[k] = Status.active;
}

/** Check valves, pumps, FCVs and links to tanks, at intervals and when flows have settled. */
export function updateLinks(h: Hydraulics, s: HydraulicState, changed: Set<number>): boolean {
  let any = false;
  for (let k = h.plainLinks; k < h.coreLinks; k++) {
    const kind = h.kind[k];
    const a = h.from[k]!;
    const b = h.to[k]!;
    const drop = s.head[a]! - s.head[b]!;
    const before = s.status[k]!;
    let status = before;
    if (status === Status.noHead || status === Status.heldShut) status = Status.open;
    if (kind === LinkKind.checkValve) status = checkValveStatus(status, drop, s.flow[k]!);
    else if (kind === LinkKind.pump) {
      if (status >= Status.open && s.setting[k]! > 0) status = pumpStatus(h, s, k, -drop);
    } else if (kind === LinkKind.fcv && !s.pinned[k]) status = fcvStatus(s, k, status, drop);
    if (status > Status.closed && isFixed(h, a) !== isFixed(h, b)) {
      if (tankForbids(h, s, k)) status = Status.heldShut;
    } else if (status > Status.closed && isFixed(h, a) && tanksForbid(h, s, a, b)) status = Status.heldShut;
    if (status === before) continue;
    s.status[k] = status;
    changed.add(k);
    any = true;
  }
  return any;
}

export function isFixed(h: Hydraulics, node: number): boolean {
  return node >= h.coreNodes && node < h.innerStart;
}

function checkValveStatus(status: number, drop: number, q: number): number {
  if (drop < -headTolerance || q < -flowTolerance) return Status.closed;
  return drop > headTolerance ? Status.open : status;
}

function pumpStatus(h: Hydraulics, s: HydraulicState, k: number, gain: number): number {
  const most = s.setting[k]! ** 2 * h.pumps[h.pumpOf[k]!]!.curve.maxHead;
  return gain > most + headTolerance ? Status.noHead : Status.open;
}

function prvStatus(h: Hydraulics, s: HydraulicState, k: number, status: number): number {
  const set = h.elevation[h.to[k]!]! + s.setting[k]!;
  const up = s.head[h.from[k]!]!;
  const down = s.head[h.to[k]!]!;
  const q = s.flow[k]!;
  const reversed = q < -flowTolerance;
  switch (status) {
    case Status.active:
      if (reversed) return Status.closed;
      return up - h.minor[k]! * q * q < set - headTolerance ? Status.open : Status.active;
    case Status.open:
      if (reversed) return Status.closed;
      return down >= set + headTolerance ? Status.active : Status.open;
    case Status.closed:
      if (up >= set + headTolerance && down < set - headTolerance) return Status.active;
      return up < set - headTolerance && up > down + headTolerance ? Status.open : Status.closed;
    default:
      return status === Status.noPressure && reversed ? Status.closed : status;
  }
}

function psvStatus(h: Hydraulics, s: HydraulicState, k: number, status: number): number {
  const set = h.elevation[h.from[k]!]! + s.setting[k]!;
  const up = s.head[h.from[k]!]!;
  const down = s.head[h.to[k]!]!;
  const q = s.flow[k]!;
  const reversed = q < -flowTolerance;
  switch (status) {
    case Status.active:
      if (reversed) return Status.closed;
      return down + h.minor[k]! * q * q > set + headTolerance ? Status.open : Status.active;
    case Status.open:
      if (reversed) return Status.closed;
      return up < set - headTolerance ? Status.active : Status.open;
    case Status.closed:
      if (up <= down + headTolerance) return Status.closed;
      if (down > set + headTolerance) return Status.open;
      return up >= set + headTolerance ? Status.active : Status.closed;
    default:
      return status === Status.noPressure && reversed ? Status.closed : status;
  }
}

function fcvStatus(s: HydraulicState, k: number, status: number, drop: number): number {
  if (drop < -headTolerance || s.flow[k]! < -flowTolerance) return Status.noFlow;
  return status === Status.noFlow && s.flow[k]! >= s.setting[k]! ? Status.active : status;
}

/** Whether a link would fill a full tank or draw from an empty one. */
function tankForbids(h: Hydraulics, s: HydraulicState, k: number): boolean {
  const outward = isFixed(h, h.from[k]!);
  const node = outward ? h.from[k]! : h.to[k]!;
  const other = outward ? h.to[k]! : h.from[k]!;
  const tank = h.tanks[h.tankOf[node]!];
  if (!tank) return false;
  const q = outward ? s.flow[k]! : -s.flow[k]!;
  const drop = s.head[node]! - s.head[other]!;
  const pump = h.kind[k] === LinkKind.pump;
  if (s.head[node]! >= tank.maxHead - headTolerance && !tank.overflow) {
    if (pump ? !outward : checkValveStatus(Status.open, drop, q) === Status.closed) return true;
  }
  if (s.head[node]! <= tank.minHead + headTolerance) {
    return pump ? outward : checkValveStatus(Status.closed, drop, q) === Status.open;
  }
  return false;
}

/** The same for a link between two tanks, or a tank and a reservoir. */
function tanksForbid(h: Hydraulics, s: HydraulicState, a: number, b: number): boolean {
  const refuses = (node: number, other: number): boolean => {
    const tank = h.tanks[h.tankOf[node]!];
    if (!tank) return false;
    const head = s.head[node]!;
    const over = s.head[other]! >= head;
    if (head >= tank.maxHead - headTolerance && over && !tank.overflow) return true;
    return head <= tank.minHead + headTolerance && head >= s.head[other]!;
  };
  return refuses(a, b) || refuses(b, a);
}
