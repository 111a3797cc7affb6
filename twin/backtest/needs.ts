import { OF_CURVES, OF_ENERGY } from '#twin/baseline/plan.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { causesOf } from '#twin/rules/causes.ts';
import type { Condition, PointRef } from '#twin/rules/condition.ts';
import type { Rule } from '#twin/rules/load.ts';
import { DAY, MINUTE } from '#twin/units.ts';

/** A rule and every rule that it leans on: its causes, what it gathers, and theirs. Causes come first, as in `rules`. */
export function leaningOn(rules: readonly Rule[], id: string): Rule[] {
  const byId = new Map(rules.map((rule) => [rule.text.id, rule]));
  const wanted = new Set<string>();
  const visit = (one: string): void => {
    const rule = byId.get(one);
    if (!rule || wanted.has(one)) return;
    wanted.add(one);
    for (const cause of causesOf(rule.text)) visit(cause);
    if (rule.gather) visit(rule.gather.rule);
  };
  visit(id);
  return rules.filter(({ text }) => wanted.has(text.id));
}

/** Names of the points of a template that rules look at. */
export const pointsOf = (rules: readonly Rule[], template: Template): string[] =>
  pointsIn(rules.flatMap(conditionsOf), template);

/** Names of the points of a template that moving windows of rules take. */
export const pointsOfWindows = (rules: readonly Rule[], template: Template): string[] =>
  pointsIn(rules.flatMap(conditionsOf).flatMap(windowsIn), template);

const windowsIn = (condition: Condition): Condition[] =>
  condition.kind === 'window' ? [condition] : partsOf(condition).flatMap(windowsIn);

function pointsIn(conditions: readonly Condition[], template: Template): string[] {
  const refs = conditions.flatMap(refsOf);
  return template.points
    .filter((point) =>
      refs.some(
        ({ tag, zone, pump }) =>
          tag === point.tag &&
          (zone === null || zone === point.zone) &&
          (pump === null || pump === point.pump),
      ),
    )
    .map(({ name }) => name);
}

/** How far back a rule looks, ms: windows within windows, and the delay. */
const reachOf = (rule: Rule): number =>
  rule.onDelay + Math.max(0, ...conditionsOf(rule).map((condition) => 1000 * windowsOf(condition)));

/** The last night is over for up to a day; a curve is drawn of the last 400 minutes that a pump ran alone. */
const OF_A_NIGHT = DAY;
const OF_A_CURVE = DAY / 2;

/** How long an alarm of a rule is in the making, ms: as far as it looks back, also by what it compares with what is usual. */
export function lookBackOf(rule: Rule): number {
  const { when, gather, onDelay } = rule;
  if (gather) return onDelay + (Number.isFinite(gather.within) ? gather.within : 0);
  if (!when) return onDelay;
  return onDelay + 1000 * windowsOf(when) + Math.max(...everyPart(when).map(learntOver));
}

function learntOver(condition: Condition): number {
  if (condition.kind === 'curve') return OF_A_CURVE;
  return condition.kind === 'usual' && NIGHTLY.has(condition.what) ? OF_A_NIGHT : 0;
}

const NIGHTLY: ReadonlySet<string> = new Set(['lastNight', 'night']);

/** The longest silence of a point is 15 minutes: before that not every value is known. */
const LEAST_WARMING = 20 * MINUTE;

/** How long before a stretch a replay of rules begins, ms: `longest` at most, after which windows are taken as they are. */
export const warmingOf = (rules: readonly Rule[], longest: number): number =>
  Math.min(longest, LEAST_WARMING + Math.max(0, ...rules.map(reachOf)));

/** What a condition is made of. */
export const kindsIn = (condition: Condition): Condition['kind'][] =>
  everyPart(condition).map(({ kind }) => kind);

const everyPart = (condition: Condition): Condition[] => [
  condition,
  ...partsOf(condition).flatMap(everyPart),
];

const conditionsOf = ({ when, clear }: Rule): Condition[] =>
  [when, clear].filter((condition) => condition !== null);

function partsOf(condition: Condition): Condition[] {
  if ('of' in condition) return [condition.of];
  return 'left' in condition ? [condition.left, condition.right] : [];
}

function refsOf(condition: Condition): Pick<PointRef, 'tag' | 'zone' | 'pump'>[] {
  return [...ownRefs(condition), ...partsOf(condition).flatMap(refsOf)];
}

/** Points that a condition names, and those that what it asks for is learnt from. */
function ownRefs(condition: Condition): Pick<PointRef, 'tag' | 'zone' | 'pump'>[] {
  const anywhere = (tags: readonly string[]) => tags.map((tag) => ({ tag, zone: null, pump: null }));
  if (condition.kind === 'energy') return anywhere(OF_ENERGY);
  if (condition.kind === 'curve') return anywhere(OF_CURVES);
  return 'tag' in condition ? [condition] : [];
}

/** Seconds. */
function windowsOf(condition: Condition): number {
  const inner = Math.max(0, ...partsOf(condition).map(windowsOf));
  return condition.kind === 'window' ? inner + condition.seconds : inner;
}
