import { nearNames } from '#twin/nearNames.ts';
import type { Rule } from '#twin/rules/load.ts';
import { isMeant } from './alarmStatement.ts';
import type { Issue, LineOf } from './issue.ts';
import type { Scenario } from './schema.ts';
import { parseSentences } from './sentences.ts';

/** Every rule that a scenario names and the library does not have, with those that are near. */
export function checkRuleNames({ expect }: Scenario, rules: readonly Rule[], lineOf: LineOf): Issue[] {
  const ids = rules.map(({ text }) => text.id);
  return expect.flatMap(({ that }, i) =>
    parseSentences(that).flatMap((expected) => {
      if (!('rule' in expected) || ids.some((id) => isMeant(expected.rule, id))) return [];
      const near = nearNames(expected.rule, [...ids, ...ids.map((id) => id.split('-')[0]!)]);
      const hint = near.length > 0 ? `; near it: ${near.join(', ')}` : '';
      const path = ['expect', i, 'that'];
      return [{ line: lineOf(path), path, message: `no rule has the id ${expected.rule}${hint}` }];
    }),
  );
}
