import type { PointScope } from '#twin/catalogue/definition.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import type { Template } from '#twin/catalogue/template.ts';
import type { StationKind } from '#twin/model/station.ts';
import { HOUR } from '#twin/units.ts';
import { deeperScope } from './check.ts';
import type { Condition } from './condition.ts';
import { flagAt, gatherFlags, gatherNumbers, numberAt } from './depths.ts';
import { and, not, numberBesideConstant, numberBesideNumber, or } from './flags.ts';
import { curveNumber, energyNumber, usualNumber } from './learnt.ts';
import { type FlagColumn, type NumberColumn, oncePerLook } from './look.ts';
import { ratedCurrents } from './nameplates.ts';
import { neighbourShare } from './neighbours.ts';
import { ARITHMETIC, abs, flagNumber, minus } from './numbers.ts';
import {
  depthOfPoint,
  offline,
  pointAge,
  pointHasQuality,
  pointName,
  pointNumber,
  silences,
} from './points.ts';
import { OPPOSITE } from './span.ts';
import { type Spot, spotsOf } from './spots.ts';
import { variedNumber } from './varied.ts';
import { Window } from './window.ts';
import { type WindowColumn, windowColumn } from './windowColumn.ts';

/** What the rules of one fleet share: an expression that two of them write is worked out once per look. */
export interface Workshop {
  readonly kind: StationKind;
  readonly flags: Map<string, FlagColumn>;
  readonly numbers: Map<string, NumberColumn>;
  /** by the key of what they say; each takes its value at every look, whether anybody asks or not */
  readonly windows: Map<string, WindowColumn>;
  /** windows of rules that were in force before: those that are asked for while it is compiled go on */
  before: ReadonlyMap<string, WindowColumn>;
  /** conditions that are counted over the stations around, by a key that all fleets share */
  readonly neighbours: Map<string, FlagColumn>;
}

export const workshop = (kind: StationKind, before?: Workshop): Workshop => ({
  kind,
  flags: new Map(),
  numbers: new Map(),
  windows: new Map(),
  before: before?.windows ?? new Map(),
  neighbours: new Map(),
});

/**
 * Compiles a condition to loops over the rows of a fleet. Each part of it is worked out at its own depth: what is
 * said of a station is not said again for each of its pumps. Null when this kind of station lacks a point of it: the
 * rule does not concern it.
 * @param depth where it is looked at: once per station, set or pump, at least as deep as it is itself
 * @param accepts by quality code: 1 when a value of that quality counts, else it is not known
 */
export function compile(
  condition: Condition,
  shared: Workshop,
  depth: PointScope,
  accepts: Uint8Array,
): FlagColumn | null {
  try {
    return flagAt(depth, flag(condition, { shared, depth, accepts }));
  } catch (error) {
    if (error instanceof Absent) return null;
    throw error;
  }
}

/** From where a part of a condition is seen. */
interface Site {
  shared: Workshop;
  depth: PointScope;
  accepts: Uint8Array;
}

/** A point that this kind of station does not have. */
class Absent extends Error {}

/** The depth at which a condition has an answer of its own, as seen from a depth. */
function depthOf(condition: Condition, from: PointScope): PointScope {
  switch (condition.kind) {
    case 'point':
    case 'age':
    case 'hasQuality':
    case 'usual':
      return depthOfPoint(condition);
    case 'curve':
    case 'ratedCurrent':
      return 'pump';
    case 'energy':
      return deeperScope('set', depthOf(condition.of, from));
    case 'not':
    case 'minus':
    case 'abs':
    case 'window':
      return depthOf(condition.of, from);
    case 'logic':
    case 'compare':
    case 'arithmetic':
      return deeperScope(depthOf(condition.left, from), depthOf(condition.right, from));
    case 'gather':
      return gathersAt(from);
    default:
      return 'station';
  }
}

/** Gathered are the sets and pumps of the station, or seen from a set or pump those of the set. */
const gathersAt = (from: PointScope): PointScope => (from === 'station' ? 'station' : 'set');

/** At one depth a condition means the same from wherever it is seen. */
const keyOf = (condition: Condition, { depth, accepts }: Site): string =>
  `${depthOf(condition, depth)} ${accepts.join('')} ${JSON.stringify(condition)}`;

/** What is kept under a key, made when it is asked for first. */
function once<Made>(kept: Map<string, Made>, key: string, make: () => Made): Made {
  const known = kept.get(key) ?? make();
  kept.set(key, known);
  return known;
}

function flag(condition: Condition, site: Site): FlagColumn {
  return once(site.shared.flags, keyOf(condition, site), () => buildFlag(condition, site));
}

function number(condition: Condition, site: Site): NumberColumn {
  return once(site.shared.numbers, keyOf(condition, site), () => buildNumber(condition, site));
}

function buildFlag(condition: Condition, site: Site): FlagColumn {
  switch (condition.kind) {
    case 'point':
      return numberBesideConstant(number(condition, site), '!=', 0);
    case 'offline':
      return offline();
    case 'hasQuality':
      needPoint(condition.tag, site);
      return pointHasQuality(condition, condition.quality);
    case 'not':
      return opposite(condition.of, site);
    case 'logic': {
      const [left, right] = [flag(condition.left, site), flag(condition.right, site)];
      return condition.op === 'or' ? or(left, right) : and(left, right);
    }
    case 'compare':
      return comparison(condition, site);
    case 'gather': {
      const { how, over, of } = condition;
      if (how !== 'any' && how !== 'all') break;
      const inside = flagAt(over, flag(of, { ...site, depth: over }));
      return gatherFlags(how, inside, gathersAt(site.depth));
    }
  }
  throw new Error(`a ${condition.kind} is no flag`);
}

/** What is not so. The opposite of a comparison is one, which may be decided without a look at rows. */
function opposite(of: Condition, site: Site): FlagColumn {
  if (of.kind === 'compare') return flag({ ...of, op: OPPOSITE[of.op] }, site);
  if (of.kind === 'point') return numberBesideConstant(number(of, site), '=', 0);
  return not(flag(of, site));
}

function comparison({ op, left, right }: Extract<Condition, { kind: 'compare' }>, site: Site): FlagColumn {
  if (right.kind === 'constant') {
    const { of, offset } = shifted(left);
    return numberBesideConstant(number(of, site), op, right.value - offset);
  }
  const [a, b] = [shifted(left), shifted(right)];
  return numberBesideNumber(number(a.of, site), op, number(b.of, site), a.offset - b.offset);
}

/** A condition as another and an offset: what is added to all rows alike need not be stored. */
function shifted(condition: Condition): { of: Condition; offset: number } {
  if (condition.kind === 'arithmetic' && condition.right.kind === 'constant') {
    const { of, offset } = shifted(condition.left);
    if (condition.op === '+') return { of, offset: offset + condition.right.value };
    if (condition.op === '-') return { of, offset: offset - condition.right.value };
  }
  return { of: condition, offset: 0 };
}

function buildNumber(condition: Condition, site: Site): NumberColumn {
  switch (condition.kind) {
    case 'constant':
      return variedNumber({ kind: 'varied', value: condition.value, stations: {} });
    case 'varied':
      return variedNumber(condition);
    case 'hour':
      return oncePerLook('station', ({ now, zoneOffset }, out, rows) =>
        out.fill(((now + zoneOffset) / HOUR) % 24, 0, rows),
      );
    case 'silence':
      return silences();
    case 'age':
      needPoint(condition.tag, site);
      return pointAge(condition);
    case 'point':
      needPoint(condition.tag, site);
      return pointNumber(condition, site.accepts);
    case 'usual':
      needPoint(condition.tag, site);
      return usualNumber(condition);
    case 'energy':
      return energyNumber(number(condition.of, site));
    case 'curve':
      return curveNumber(condition.what);
    case 'ratedCurrent':
      return ratedCurrents();
    case 'neighbours': {
      const whole: Site = { ...site, depth: 'station' };
      const of = flag(condition.of, whole);
      const key = keyOf(condition.of, whole);
      site.shared.neighbours.set(key, of);
      return neighbourShare(key, of);
    }
    case 'minus':
      return minus(number(condition.of, site));
    case 'abs':
      return abs(number(condition.of, site));
    case 'arithmetic':
      return ARITHMETIC[condition.op](number(condition.left, site), number(condition.right, site));
    case 'window':
      return windowed(condition, site);
    case 'gather': {
      const { how, over, of } = condition;
      if (how === 'any' || how === 'all') break;
      const inner: Site = { ...site, depth: over };
      const inside = how === 'count' ? flagNumber(flag(of, inner)) : number(of, inner);
      return gatherNumbers(how, numberAt(over, inside), gathersAt(site.depth));
    }
  }
  return flagNumber(flag(condition, site));
}

function needPoint(tag: string, { shared }: Site): void {
  const { kinds } = POINTS.find((point) => point.tag === tag)!;
  if (kinds && !kinds.includes(shared.kind)) throw new Absent(tag);
}

/** Whether a spot of a template has all that a condition speaks of: points by their full name, sets and pumps to gather. */
export function concerns(condition: Condition, template: Template, spot: Spot): boolean {
  switch (condition.kind) {
    case 'point':
    case 'age':
    case 'hasQuality':
    case 'usual':
      return template.index.has(pointName(condition, spot));
    case 'neighbours':
      return concerns(condition.of, template, spotsOf(template, 'station')[0]!);
    case 'gather': {
      const inside = spotsOf(template, condition.over).filter(
        ({ zone }) => spot.zone === null || zone === spot.zone,
      );
      return inside.length > 0 && inside.every((one) => concerns(condition.of, template, one));
    }
    case 'energy':
    case 'not':
    case 'minus':
    case 'abs':
    case 'window':
      return concerns(condition.of, template, spot);
    case 'logic':
    case 'compare':
    case 'arithmetic':
      return concerns(condition.left, template, spot) && concerns(condition.right, template, spot);
    default:
      return true;
  }
}

/** A fraction that spreads what is numbered one after the other evenly: that of the golden ratio. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function windowed(condition: Extract<Condition, { kind: 'window' }>, site: Site): NumberColumn {
  const { windows, before } = site.shared;
  const { how, seconds } = condition;
  const of = number(condition.of, site);
  const key = keyOf(condition, site);
  const window = before.get(key)?.window ?? new Window(how, seconds, 0, (windows.size * GOLDEN) % 1);
  const column = windowColumn(window, of);
  windows.set(key, column);
  return column;
}
