import { QUANTITIES } from './quantity.ts';

/** Which stations: one, a zone, a district, all; at most `limit` of them. Or a node of the mains. */
export interface Selector {
  of: 'station' | 'zone' | 'district' | 'all' | 'node';
  name: string;
  limit: number;
  /** one pump set of a station only */
  set?: string;
}

/** A quantity of some stations. */
export interface Subject {
  quantity: string;
  selector: Selector;
}

export interface Condition extends Subject {
  side: 'above' | 'below';
  value: number;
}

export type Expectation =
  | (Condition & { kind: 'stays' | 'reaches' })
  /** largest mean of 60 minutes over the mean of all inflows together */
  | { kind: 'peak factor'; selector: Selector; value: number /** of each zone by itself */; byZone: boolean };

/** A sentence that is none of the grammar's. */
export class GrammarError extends Error {}

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]*$/;
const SETS = /^(LO|MI|HI|SP)$/;
const SIDES: Readonly<Record<string, Condition['side']>> = {
  above: 'above',
  below: 'below',
  '>': 'above',
  '<': 'below',
};

/** `SM-0001`, `SM-0001/LO`, `all`, `zone Z-W1`, `district 350203`, `200 of district 350203`. @throws GrammarError */
export function parseSelector(text: string): Selector {
  const words = wordsOf(text);
  let limit = Number.POSITIVE_INFINITY;
  if (words.length > 2 && words[1] === 'of') {
    limit = Number(words[0]);
    if (!(Number.isInteger(limit) && limit > 0))
      throw new GrammarError(`"${words[0]}" is not a number of stations`);
    words.splice(0, 2);
  }
  const [first, second] = words;
  if (words.length === 1 && first === 'all') return { of: 'all', name: '', limit };
  const [name, set] = first!.split('/');
  if (words.length === 1 && NAME.test(name!) && set === undefined)
    return { of: 'station', name: name!, limit };
  if (words.length === 1 && NAME.test(name!) && SETS.test(set!))
    return { of: 'station', name: name!, limit, set: set! };
  if (words.length === 2 && (first === 'zone' || first === 'district') && NAME.test(second!))
    return { of: first, name: second!, limit };
  throw new GrammarError(
    `"${text}" names no stations: a code, "all", "zone …", "district …" or "200 of district …"`,
  );
}

/** `P_OUT of SM-0001`, `PRESSURE of node J-00037`. @throws GrammarError */
export function parseSubject(text: string): Subject {
  const words = wordsOf(text);
  const [quantity, of] = words;
  if (!quantity || !Object.hasOwn(QUANTITIES, quantity))
    throw new GrammarError(
      `"${quantity ?? ''}" is no quantity; there are ${Object.keys(QUANTITIES).join(', ')}`,
    );
  if (of !== 'of') throw new GrammarError(`"of" and stations are missing after ${quantity}`);
  if (QUANTITIES[quantity]!.per !== 'node')
    return { quantity, selector: parseSelector(words.slice(2).join(' ')) };
  if (words.length !== 4 || words[2] !== 'node')
    throw new GrammarError(`${quantity} is of a node of the mains: "${quantity} of node …"`);
  return { quantity, selector: { of: 'node', name: words[3]!, limit: 1 } };
}

/** `LEVEL of SM-0001 below 0.8 m`. @throws GrammarError */
export function parseCondition(text: string): Condition {
  const words = wordsOf(text);
  const at = words.findIndex((word) => Object.hasOwn(SIDES, word));
  if (at < 0) throw new GrammarError(`"above" or "below" and a value are missing in "${text}"`);
  const subject = parseSubject(words.slice(0, at).join(' '));
  return {
    ...subject,
    side: SIDES[words[at]!]!,
    value: valueWithUnit(words.slice(at + 1), subject.quantity),
  };
}

/**
 * `… stays above 0.30 MPa`, `… reaches below 20 %`, `tank never overflows`, `tank of … never overflows`,
 * `inflow of zone … peak factor < 1.4`, `zone inflow peak factor < 1.4`: of every zone.
 * @throws GrammarError
 */
export function parseExpectation(text: string): Expectation {
  const words = wordsOf(text);
  const sentence = words.join(' ');
  const tank = /^tanks?(?: of (.+))? never overflows?$/.exec(sentence);
  if (tank) {
    const selector = parseSelector(tank[1] ?? 'all');
    return { kind: 'stays', quantity: 'SPILLED', selector, side: 'below', value: 1e-6 };
  }
  const peak = /^(?:inflow of (.+)|(zone(?: \S+)?) inflow) peak factor (?:<|below) ?(\S+)$/.exec(sentence);
  if (peak) {
    const [, of, zone, factor] = peak;
    const value = Number(factor);
    if (!(value > 0 && Number.isFinite(value))) throw new GrammarError(`"${factor}" is not a peak factor`);
    const byZone = zone === 'zone';
    return { kind: 'peak factor', selector: parseSelector(byZone ? 'all' : (of ?? zone)!), value, byZone };
  }
  const at = words.findIndex((word) => word === 'stays' || word === 'reaches');
  if (at < 0)
    throw new GrammarError(
      `"${text}" is no expectation: "P_OUT of … stays above …", "… reaches below …", "tank never overflows", "tank of … never overflows", "inflow of … peak factor < …", "zone inflow peak factor < …"; of alarms "raised RULE at … within …", "no RULE at …", "nothing else above priority …" or "at most … annunciations in any …"`,
    );
  const kind = words[at] as 'stays' | 'reaches';
  return { kind, ...parseCondition(words.filter((_, i) => i !== at).join(' ')) };
}

function valueWithUnit(words: readonly string[], quantity: string): number {
  const [number, ...rest] = words;
  const unit = rest.join(' ');
  const value = Number(number);
  if (number === undefined || !Number.isFinite(value))
    throw new GrammarError(`"${number ?? ''}" is not a number`);
  const own = QUANTITIES[quantity]!.unit;
  if (unit !== '' && unit !== own)
    throw new GrammarError(`${quantity} is in ${own || 'no unit'}, not in ${unit}`);
  return value;
}

function wordsOf(text: string): string[] {
  return text.trim().split(/\s+/);
}
