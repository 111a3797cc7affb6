import { problem } from '#twin/rules/problem.ts';
import type { RuleEntryText, RuleIssueText } from '#twin/wire/rules.ts';

/** What a new rule begins with: a whole rule, to be made another. */
const TEMPLATE = `id: NEW-RULE
name: { zh: 新规则, en: New rule }
priority: 3
equipment: pump
when: P_OUT < P_SET - 0.05 MPa and any(RUN)
for: 60 s
clear: P_OUT > P_SET - 0.03 MPa or all(not RUN)
clearFor: 30 s
evidence: [P_OUT, P_SET, RUN]
cause: { zh: 可能的原因, en: What may cause it }
remedy: { zh: 处置办法, en: What to do }
version: 1
author: new
reason: new
`;

/** A rule that nobody has saved yet: version 0. Its id is what its text says. */
export const newRule: RuleEntryText = {
  id: 'NEW-RULE',
  source: 'added',
  inForce: true,
  problems: [],
  version: 0,
  name: null,
  priority: null,
  kinds: [],
  gathers: null,
  thresholds: [],
  overrides: [],
  author: '',
  reason: { zh: '', en: '' },
  time: null,
  yaml: TEMPLATE,
};

const ID = /^\s*(?:-\s+)?id:\s*["']?([A-Z][A-Z0-9-]{1,39})["']?\s*(?:#.*)?$/;

/** The id that the text of a rule gives itself, and its line from 1; null when there is none that could be one. */
export function idIn(text: string): { id: string; line: number } | null {
  for (const [i, line] of text.split('\n').entries()) {
    const id = ID.exec(line)?.[1];
    if (id !== undefined) return { id, line: i + 1 };
  }
  return null;
}

/** That a new rule has the id of another. */
export function idTaken(text: string, ids: ReadonlySet<string>): RuleIssueText[] {
  const own = idIn(text);
  if (!own || !ids.has(own.id)) return [];
  return [{ rule: own.id, line: own.line, column: 1, message: '', ...problem('idTwice', { id: own.id }) }];
}
