import type { TFunction } from 'i18next';
import type { RuleIssueText } from '#twin/wire/rules.ts';
import { RequestError } from '../api/http.ts';
import { useWords } from '../i18n/i18n.ts';

type Tell = TFunction<'words'>;

/** What is wrong with a rule, in the reader's language: its key, what is wrong, what was probably meant. */
export function problemText(t: Tell, { code, values, key, near }: RuleIssueText): string {
  const said = t(`rules.problems.${code}`, { ...values });
  const about = key === undefined ? said : t('rules.about', { key, message: said });
  return near === undefined ? about : t('rules.meant', { message: about, near });
}

/** How problems of rules are told to whoever reads. */
export function useRuleProblems() {
  const { t } = useWords();
  /** with its line, or with the other rule or the file that it is in */
  const placed = (issue: RuleIssueText, own: string): string => {
    const message = problemText(t, issue);
    if (issue.rule === own) return t('rules.problem', { line: issue.line, message });
    return issue.rule.endsWith('.yaml')
      ? t('rules.problemInFile', { file: issue.rule, line: issue.line, message })
      : t('rules.problemElsewhere', { rule: issue.rule, message });
  };
  /** why a rule was not saved */
  const refusal = (error: unknown, own: string): string => {
    const reason = error instanceof RequestError ? REFUSALS[error.status] : undefined;
    if (!reason) return (error as Error).message;
    const issues = (error as RequestError).issues.map((issue) => placed(issue, own));
    return [t(`rules.refused.${reason}`), ...issues].join(' · ');
  };
  /** why a back-test did not begin */
  const notBegun = (error: unknown, own: string): string => {
    if (!(error instanceof RequestError)) return (error as Error).message;
    if (error.issues.length > 0) return error.issues.map((issue) => placed(issue, own)).join(' · ');
    if (error.status === 0) return t('rules.refused.offline');
    if (error.status === 503) return t('rules.tryOut.busy');
    return error.status === 422 ? t('rules.tryOut.noStation') : error.message;
  };
  return { placed, refusal, notBegun };
}

const REFUSALS: Readonly<Record<number, 'offline' | 'changed' | 'invalid' | 'away'>> = {
  0: 'offline',
  409: 'changed',
  422: 'invalid',
  503: 'away',
};
