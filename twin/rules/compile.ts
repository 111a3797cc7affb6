import type { Template } from '#twin/catalogue/template.ts';
import { HOUR } from '#twin/units.ts';
import type { Condition, PointRef } from './condition.ts';
import { and, not, numberBesideConstant, numberBesideNumber, or } from './flags.ts';
import { curveNumber, energyNumber, usualNumber } from './learnt.ts';
import {
  Flag,
  type FlagColumn,
  flagsOncePerLook,
  type Look,
  type NumberColumn,
  oncePerLook,
} from './look.ts';
import { neighbourShare } from './neighbours.ts';
import { ARITHMETIC, abs, add, flagNumber, largest, minus, pointNumber, smallest } from './numbers.ts';
import { type Spot, spotsOf } from './spots.ts';
import { Window } from './window.ts';
import { type WindowColumn, windowColumn } from './windowColumn.ts';

/** What the rules of one template share: an expression that two of them write is worked out once per look. */
export interface Workshop {
  readonly template: Template;
  readonly flags: Map<string, FlagColumn>;
  readonly numbers: Map<string, NumberColumn>;
  /** by the key of what they say; each takes its value at every look, whether anybody asks or not */
  readonly windows: Map<string, WindowColumn>;
  /** windows of rules that were in force before: those that are asked for while it is compiled go on */
  before: ReadonlyMap<string, WindowColumn>;
  /** conditions that are counted over the stations around, by a key that all templates share */
  readonly neighbours: Map<string, FlagColumn>;
}

export const workshop = (template: Template, before?: Workshop): Workshop => ({
  template,
  flags: new Map(),
  numbers: new Map(),
  windows: new Map(),
  before: before?.windows ?? new Map(),
  neighbours: new Map(),
});

/**
 * Compiles a condition to loops over the columns of a template, as seen from a spot. Null when the template lacks a
 * point of it: the rule does not concern this kind of station.
 * @param accepts by quality code: 1 when a value of that quality counts, else it is not known
 */
export function compile(
  condition: Condition,
  shared: Workshop,
  spot: Spot,
  accepts: Uint8Array,
): FlagColumn | null {
  try {
    return flag(condition, { shared, spot, accepts });
  } catch (error) {
    if (error instanceof Absent) return null;
    throw error;
  }
}

interface Site {
  shared: Workshop;
  spot: Spot;
  accepts: Uint8Array;
}

/** A point that this template does not have. */
class Absent extends Error {}

const keyOf = (condition: Condition, { spot, accepts }: Site): string =>
  `${spot.name} ${accepts.join('')} ${JSON.stringify(condition)}`;

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
      return flagsOncePerLook(({ columns, rows }, out) => {
        let some = 0;
        for (let row = 0; row < rows; row++) {
          const last = columns.lastMessage[row]!;
          out[row] = last === 0 ? Flag.unknown : columns.offlineSince[row]! >= last ? Flag.yes : Flag.no;
          some |= out[row]!;
        }
        return some;
      });
    case 'hasQuality': {
      const index = indexOf(condition, site);
      const wanted = condition.quality;
      return flagsOncePerLook(({ columns: { qualities, times }, rows }, out) =>
        marked(qualities[index]!, times[index]!, wanted, rows, out),
      );
    }
    case 'not':
      return not(flag(condition.of, site));
    case 'logic': {
      const [left, right] = [flag(condition.left, site), flag(condition.right, site)];
      return condition.op === 'or' ? or(left, right) : and(left, right);
    }
    case 'compare':
      return comparison(condition, site);
    case 'gather': {
      if (condition.how !== 'any' && condition.how !== 'all') break;
      const columns = places(condition.over, site).map((place) => flag(condition.of, place));
      return columns.reduce((a, b) => (condition.how === 'any' ? or(a, b) : and(a, b)));
    }
  }
  throw new Error(`a ${condition.kind} is no flag`);
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
      return oncePerLook(({ rows }, out) => out.fill(condition.value, 0, rows));
    case 'hour':
      return oncePerLook(({ now, zoneOffset, rows }, out) =>
        out.fill(((now + zoneOffset) / HOUR) % 24, 0, rows),
      );
    case 'silence':
      return oncePerLook(silences);
    case 'age': {
      const index = indexOf(condition, site);
      return oncePerLook(({ columns, now, rows }, out) => since(columns.times[index]!, now, rows, out));
    }
    case 'point':
      return pointNumber(indexOf(condition, site), site.accepts);
    case 'usual':
      return usualNumber(condition, site.shared.template.points[indexOf(condition, site)]!);
    case 'energy':
      return energyNumber(site.spot.zone, number(condition.of, site));
    case 'curve':
      return curveNumber(condition.what, site.spot);
    case 'neighbours': {
      const whole = { ...site, spot: spotsOf(site.shared.template, 'station')[0]! };
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
      const columns = places(over, site).map((place) =>
        how === 'count' ? flagNumber(flag(of, place)) : number(of, place),
      );
      return columns.reduce(how === 'largest' ? largest : how === 'smallest' ? smallest : add);
    }
  }
  return flagNumber(flag(condition, site));
}

/** Where a value has a quality. */
function marked(
  qualities: Uint8Array,
  times: Float64Array,
  wanted: number,
  rows: number,
  out: Uint8Array,
): number {
  let some = 0;
  for (let row = 0; row < rows; row++) {
    const flag = times[row] === 0 ? Flag.unknown : qualities[row] === wanted ? Flag.yes : Flag.no;
    out[row] = flag;
    some |= flag;
  }
  return some;
}

/** Seconds since times (ms since epoch, 0 = never). */
function since(times: Float64Array, now: number, rows: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = times[row] === 0 ? Number.NaN : (now - times[row]!) / 1000;
}

/** Seconds without a message; those in which nobody listened say nothing of the station. */
function silences({ columns: { lastMessage, awaitedSince }, now, rows }: Look, out: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const last = lastMessage[row] || awaitedSince[row]!;
    out[row] = last === 0 ? Number.NaN : (now - last) / 1000;
  }
}

function indexOf({ tag, scope, zone, pump }: PointRef, { shared, spot }: Site): number {
  const z = zone ?? spot.zone;
  const p = pump ?? spot.pump;
  const name = scope === 'station' ? tag : scope === 'set' ? `${z}/${tag}` : `${z}/${p}/${tag}`;
  const index = shared.template.index.get(name);
  if (index === undefined) throw new Absent(name);
  return index;
}

/** Each pump set or pump of the spot; a station without any has nothing to gather. */
function places(over: 'set' | 'pump', site: Site): Site[] {
  const spots = spotsOf(site.shared.template, over).filter(
    ({ zone }) => site.spot.zone === null || zone === site.spot.zone,
  );
  if (spots.length === 0) throw new Absent(over);
  return spots.map((spot) => ({ ...site, spot }));
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
