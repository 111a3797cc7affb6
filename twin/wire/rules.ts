import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '#twin/rules/problem.ts';
import { ruleThreshold } from './alarms.ts';

/** The contracts of alarm rules: what is in force, what people change about it, and what it would have raised. */

const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

const local = z.object({ zh: z.string(), en: z.string() });

/** One thing that is wrong with a rule's text. */
export const ruleIssue = z.object({
  rule: z.string().describe('id of the rule whose text it is'),
  line: z.number().int().describe('from 1'),
  column: z.number().int().describe('from 1'),
  message: z.string().describe('what is wrong, in English, with a suggestion where there is one'),
  code: z.enum(PROBLEM_CODES).describe('the same for other languages'),
  values: z.record(z.string(), z.union([z.string(), z.number()])).describe('what stands in the text'),
  key: z.string().optional().describe('the key of the rule that it is about'),
  near: z.string().optional().describe('what was probably meant'),
});
export type RuleIssueText = z.infer<typeof ruleIssue>;

export const RULE_SOURCES = ['library', 'edited', 'added', 'removed'] as const;

export const thresholdOverride = z.object({
  threshold: z.string(),
  stations: z.array(z.string()).describe('codes'),
  value: z.union([z.string(), z.number()]).describe('with its unit, as it is written'),
  version: z.number().int().describe('of the rule for which it was chosen'),
  author: z.string().describe('as typed, not verified'),
  reason: z.string(),
  problems: z.array(ruleIssue).describe('why it is not in force'),
});
export type ThresholdOverride = z.infer<typeof thresholdOverride>;

export const ruleEntry = z.object({
  id: z.string(),
  source: z
    .enum(RULE_SOURCES)
    .describe(
      'library: as in the files; edited: instead of them; added: not in the files; removed: added and taken away',
    ),
  inForce: z
    .boolean()
    .describe('false: removed, or the newest text does not fit; the library counts then, if it has the rule'),
  problems: z.array(ruleIssue).describe('why the newest text is not in force'),
  version: z.number().int().describe('of the newest text; what a change is based on'),
  name: local.nullable().describe('of the rule in force; null when there is none'),
  priority: z.number().int().min(1).max(4).nullable(),
  kinds: z.array(z.string()).describe('kinds of station; empty: all'),
  gathers: z.string().nullable().describe('the rule whose alarms it gathers'),
  thresholds: z.array(ruleThreshold).describe('of the rule in force'),
  overrides: z.array(thresholdOverride).describe('what stations have instead'),
  author: z.string().describe('as typed, not verified'),
  reason: local,
  time: z.number().nullable().describe('when it was edited, ms since epoch; null: never'),
  yaml: z.string().describe('the newest text, of a removed one the last; one rule without a dash before it'),
});
export type RuleEntryText = z.infer<typeof ruleEntry>;
export const ruleEntries = z.array(ruleEntry);

export const ruleVersion = z.object({
  version: z.number().int(),
  source: z.enum(['library', 'person']).describe('library: the text of the files as they are now'),
  yaml: z.string().nullable().describe('null: back to the library'),
  author: z.string(),
  reason: local,
  time: z.number().nullable().describe("ms since epoch; null: the library's"),
});
export type RuleVersion = z.infer<typeof ruleVersion>;
export const ruleHistory = z.array(ruleVersion).describe("newest first, the library's own last");

export const ruleParams = z.object({ id: z.string().regex(/^[A-Z][A-Z0-9-]{1,39}$/, 'the id of a rule') });
const yaml = z.string().max(20_000);
const by = z.string().trim().min(1).max(60).describe('typed, stored as not verified');
const reason = z.string().trim().min(1).max(300);
const base = z.number().int().min(0).describe('the version that was read before; 0 for a new rule');

export const ruleCheckRequest = z.object({ yaml });
export const ruleCheckAnswer = z.object({ issues: z.array(ruleIssue) });

export const ruleSaveRequest = z.object({ yaml, base, by, reason });
export const ruleBackRequest = z.object({ base, by, reason });
const station = z.string().min(1).max(80);
const threshold = z.string().min(1).max(30);
export const overrideAddRequest = z.object({
  threshold,
  stations: z.array(station).min(1).max(2000),
  value: z.string().trim().min(1).max(40).describe('with its unit, such as 0.12 MPa'),
  by,
  reason,
});
export type OverrideAddRequest = z.input<typeof overrideAddRequest>;
export const overrideRemoveRequest = z.object({ threshold, station, by, reason });
export type OverrideRemoveRequest = z.input<typeof overrideRemoveRequest>;
export const overrideChanged = z.object({ overrides: z.array(thresholdOverride) });

export const ruleSaved = z.object({ version: z.number().int(), time: z.number() });

/** A back-test reads so many hours of so many stations at most. */
export const MOST_BACKTEST_STATIONS = 50;
export const LONGEST_BACKTEST_HOURS = 7 * 24;

export const backtestRequest = z.object({
  yaml: yaml.describe('the text to try; it need not be saved'),
  hours: z.number().positive().max(LONGEST_BACKTEST_HOURS).default(24).describe('up to now'),
  stations: z
    .array(z.string().max(80))
    .min(1)
    .max(MOST_BACKTEST_STATIONS)
    .optional()
    .describe('absent: up to 20 that the rule concerns, drawn by the seed'),
  seed: z.number().int().default(1),
});
export type BacktestRequest = z.input<typeof backtestRequest>;

const stretch = z.object({ from: z.number(), to: z.number() });

const alarmSpan = z.object({
  station: z.string(),
  spot: z.string(),
  priority: z.number().int(),
  raisedAt: z.number(),
  clearedAt: z.number().nullable().describe('null: it stood at the end'),
  told: z.boolean().describe('false: it stood beneath a cause'),
});
export type BacktestSpan = z.infer<typeof alarmSpan>;

export const alarmCounts = z.object({
  annunciations: z.number().int().describe('raised and told within the time; escalations do not count'),
  beneathCause: z.number().int(),
  byPriority: z.array(z.number().int()).length(4),
  spans: z.array(alarmSpan).describe('in the order in which they were raised, at most 2000'),
});

export const backtestLimit = z.enum(['offline', 'learning', 'areaOfSample']);
export type BacktestLimit = z.infer<typeof backtestLimit>;

const backtestVersion = alarmCounts.extend({
  per100RoomsAndDay: z.number().nullable().describe('of the time that was recorded; null: none was'),
});
export type BacktestVersion = z.infer<typeof backtestVersion>;

export const backtestAnswer = z.object({
  from: z.number(),
  to: z.number(),
  seed: z.number().int().nullable().describe('null: the stations were named'),
  candidate: backtestVersion,
  inForce: backtestVersion.nullable().describe('null: the rule is new'),
  stations: z.array(
    z.object({
      code: z.string(),
      recordedMs: z.number().describe('of the time in which it was heard'),
      missing: z.array(stretch).describe('longer than a minute, at most 50'),
      candidate: z.number().int().describe('annunciations'),
      inForce: z.number().int(),
    }),
  ),
  warmedFrom: z.number().describe('the replay began here, so that windows and delays were full'),
  limits: z.array(backtestLimit).describe('what the replay cannot show of this rule'),
});
export type BacktestAnswer = z.infer<typeof backtestAnswer>;

export const backtestStarted = z.object({ job: z.number().int() });
export const jobState = z.object({
  job: z.number().int(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().min(0).max(1),
  error: z.string().nullable(),
});
export type JobState = z.infer<typeof jobState>;
export const isUnfinished = ({ state }: JobState): boolean => state === 'waiting' || state === 'running';

export const backtestJob = jobState.extend({ answer: backtestAnswer.nullable() });
export type BacktestJob = z.infer<typeof backtestJob>;
