import { type ReadRule, type RuleIssue, readRules } from './load.ts';
import { inEnglish, problem } from './problem.ts';

/** One rule as a person edits it: the text of an item of a rule file, without the dash before it. */

const INDENT = '  ';

/**
 * The text as a list of one, on the same lines; the letters by which each was moved to the right. Null when there is
 * nothing but comments.
 */
function listed(yaml: string): { text: string; moved: number } | null {
  const first = yaml.split('\n').find((line) => /^\s*[^\s#]/.test(line));
  if (first === undefined) return null;
  // whoever copies from a file brings the dash along
  if (/^-(\s|$)/.test(first)) return { text: yaml, moved: 0 };
  const lines = yaml.split('\n').map((line, i) => (i === 0 ? '- ' : line.trim() === '' ? '' : INDENT) + line);
  return { text: lines.join('\n'), moved: INDENT.length };
}

/**
 * Reads the text of one rule for itself; whether it fits with the others shows when it is joined with them. The
 * issues' file is the rule's id.
 * @param id the rule that it must be
 */
export function readRule(id: string, yaml: string): { read: ReadRule | null; issues: RuleIssue[] } {
  const list = listed(yaml);
  if (!list) {
    const empty = problem('noRule', {});
    return {
      read: null,
      issues: [{ file: id, line: 1, column: 1, message: inEnglish(empty), problem: empty }],
    };
  }
  const { text, moved } = list;
  const back = (issue: RuleIssue): RuleIssue => ({ ...issue, column: Math.max(1, issue.column - moved) });
  const { rules, issues } = readRules({ file: id, yaml: text });
  const [first, second] = rules;
  if (issues.length === 0 && second) issues.push(second.where(['id'], problem('anotherRule', {})));
  if (issues.length === 0 && first && first.rule.text.id !== id)
    issues.push(first.where(['id'], problem('anotherId', { id })));
  if (!first || issues.length > 0) return { read: null, issues: issues.map(back) };
  return { read: { rule: first.rule, where: (...of) => back(first.where(...of)) }, issues: [] };
}
