import type { RuleIssue } from '#twin/rules/load.ts';
import { reasonInBoth } from '#twin/rules/rule.ts';
import {
  overrideAddRequest,
  overrideChanged,
  overrideRemoveRequest,
  type RuleEntryText,
  type RuleIssueText,
  type RuleVersion,
  ruleBackRequest,
  ruleCheckAnswer,
  ruleCheckRequest,
  ruleEntries,
  ruleHistory,
  ruleParams,
  ruleSaved,
  ruleSaveRequest,
  type ThresholdOverride,
} from '#twin/wire/rules.ts';
import type { NotChanged, OverrideDesk } from '../alarms/overrideDesk.ts';
import type { RuleBook, RuleEntry, Wish } from '../alarms/ruleBook.ts';
import { thresholdText } from './alarms.ts';
import { endpoint, HttpError } from './route.ts';

/** The rules in force and what people change about them. */
export const ruleEndpoints = (book: RuleBook) => [
  endpoint({
    method: 'get',
    path: '/api/rules',
    summary: 'Every alarm rule with its text: in force, or why not',
    shapes: {},
    answer: ruleEntries,
    handle: () => book.entries().map((entry) => entryText(book, entry)),
  }),
  endpoint({
    method: 'get',
    path: '/api/rules/:id/history',
    summary: "Every version of a rule, newest first, the library's own last",
    shapes: { params: ruleParams },
    answer: ruleHistory,
    handle: async ({ params: { id } }): Promise<RuleVersion[]> => {
      const written = await book.history(id);
      const own = book.ofLibrary(id);
      if (!own && written.length === 0) throw new HttpError(404, `there is no rule ${id}`);
      const versions: RuleVersion[] = written.map(({ rule: _, reason, ...edit }) => ({
        ...edit,
        reason: reasonInBoth(reason),
        source: 'person',
      }));
      if (!own) return versions;
      const { version, author, reason } = own.rule.text;
      const why = reasonInBoth(reason);
      return [...versions, { version, author, reason: why, source: 'library', yaml: own.yaml, time: null }];
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/rules/:id/check',
    summary: 'What is wrong with a text of a rule, alone and among the others; nothing is changed',
    shapes: { params: ruleParams, body: ruleCheckRequest },
    answer: ruleCheckAnswer,
    handle: ({ params: { id }, body: { yaml } }) => ({ issues: book.check(id, yaml).issues.map(issueText) }),
  }),
  endpoint({
    method: 'put',
    path: '/api/rules/:id',
    summary: 'A new version of a rule; answers when it is written and in force',
    shapes: { params: ruleParams, body: ruleSaveRequest },
    answer: ruleSaved,
    handle: ({ params: { id }, body }) => save(book, { rule: id, ...body }),
  }),
  endpoint({
    method: 'post',
    path: '/api/rules/:id/library',
    summary: "A rule is the library's again; one that the library does not have is gone",
    shapes: { params: ruleParams, body: ruleBackRequest },
    answer: ruleSaved,
    handle: ({ params: { id }, body }) => save(book, { rule: id, yaml: null, ...body }),
  }),
];

/** What stations have instead of a rule's thresholds. */
export const overrideEndpoints = (book: RuleBook, desk: OverrideDesk) => [
  endpoint({
    method: 'post',
    path: '/api/rules/:id/overrides',
    summary: 'Stations have another threshold; answers when it is written and in force',
    shapes: { params: ruleParams, body: overrideAddRequest },
    answer: overrideChanged,
    handle: async ({ params: { id }, body: { threshold, stations, value, by, reason } }) => {
      const version = book.rules.find(({ text }) => text.id === id)?.text.version ?? 1;
      const [first, ...others] = stations;
      const codes: [string, ...string[]] = [first!, ...others];
      const text = {
        rule: id,
        threshold,
        stations: codes,
        value: numberOr(value),
        version,
        author: by,
        reason,
      };
      refuse(await desk.add(text));
      return { overrides: overridesText(book, id) };
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/rules/:id/overrides/remove',
    summary: "A station has the rule's threshold again; answers when it is written and in force",
    shapes: { params: ruleParams, body: overrideRemoveRequest },
    answer: overrideChanged,
    handle: async ({ params: { id }, body: { threshold, station, by, reason } }) => {
      refuse(await desk.remove({ rule: id, threshold, station }, by, reason));
      return { overrides: overridesText(book, id) };
    },
  }),
];

/** A bare number is one in the file too. */
const numberOr = (value: string): string | number => (/^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value);

function refuse(not: NotChanged | null): void {
  switch (not?.refused) {
    case 'invalid':
      throw refusal('the thresholds in force go on unchanged', not.issues);
    case 'unknown':
      throw new HttpError(404, 'the station has no threshold of its own there');
    case 'unwritable':
      throw new HttpError(503, `the overrides cannot be written: ${not.reason}; nothing has changed`);
  }
}

async function save(book: RuleBook, wish: Wish): Promise<{ version: number; time: number }> {
  const saved = await book.save(wish).catch(() => {
    throw new HttpError(503, 'the database is away: the rules in force go on, nothing is known to be saved');
  });
  if ('done' in saved) return { version: saved.done.version, time: saved.done.time };
  switch (saved.refused) {
    case 'changed':
      throw new HttpError(409, `${wish.rule} was changed meanwhile: read it again`);
    case 'same':
      throw new HttpError(409, `${wish.rule} was not changed: there is nothing to take back`);
    case 'invalid':
      throw refusal('the rules in force go on unchanged', saved.issues);
  }
}

/** Refuses a text that is no rule, for readers of any language. */
export const refusal = (message: string, issues: readonly RuleIssue[]): HttpError =>
  new HttpError(422, message, issues.map(shown), issues.map(issueText));

const shown = ({ file, line, column, message }: RuleIssue): string => `${file}:${line}:${column}: ${message}`;

const issueText = ({ file, line, column, message, problem }: RuleIssue): RuleIssueText => ({
  rule: file,
  line,
  column,
  message,
  ...problem,
});

/** Stations at which it is not in force stand each for itself, with why. */
const overridesText = (book: RuleBook, id: string): ThresholdOverride[] =>
  book.overridesOf(id).flatMap(({ override: { item }, unfit }) => {
    const { rule: _, ...text } = item;
    const stations = item.stations.filter((code) => !unfit.has(code));
    return [
      ...(stations.length > 0 ? [{ ...text, stations, problems: [] }] : []),
      ...[...unfit].map(([code, issue]) => ({ ...text, stations: [code], problems: [issueText(issue)] })),
    ];
  });

function entryText(
  book: RuleBook,
  { id, source, version, yaml, rule, problems, edit }: RuleEntry,
): RuleEntryText {
  const text = rule?.text;
  return {
    id,
    source,
    inForce: source !== 'removed' && problems.length === 0,
    problems: problems.map(issueText),
    version,
    thresholds: rule?.thresholds.map(thresholdText) ?? [],
    overrides: overridesText(book, id),
    name: text?.name ?? null,
    priority: text?.priority ?? null,
    kinds: text?.kinds ?? [],
    gathers: text?.gather?.rule ?? null,
    author: edit?.author ?? text?.author ?? '',
    reason: reasonInBoth(edit?.reason ?? text?.reason ?? ''),
    time: edit?.time ?? null,
    yaml,
  };
}
