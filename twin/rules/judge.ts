import { STATION_KINDS } from '#twin/model/station.ts';
import type { Condition } from './condition.ts';
import { onlyGrows } from './grows.ts';
import { kindsWithAll } from './kinds.ts';
import { whyNever } from './possible.ts';
import { type Problem, problem } from './problem.ts';
import type { RuleText } from './rule.ts';
import { rangesOf, saidContradiction } from './said.ts';

/** What is wrong with a key of a rule. */
interface Judgement {
  key: 'when' | 'clear' | 'kinds';
  problem: Problem;
}

/** Why a rule could never be an alarm, could never be one no more, or could be one nowhere. */
export function judge(text: RuleText, when: Condition, clear: Condition | null): Judgement[] {
  const found: Judgement[] = [];
  const say = (key: Judgement['key'], problem: Problem | null) => problem && found.push({ key, problem });
  const never = neverHolds(when, 'neverHolds');
  const stuck = clear ? neverHolds(clear, 'neverClears') : neverFails(when);
  const ofClear = clear && onlyGrows({ kind: 'not', of: clear });
  const forever = ofClear ?? onlyGrows(when);
  say('when', never);
  say(clear ? 'clear' : 'when', stuck);
  if (!stuck && forever) say(ofClear ? 'clear' : 'when', problem('onlyGrows', { point: forever }));
  if (clear && !never && !stuck && whyNever(returnOf(when, clear)) !== null)
    say('clear', problem('clearsWithin', {}));
  say(text.kinds ? 'kinds' : 'when', appliesNowhere(text, clear ? [when, clear] : [when]));
  return found;
}

/** An alarm returns when its return holds and its condition does not. */
const returnOf = (when: Condition, clear: Condition): Condition => ({
  kind: 'logic',
  op: 'and',
  left: clear,
  right: { kind: 'not', of: when },
});

function neverHolds(condition: Condition, code: 'neverHolds' | 'neverClears'): Problem | null {
  const why = whyNever(condition);
  if (why === null) return null;
  if (why === 'ranges') return problem(code, { ranges: rangesOf(condition) });
  return problem('neverTogether', saidContradiction(why));
}

const neverFails = (when: Condition): Problem | null =>
  whyNever({ kind: 'not', of: when }) === null ? null : problem('neverFails', { ranges: rangesOf(when) });

function appliesNowhere({ kinds: asked }: RuleText, conditions: readonly Condition[]): Problem | null {
  const { kinds, rare } = kindsWithAll(conditions);
  if ((asked ?? STATION_KINDS).some((kind) => kinds.includes(kind))) return null;
  const points = [...rare].map(([tag, of]) => `${tag} (${of.join(', ')})`).join('; ');
  return problem('nowhere', { points }, kinds.length > 0 ? `kinds: [${kinds.join(', ')}]` : undefined);
}
