import type { Template } from '#twin/catalogue/template.ts';
import { nearNames } from '#twin/nearNames.ts';
import type { Rule } from '#twin/rules/load.ts';
import { type Problem, problem } from '#twin/rules/problem.ts';
import { fullNamesOf } from '#twin/rules/said.ts';
import { concernsTemplate } from './site.ts';

/**
 * Why a rule of rooms applies to none of a city's stations: it names pump sets or pumps that none of them has. Null: it
 * applies somewhere, there are no stations yet, or only its kind of station is missing, which may come.
 */
export function nowhereHere(rule: Rule, templates: readonly Template[]): Problem | null {
  if (!rule.when || templates.length === 0) return null;
  if (templates.some((template) => concernsTemplate(rule, template))) return null;
  const named = new Set([...fullNamesOf(rule.when), ...(rule.clear ? fullNamesOf(rule.clear) : [])]);
  const missing = [...named].filter((name) => !templates.some(({ index }) => index.has(name)));
  const [first] = missing;
  if (first === undefined) return null;
  const alike = templates.flatMap(({ index }) => [...index.keys()]).filter((name) => sameTag(name, first));
  return problem('nowhereHere', { points: missing.join(', ') }, nearNames(first, alike, 1)[0]);
}

const sameTag = (a: string, b: string): boolean =>
  a.slice(a.lastIndexOf('/')) === b.slice(b.lastIndexOf('/'));
