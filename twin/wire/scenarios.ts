import { z } from 'zod';
import { alarmCounts, backtestLimit, backtestRequest, jobState } from './rules.ts';

/** The contracts of the scenario library, and of what a rule would have raised over it. */

const local = z.object({ zh: z.string(), en: z.string() });

export const scenarioEntry = z.object({
  id: z.string().describe('name of its file'),
  name: local,
  teaches: local.describe('what it teaches'),
  rooms: z.number().int().nonnegative().describe('how many are simulated'),
  lengthSeconds: z.number().positive().describe('of the time that is lived'),
  estimateSeconds: z.number().positive().describe('about how long a run takes, once the city is made'),
  names: z.array(z.string()).describe('rules that its expectations name, by id or its beginning: F19'),
});
export type ScenarioEntry = z.infer<typeof scenarioEntry>;

export const scenarioEntries = z.object({
  scenarios: z.array(scenarioEntry),
  unreadable: z.array(z.object({ id: z.string(), issues: z.array(z.string()) })),
});

/** Scenarios that take longer are run only when they are asked for, or name the rule. */
export const QUICK_SCENARIO_SECONDS = 10;

export const scenarioBacktestRequest = z.object({
  yaml: backtestRequest.shape.yaml,
  scenarios: z
    .array(z.string().max(200))
    .min(1)
    .max(200)
    .optional()
    .describe(
      `ids; absent: those that take less than about ${QUICK_SCENARIO_SECONDS} s, and those that name the rule`,
    ),
});
export type ScenarioBacktestRequest = z.input<typeof scenarioBacktestRequest>;

const placeCourse = z.object({
  told: z.number().int(),
  firstTold: z.number().nullable(),
  beneath: z.number().int().describe('beneath its cause'),
  firstBeneath: z.number().nullable(),
});

const alarmChange = z.object({
  rule: z.string(),
  station: z.string(),
  spot: z.string(),
  became: z
    .enum(['suppressed', 'freed', 'raised', 'gone', 'moved'])
    .describe('beneath its cause now, freed from there, raised where nothing was, gone, or moved in time'),
  candidate: placeCourse,
  inForce: placeCourse,
});
export type AlarmChangeText = z.infer<typeof alarmChange>;

const alarmVerdict = z.object({
  met: z.boolean(),
  value: z
    .number()
    .nullable()
    .describe('raised: s until people were told, null when they were not; else a count of annunciations'),
  of: z.string().nullable().describe('rule, station and spot that decide; null: nothing was told'),
  at: z.number().nullable().describe('ms since epoch'),
});

const alarmExpectation = z.object({
  that: z.string().describe('the sentence of the scenario'),
  from: z.string().nullable().describe('the window in which it counts, after the start: 35min'),
  until: z.string().nullable(),
  kind: z.enum(['raised', 'silent', 'no other', 'at most']),
  namesRule: z.boolean(),
  candidate: alarmVerdict,
  inForce: alarmVerdict,
});
export type AlarmExpectationText = z.infer<typeof alarmExpectation>;

export const scenarioAnswer = z.object({
  from: z.number().describe('ms since epoch, as all times here'),
  to: z.number(),
  stations: z.number().int().describe('whose telemetry was looked at'),
  candidate: alarmCounts,
  inForce: alarmCounts.nullable().describe('null: the rule is new'),
  changes: z.array(alarmChange).describe('alarms of other rules that differ, at most 200'),
  changesLeftOut: z.number().int(),
  expectations: z.array(alarmExpectation),
});
export type ScenarioAnswer = z.infer<typeof scenarioAnswer>;

const scenarioTrial = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().min(0).max(1),
  seconds: z.number().nullable().describe('how long it took'),
  error: z.string().nullable().describe('why it could not be run'),
  answer: scenarioAnswer.nullable(),
});
export type ScenarioTrial = z.infer<typeof scenarioTrial>;

export const scenarioBacktestJob = jobState.extend({
  limits: z.array(backtestLimit).describe('what a scenario cannot show of this rule'),
  scenarios: z.array(scenarioTrial).describe('in the order in which they are run'),
});
export type ScenarioBacktestJob = z.infer<typeof scenarioBacktestJob>;
