import { secondsOf } from './duration.ts';
import { GrammarError, parseSelector, type Selector } from './statement.ts';

/** What a scenario expects of alarms. `rule` is a rule's id or its beginning: F19 stands for F19-OVERFLOW. */
export type AlarmExpectation =
  /** people are told of it at one of the stations at least, `within` s */
  | { kind: 'raised'; rule: string; selector: Selector; within: number }
  /** nobody is told of it there */
  | { kind: 'silent'; rule: string; selector: Selector }
  /** nothing of this priority or a more urgent one is told that no other expectation names */
  | { kind: 'no other'; priority: number }
  /** told in any stretch of so many seconds */
  | { kind: 'at most'; count: number; seconds: number };

const RULE = /^[A-Z][A-Z0-9-]*$/;
const LOWEST_PRIORITY = 4;

/**
 * `raised F19 at SM-0007 within 120 s`, `no F20 at zone Z-GD`, `no other alarm of priority ≤ 2`,
 * `nothing else above priority 3` (the same: 1 and 2 are above 3), `at most 5 annunciations in any 10 min`; null when a sentence is not about alarms.
 * @throws GrammarError
 */
export function parseAlarmExpectation(text: string): AlarmExpectation | null {
  const sentence = text.trim().replace(/\s+/g, ' ');
  const raised = /^raised:? (\S+) at (.+?)(?: within (.+))?$/.exec(sentence);
  if (raised) {
    const within = raised[3] === undefined ? Number.POSITIVE_INFINITY : lengthOf(raised[3]);
    return { kind: 'raised', rule: ruleIn(raised[1]!), selector: parseSelector(raised[2]!), within };
  }
  if (/^raised\b/.test(sentence))
    throw new GrammarError(`"${sentence}" should be "raised RULE at STATIONS within TIME"`);
  const other =
    /^(?:no other alarm|nothing else)(?: (?:of priority (?:≤|<=|up to) ?(\S+)|above priority (\S+)))?$/.exec(
      sentence,
    );
  if (other?.[2] !== undefined) return { kind: 'no other', priority: priorityAbove(other[2]) };
  if (other) return { kind: 'no other', priority: priorityIn(other[1]) };
  const silent = /^no (\S+) at (.+)$/.exec(sentence);
  if (silent) return { kind: 'silent', rule: ruleIn(silent[1]!), selector: parseSelector(silent[2]!) };
  if (/^(no|nothing)\b/.test(sentence))
    throw new GrammarError(
      `"${sentence}" should be "no other alarm of priority ≤ 2", "nothing else above priority 3" or "no RULE at STATIONS"`,
    );
  const most = /^at most (\S+) annunciations? in any (.+)$/.exec(sentence);
  if (most) {
    const count = Number(most[1]);
    if (!(Number.isInteger(count) && count >= 0))
      throw new GrammarError(`"${most[1]}" is not a number of annunciations`);
    return { kind: 'at most', count, seconds: lengthOf(most[2]!) };
  }
  if (/^at most\b/.test(sentence))
    throw new GrammarError(`"${sentence}" should be "at most 5 annunciations in any 10 min"`);
  return null;
}

/** Whether a rule is meant by what a sentence says: F19 means F19-OVERFLOW too. */
export const isMeant = (said: string, id: string): boolean => id === said || id.startsWith(`${said}-`);

function ruleIn(word: string): string {
  if (!RULE.test(word))
    throw new GrammarError(`"${word}" is not the id of a rule, such as F19 or F19-OVERFLOW`);
  return word;
}

function lengthOf(text: string): number {
  const minutes = /^(\d+) minutes?$/.exec(text);
  const seconds = minutes ? 60 * Number(minutes[1]) : secondsOf(text);
  if (!seconds) throw new GrammarError(`"${text}" is not a length of time such as "120 s" or "10 min"`);
  return seconds;
}

/** The lowest priority above another, of which 1 is the highest. */
function priorityAbove(word: string): number {
  const priority = priorityIn(word);
  if (priority === 1) throw new GrammarError('nothing is above priority 1, the most urgent');
  return priority - 1;
}

function priorityIn(word: string | undefined): number {
  if (word === undefined) return LOWEST_PRIORITY;
  const priority = Number(word);
  if (!(Number.isInteger(priority) && priority >= 1 && priority <= LOWEST_PRIORITY))
    throw new GrammarError(`"${word}" is not a priority from 1, the most urgent, to ${LOWEST_PRIORITY}`);
  return priority;
}
