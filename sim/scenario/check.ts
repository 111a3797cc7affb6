import type { Rule } from '#twin/rules/load.ts';
import { checkRuleNames } from './alarmNames.ts';
import { besides, type Issue } from './issue.ts';
import { type CityNames, checkNames } from './names.ts';
import type { ScenarioText } from './read.ts';

/** All that is wrong with a scenario in a city: its form, its times, and every name that is not there. */
export function issuesIn(
  { issues, sound, lineOf }: ScenarioText,
  names: CityNames,
  rules: readonly Rule[] = [],
): Issue[] {
  if (!sound) return issues;
  const wrong = checkNames(sound, names, lineOf);
  if (rules.length > 0) wrong.push(...checkRuleNames(sound, rules, lineOf));
  return [...issues, ...besides(wrong, issues)].sort((a, b) => a.line - b.line);
}
