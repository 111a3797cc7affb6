import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Candidate, Sign } from '#twin/diagnosis/diagnose.ts';
import { type Checked, deeperScope } from './check.ts';
import type { Condition } from './condition.ts';
import { type Problem, problem } from './problem.ts';
import type { RuleText } from './rule.ts';

/** A sign that can be looked at: a condition at the alarm's place, or another alarm there. */
export type CheckedSign = Sign & ({ when: Condition; alarm: null } | { when: null; alarm: string });

export interface CheckedCandidate extends Candidate {
  signs: readonly CheckedSign[];
}

interface Reader {
  /** null when the expression is refused, which has been said then */
  check: (path: readonly PropertyKey[], expression: string) => Checked | null;
  refuse: (path: readonly PropertyKey[], problem: Problem) => void;
}

/**
 * The causes of a rule. A sign is looked at once, when the alarm is raised, and is of the alarm's place or of more than
 * that.
 */
export function readCandidates(
  causes: NonNullable<RuleText['causes']> | readonly [],
  scope: PointScope,
  { check, refuse }: Reader,
): CheckedCandidate[] {
  return causes.map(({ cause, remedy, prior, signs }, i) => ({
    cause,
    remedy,
    prior,
    signs: signs.flatMap(({ if: expression, alarm, supports, excludes, says }, k): CheckedSign[] => {
      const sign = { says, supports, excludes };
      if (alarm !== undefined) return [{ ...sign, when: null, alarm }];
      const path = ['causes', i, 'signs', k, 'if'];
      const looked = check(path, expression!);
      if (!looked) return [];
      if (deeperScope(looked.scope, scope) !== scope) refuse(path, problem('signDeeper', {}));
      return [{ ...sign, when: looked.condition, alarm: null }];
    }),
  }));
}
