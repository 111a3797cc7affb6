import type { Premise, Rule, RuleAction } from '#gis/network/rules.ts';
import { type UnitFactors, unitFactors } from '#gis/network/units.ts';
import { settingInSolver } from './compile-controls.ts';
import { Status } from './constants.ts';
import { setLinkStatus, setPumpSpeed, setValve } from './controls.ts';
import { type HydraulicState, type Hydraulics, LinkKind } from './model.ts';

/** Values that differ by less, in the file's units, count as equal (EPANET 2.3.5, rules.c). */
const equal = 1e-3;

/**
 * Carries out the rules that hold at the state's time; where rules disagree about a link the one of higher
 * priority, then the earlier one, decides.
 *
 * @param dt s since rules were last looked at: a premise TIME = t holds if t lies in between
 * @param startClock time of day at the state's time 0, s
 * @returns whether a link changed
 */
export function applyRules(
  h: Hydraulics,
  s: HydraulicState,
  dt: number,
  tick: number,
  startClock = h.times.startClockTime,
): boolean {
  const { units = 'CMH', pressureUnits } = h.network;
  const f = unitFactors(units, pressureUnits, h.options.specificGravity);
  const chosen = new Map<string, { action: RuleAction; rule: Rule }>();
  const moment = { dt, tick, startClock };
  for (const rule of h.rules) {
    for (const action of holds(h, s, f, rule, moment) ? rule.actions : rule.otherwise) {
      const before = chosen.get(action.link);
      if (!before || rule.priority > before.rule.priority) chosen.set(action.link, { action, rule });
    }
  }
  let any = false;
  for (const { action } of chosen.values()) if (act(h, s, action)) any = true;
  return any;
}

/** When rules are looked at, s. */
interface Moment {
  dt: number;
  tick: number;
  startClock: number;
}

function act(h: Hydraulics, s: HydraulicState, action: RuleAction): boolean {
  if ('status' in action && action.status === 'active') return false;
  const link = h.linkIndex.get(action.link)!;
  const kind = h.kind[link]!;
  const open = s.status[link]! > Status.closed;
  if ('status' in action || kind === LinkKind.pipe) {
    const wanted = 'status' in action ? action.status === 'open' : action.setting !== 0;
    if (wanted === open) return false;
    setLinkStatus(h, s, link, wanted);
    return true;
  }
  if (kind === LinkKind.gpv) return false;
  const setting = settingInSolver(h, link, action.setting);
  if (!s.pinned[link] && Math.abs(setting - s.setting[link]!) <= equal) return false;
  if (kind === LinkKind.pump) setPumpSpeed(h, s, link, setting);
  else setValve(h, s, link, setting);
  return true;
}

function holds(h: Hydraulics, s: HydraulicState, f: UnitFactors, rule: Rule, moment: Moment): boolean {
  let result = true;
  for (const premise of rule.premises) {
    if (premise.join === 'or') {
      if (!result) result = premiseHolds(h, s, f, premise, moment);
    } else {
      if (!result) return false;
      result = premiseHolds(h, s, f, premise, moment);
    }
  }
  return result;
}

function premiseHolds(
  h: Hydraulics,
  s: HydraulicState,
  f: UnitFactors,
  premise: Premise,
  { dt, tick, startClock }: Moment,
): boolean {
  if (premise.about === 'time' || premise.about === 'clocktime') {
    const day = premise.about === 'clocktime' ? 86400 : Number.POSITIVE_INFINITY;
    const shift = premise.about === 'clocktime' ? startClock : 0;
    const wrap = (t: number): number => (day < Number.POSITIVE_INFINITY ? ((t % day) + day) % day : t);
    return timeHolds(premise, wrap(s.time - dt + tick + shift), wrap(s.time + shift));
  }
  if (premise.about === 'status') {
    const status = s.status[h.linkIndex.get(premise.id)!]!;
    const name = status <= Status.closed ? 'closed' : status === Status.active ? 'active' : 'open';
    if (premise.relation === '=') return name === premise.status;
    return premise.relation === '<>' && name !== premise.status;
  }
  const value = premiseValue(h, s, f, premise);
  return value !== undefined && compares(value, premise.relation, premise.value);
}

function timeHolds(
  { relation, seconds }: { relation: Premise['relation']; seconds: number },
  from: number,
  to: number,
): boolean {
  switch (relation) {
    case '<':
      return to < seconds;
    case '<=':
      return to <= seconds;
    case '>':
      return to > seconds;
    case '>=':
      return to >= seconds;
    default: {
      const within = to < from ? seconds >= from || seconds <= to : seconds >= from && seconds <= to;
      return within === (relation === '=');
    }
  }
}

/** The strict and the loose comparisons are EPANET's: `<` holds up to the tolerance beyond equality, `<=` not. */
function compares(value: number, relation: Premise['relation'], limit: number): boolean {
  switch (relation) {
    case '=':
      return Math.abs(value - limit) <= equal;
    case '<>':
      return Math.abs(value - limit) >= equal;
    case '<':
      return value <= limit + equal;
    case '<=':
      return value <= limit - equal;
    case '>':
      return value >= limit - equal;
    case '>=':
      return value >= limit + equal;
  }
}

/** The value a premise asks for, in the units of the file; undefined when there is none now. */
function premiseValue(
  h: Hydraulics,
  s: HydraulicState,
  f: UnitFactors,
  premise: Premise,
): number | undefined {
  const flowUnit = h.flowScale * f.flow;
  if (premise.about === 'system demand') {
    let sum = 0;
    for (let n = 0; n < h.nodeCount; n++) sum += Math.max(0, s.demand[n]!);
    return sum / flowUnit;
  }
  if (premise.about === 'link') {
    const k = h.linkIndex.get(premise.id)!;
    if (premise.variable === 'flow') return Math.abs(s.flow[k]!) / flowUnit;
    if (s.pinned[k]) return undefined;
    return s.setting[k]! / settingInSolver(h, k, 1);
  }
  if (premise.about !== 'node') return undefined;
  const n = h.nodeIndex.get(premise.id)!;
  const above = s.head[n]! - h.elevation[n]!;
  switch (premise.variable) {
    case 'demand': {
      const source = n >= h.coreNodes && n < h.treeStart;
      return (source ? s.inflow[n]! : s.delivered[n]! + s.emitterFlow[n]!) / flowUnit;
    }
    case 'head':
      return s.head[n]! / f.length;
    case 'level':
      return above / f.length;
    case 'pressure':
      return above / f.pressure;
    default: {
      const i = h.tanks.findIndex((tank) => tank.node === n);
      const q = s.inflow[n]!;
      const fills = premise.variable === 'filltime';
      if (i < 0 || (fills ? q <= 0 : q >= 0)) return undefined;
      const limit = fills ? h.tanks[i]!.maxVolume : h.tanks[i]!.minVolume;
      return (limit - s.tankVolume[i]!) / q;
    }
  }
}
