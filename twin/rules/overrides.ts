import { z } from 'zod';
import { POINTS } from '#twin/catalogue/points.data.ts';
import type { StationKind } from '#twin/model/station.ts';
import { nearNames } from '#twin/nearNames.ts';
import type { Condition, StationValues } from './condition.ts';
import {
  makeRule,
  type ReadItem,
  type Rule,
  type RuleFile,
  type RuleIssue,
  readItems,
  unknownRule,
} from './load.ts';
import { possible } from './possible.ts';
import { type Problem, problem } from './problem.ts';
import { quantity, ruleId } from './rule.ts';
import { type Threshold, unitProblem } from './thresholds.ts';
import { factor, parseQuantity, quantityText } from './units.ts';

const override = z.strictObject({
  rule: ruleId,
  threshold: z.string().min(1).describe('the name that the rule gives it'),
  stations: z.array(z.string().min(1)).nonempty().describe('codes of stations'),
  value: quantity.describe('what they have instead, in a unit that fits'),
  version: z.int().min(1).describe('of the rule for which it was chosen'),
  author: z.string().min(1),
  reason: z.string().min(1).describe('why these stations differ'),
});

/** What some stations have instead of a rule's threshold, as it is written in a file. */
export type OverrideText = z.infer<typeof override>;
export type ReadOverride = ReadItem<OverrideText>;

/** A file holds a list of them; one of nothing but comments holds none. */
const overrideFileSchema = z.preprocess((value) => value ?? [], z.array(override));

/** What editors validate files of overrides against. */
export const overrideJsonSchema = (): object => ({
  title: 'Thresholds of stations',
  ...z.toJSONSchema(z.array(override)),
});

/** Reads one file for itself; whether it fits the rules shows when it is laid over them. */
export function readOverrides(file: RuleFile): { overrides: ReadOverride[]; issues: RuleIssue[] } {
  const issues: RuleIssue[] = [];
  return { overrides: readItems(file, overrideFileSchema as z.ZodType<OverrideText[]>, issues), issues };
}

export interface Overrode {
  /** as they came, those that are overridden made anew */
  readonly rules: readonly Rule[];
  /** overrides that do not fit, or not at each of their stations, and why */
  readonly misfits: ReadonlyMap<ReadOverride, readonly RuleIssue[]>;
  /** why a station's own threshold is left out, by `keyOf` */
  readonly unfit: ReadonlyMap<string, RuleIssue>;
}

/**
 * Rules under the thresholds that stations have instead. What does not fit is left out: an unknown rule or threshold,
 * a unit or value that makes no sense; of the stations only those that are unknown, of another kind, have a value
 * already, or another threshold of their own with which it makes no sense.
 * @param stations all there are, by code; null: nobody knows, and any code will do
 */
export function overrideThresholds(
  rules: readonly Rule[],
  overrides: readonly ReadOverride[],
  stations: ReadonlyMap<string, StationKind> | null,
): Overrode {
  const byId = new Map(rules.map((rule) => [rule.text.id, rule]));
  const misfits = new Map<ReadOverride, RuleIssue[]>();
  const unfit = new Map<string, RuleIssue>();
  const taken = new Map<string, ReadOverride>();
  const found = new Map<string, OwnValues>();
  const judge = judgedOnce();
  const nearest = nearestOfFirst(stations);
  for (const one of overrides) {
    const { item, where } = one;
    const issues: RuleIssue[] = [];
    const fit = fitting(one, byId, judge, issues);
    const own = found.get(item.rule) ?? new Map<string, Record<string, number>>();
    const values = own.get(item.threshold) ?? {};
    item.stations.forEach((code, i) => {
      const key = keyOf(item, code);
      if (!fit) {
        unfit.set(key, issues[0]!);
        return;
      }
      const wrong =
        stationProblem(code, fit.rule, { stations, nearest }, taken.get(key)) ??
        togetherProblem(code, item, { ...fit, own }, judge);
      if (wrong) {
        const issue = where(['stations', i], wrong);
        issues.push(issue);
        unfit.set(key, issue);
        return;
      }
      taken.set(key, one);
      values[code] = fit.value;
      found.set(item.rule, own.set(item.threshold, values));
    });
    if (issues.length > 0) misfits.set(one, issues);
  }
  return {
    rules: rules.map((rule) => {
      const overridden = found.get(rule.text.id);
      return overridden ? remade(rule, Object.fromEntries(overridden)) : rule;
    }),
    misfits,
    unfit,
  };
}

/** Of a rule: what stations have, by the threshold's name and the station's code. */
type OwnValues = Map<string, Record<string, number>>;

const NO_PROBLEM = problem('noRule', {});

/** Whose threshold it is. */
export const keyOf = ({ rule, threshold }: Pick<OverrideText, 'rule' | 'threshold'>, code: string): string =>
  `${rule} ${threshold} ${code}`;

function remade(rule: Rule, overridden: Record<string, StationValues>): Rule {
  const issues: RuleIssue[] = [];
  const made = makeRule(rule.text, nowhere, issues, overridden);
  if (!made) throw new Error(`${rule.text.id} cannot be read with its overrides`);
  return made;
}

const nowhere = (_: readonly PropertyKey[], wrong: Problem): RuleIssue => ({
  file: '',
  line: 1,
  column: 1,
  message: '',
  problem: wrong,
});

/** The rule and the value in the threshold's unit; null with what is wrong in `issues`. */
function fitting(
  { item, where }: ReadOverride,
  byId: ReadonlyMap<string, Rule>,
  judge: Judge,
  issues: RuleIssue[],
): { rule: Rule; value: number } | null {
  const rule = byId.get(item.rule);
  const refuse = (key: keyof OverrideText, wrong: Problem) => {
    issues.push(where([key], wrong));
    return null;
  };
  if (!rule) return refuse('rule', unknownRule(item.rule, byId));
  const threshold = rule.thresholds.find(({ name }) => name === item.threshold);
  if (!threshold) return refuse('threshold', unknownThreshold(rule, item.threshold));
  const quantity = parseQuantity(item.value)!;
  const { value: given, unit } = quantity;
  const wrongUnit = unitProblem(quantity);
  if (wrongUnit) return refuse('value', wrongUnit);
  const by = unit === threshold.unit ? 1 : unit && threshold.unit ? factor(unit, threshold.unit) : null;
  if (by === null)
    return refuse('value', problem('thresholdUnit', { ...shown(threshold), given: item.value }));
  const value = Number((given * by).toPrecision(12));
  const wrong = judge(rule, { [threshold.name]: value }, item.value);
  return wrong ? refuse('value', wrong) : { rule, value };
}

/** Two values of a station that make sense each by itself, and together do not: a lower limit above the upper one. */
function togetherProblem(
  code: string,
  { threshold, value: given }: OverrideText,
  { rule, value, own }: { rule: Rule; value: number; own: Readonly<OwnValues> },
  judge: Judge,
): Problem | null {
  const others = [...own].filter(([, values]) => Object.hasOwn(values, code));
  if (others.length === 0) return null;
  const together = Object.fromEntries(others.map(([name, values]) => [name, values[code]!]));
  return judge(rule, { ...together, [threshold]: value }, given);
}

function unknownThreshold({ text: { id }, thresholds }: Rule, name: string): Problem {
  if (thresholds.length === 0) return problem('noThresholds', { id });
  const names = thresholds.map((one) => one.name);
  return problem('unknownThreshold', { id, name, known: names.join(', ') }, nearNames(name, names, 1)[0]);
}

const shown = ({ name, value, unit }: Threshold) => ({ name, value: quantityText(value, unit) });

type Judge = typeof valueProblem;

/** A value is judged by reading the rule anew, and hundreds of stations may have the same one. */
function judgedOnce(): Judge {
  const known = new Map<string, Problem | null>();
  return (rule, values, given) => {
    const key = JSON.stringify([rule.text.id, values, given]);
    const judged = known.get(key);
    if (judged !== undefined) return judged;
    const wrong = valueProblem(rule, values, given);
    known.set(key, wrong);
    return wrong;
  };
}

/** Each unknown code is compared with every station: who has so many of them was given the wrong list. */
const MOST_SUGGESTED = 10;

/** The station that was probably meant, of the first unknown codes only. */
function nearestOfFirst(stations: ReadonlyMap<string, unknown> | null): (code: string) => string | undefined {
  let left = MOST_SUGGESTED;
  return (code) => (stations && left-- > 0 ? nearNames(code, stations.keys(), 1)[0] : undefined);
}

/** Why a rule makes no sense at a station that has such values: it never holds, never ends, or a part is decided for good. */
function valueProblem(
  rule: Rule,
  values: Readonly<Record<string, number>>,
  given: string | number,
): Problem | null {
  const thresholds = { ...rule.text.thresholds };
  for (const { name, unit } of rule.thresholds)
    if (Object.hasOwn(values, name))
      thresholds[name] = { ...thresholds[name]!, value: quantityText(values[name]!, unit) };
  const text = { ...rule.text, thresholds };
  const issues: RuleIssue[] = [];
  const made = makeRule(text, nowhere, issues);
  const before = [rule.when, rule.clear].map(comparisonsIn);
  const after = made ? [made.when, made.clear].map(comparisonsIn) : [];
  for (const [i, comparisons] of after.entries())
    for (const [k, comparison] of comparisons.entries())
      if (isOpen(before[i]![k]) && !isOpen(comparison))
        return problem('outsideRange', { value: String(given), ranges: rangesIn(comparison) });
  return issues[0]?.problem ?? null;
}

/** Whether values within the ranges of their points decide it either way. */
function isOpen(comparison: Condition | undefined): boolean {
  if (!comparison) return true;
  const { holds, fails } = possible(comparison);
  return holds && fails;
}

const partsOf = (condition: Condition): Condition[] =>
  'of' in condition ? [condition.of] : 'left' in condition ? [condition.left, condition.right] : [];

const comparisonsIn = (condition: Condition | null): Condition[] =>
  condition === null
    ? []
    : [...(condition.kind === 'compare' ? [condition] : []), ...partsOf(condition).flatMap(comparisonsIn)];

const tagsIn = (condition: Condition): string[] => [
  ...('tag' in condition ? [condition.tag] : []),
  ...partsOf(condition).flatMap(tagsIn),
];

/** `P_IN 0 … 1 MPa` of every point of a condition. */
const rangesIn = (condition: Condition): string =>
  [...new Set(tagsIn(condition))]
    .map((tag) => POINTS.find((point) => point.tag === tag)!)
    .map(({ tag, min, max, unit }) => `${tag} ${min} … ${quantityText(max, unit)}`)
    .join(', ');

function stationProblem(
  code: string,
  { text: { id, kinds } }: Rule,
  {
    stations,
    nearest,
  }: { stations: ReadonlyMap<string, StationKind> | null; nearest: (code: string) => string | undefined },
  taken: ReadOverride | undefined,
): Problem | null {
  if (taken) {
    const { file, line } = taken.where(['stations'], NO_PROBLEM);
    return problem('overrideTwice', { code, place: `${file}:${line}` });
  }
  const kind = stations?.get(code);
  if (stations && kind === undefined) return problem('unknownStation', { code }, nearest(code));
  return kind && kinds && !kinds.includes(kind) ? problem('otherKind', { code, id }) : null;
}
