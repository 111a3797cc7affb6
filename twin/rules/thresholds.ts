import { QUALITY_NAMES } from '#twin/state/quality.ts';
import { FUNCTIONS } from './check.ts';
import type { StationValues } from './condition.ts';
import type { Expression } from './expression.ts';
import { type Problem, problem } from './problem.ts';
import type { RuleText } from './rule.ts';
import { isUnit, parseQuantity, unknownUnit } from './units.ts';

/** A number of a rule that has a name, so that a station can have another. */
export interface Threshold {
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  readonly value: number;
  /** of all its values; null: a bare number, which fits any */
  readonly unit: string | null;
  /** what stations have instead, by code */
  readonly stations: StationValues;
}

/** By name of the threshold, what stations have instead. */
export type Overridden = Readonly<Record<string, StationValues>>;

/** Words that mean something in an expression already. */
const TAKEN: ReadonlySet<string> = new Set([...FUNCTIONS, ...QUALITY_NAMES, 'and', 'or', 'not']);

/** The thresholds of a rule. @param refuse is told what is wrong, and the path to it within them */
export function readThresholds(
  texts: NonNullable<RuleText['thresholds']>,
  overridden: Overridden,
  refuse: (path: readonly PropertyKey[], problem: Problem) => void,
): Threshold[] {
  return Object.entries(texts).flatMap(([name, { value: written, zh, en }]) => {
    const quantity = parseQuantity(written);
    if (TAKEN.has(name)) refuse([name], problem('nameTaken', { name }));
    const wrong = quantity ? unitProblem(quantity) : problem('badQuantity', {});
    if (wrong) refuse([name, 'value'], wrong);
    if (!quantity || wrong) return [];
    return [{ name, zh, en, ...quantity, stations: overridden[name] ?? {} }];
  });
}

/** Why a quantity's unit is none; null when it is one, or there is none. */
export const unitProblem = ({ value, unit }: { value: number; unit: string | null }): Problem | null =>
  unit === null || isUnit(unit) ? null : unknownUnit(value, unit);

/**
 * An expression with its thresholds' numbers in the place of their names. A time that a function is given stays a
 * name, which is refused as such: windows are as long at every station.
 * @param use is told each name that is found
 */
export function withThresholds(
  expression: Expression,
  thresholds: ReadonlyMap<string, Threshold>,
  use: (name: string) => void,
): Expression {
  const within = (node: Expression): Expression => {
    switch (node.kind) {
      case 'number':
        return node;
      case 'point': {
        const threshold = node.zone === null ? thresholds.get(node.tag) : undefined;
        if (!threshold) return node;
        use(threshold.name);
        const { value, unit, stations } = threshold;
        return { kind: 'number', value, unit, stations, at: node.at };
      }
      case 'unary':
        return { ...node, of: within(node.of) };
      case 'binary':
        return { ...node, left: within(node.left), right: within(node.right) };
      case 'call':
        return { ...node, args: node.args.map((arg, i) => (i === 0 ? within(arg) : arg)) };
    }
  };
  return within(expression);
}

/** What a threshold is at a station, in its unit. */
export const thresholdAt = ({ value, stations }: Threshold, code: string): number =>
  Object.hasOwn(stations, code) ? stations[code]! : value;
