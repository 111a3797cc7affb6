import { OF_CURVES, OF_ENERGY } from '#twin/baseline/plan.ts';
import type { Template } from '#twin/catalogue/template.ts';
import { causesOf } from '#twin/rules/causes.ts';
import type { Condition, PointRef } from '#twin/rules/condition.ts';
import type { Rule } from '#twin/rules/load.ts';
import { MINUTE } from '#twin/units.ts';

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

/** How far back rules look, ms: windows within windows, and the delay. */
function reachOf(rules: readonly Rule[]): number {
  const reaches = rules.map(
    (rule) =>
      rule.onDelay + Math.max(0, ...conditionsOf(rule).map((condition) => 1000 * windowsOf(condition))),
  );
  return Math.max(0, ...reaches);
}

/** The longest silence of a point is 15 minutes: before that not every value is known. */
const LEAST_WARMING = 20 * MINUTE;

/** How long before a stretch a replay of rules begins, ms: `longest` at most, after which windows are taken as they are. */
export const warmingOf = (rules: readonly Rule[], longest: number): number =>
  Math.min(longest, LEAST_WARMING + reachOf(rules));

/** What a condition is made of. */
export const kindsIn = (condition: Condition): Condition['kind'][] => [
  condition.kind,
  ...partsOf(condition).flatMap(kindsIn),
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
