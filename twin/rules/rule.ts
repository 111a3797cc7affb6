import { z } from 'zod';
import { STATION_KINDS } from '#twin/model/station.ts';
import { QUALITY_NAMES } from '#twin/state/quality.ts';
import { EQUIPMENT } from './equipment.ts';
import { PROBLEMS, type ProblemCode } from './problem.ts';
import { parseDuration, parseQuantity, QUANTITY } from './units.ts';

/** What a refinement says, and the code by which it is told in other languages. */
const refused = (problem: ProblemCode) => ({ error: PROBLEMS[problem], params: { problem } });

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, refused('badDuration'))
  .meta({ pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|min|h|d)$' });
const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const kinds = z.array(z.enum(STATION_KINDS)).nonempty();
const priority = z.int().min(1).max(4);
export const ruleId = z.string().regex(/^[A-Z][A-Z0-9-]{1,39}$/, PROBLEMS.badId);

/** Areas that rooms have in common. */
export const AREAS = ['district', 'zone', 'city'] as const;
export type AreaKind = (typeof AREAS)[number];

const gather = z.strictObject({
  rule: ruleId.describe('the rule whose alarms are gathered'),
  in: z.enum(AREAS).describe('district, supply zone, or the whole city'),
  count: z.int().min(1).describe('so many rooms at least; 1 where one speaks for its area'),
  share: z.number().gt(0).max(1).optional().describe('and such a part of the rooms of the area'),
  within: duration.optional().describe('of which the conditions began within such a time'),
  locate: z.literal('mains').optional().describe('says which mains of a supply zone may have burst'),
});

/** Parts of the platform that a rule may watch: what it keeps, and how it tells people. */
export const PLATFORM_PARTS = ['database', 'history', 'chunks', 'disk', 'channel'] as const;
export type PlatformPart = (typeof PLATFORM_PARTS)[number];

const GROUP = /^[a-z][a-z0-9-]{0,39}$/;
const smallWord = z
  .string()
  .refine((id) => GROUP.test(id), refused('badGroup'))
  .meta({ pattern: GROUP.source });
const weight = z.number().gt(0).max(1);
const sign = z
  .strictObject({
    if: z.string().min(1).optional().describe('a condition, looked at when the alarm is raised'),
    alarm: ruleId.optional().describe('instead: the alarm of this rule stands at the same place'),
    supports: weight.optional().describe('how sure the cause is by this sign alone'),
    excludes: weight
      .optional()
      .describe('instead: how sure it is by this sign alone that it is another cause'),
    says: text,
  })
  .refine(({ if: one, alarm }) => (one === undefined) !== (alarm === undefined), refused('ifOrAlarm'))
  .refine(
    ({ supports, excludes }) => (supports === undefined) !== (excludes === undefined),
    refused('supportsOrExcludes'),
  );
const candidate = z.strictObject({
  cause: text,
  remedy: text,
  prior: z.number().min(0).lt(1).default(0.1).describe('how likely while nothing speaks for any cause'),
  signs: z.array(sign).nonempty(),
});

/** A number with its unit; one without may stand bare. */
export const quantity = z.union(
  [
    z
      .string()
      .refine((text) => parseQuantity(text) !== null, refused('badQuantity'))
      .meta({ pattern: QUANTITY.source }),
    z.number(),
  ],
  PROBLEMS.badQuantity,
);
const THRESHOLD = /^[a-z][a-zA-Z0-9]{1,29}$/;
const threshold = text.extend({ value: quantity });

const ruleFields = z.strictObject({
  id: ruleId,
  name: text,
  kinds: kinds.optional().describe('kinds of station; all when absent'),
  priority: priority.describe('1 urgent, 2 high, 3 medium, 4 low'),
  equipment: z
    .enum(EQUIPMENT)
    .optional()
    .describe('what it concerns, by which figures count and lists group; pipes are those behind the pumps'),
  thresholds: z
    .record(z.string().regex(THRESHOLD, PROBLEMS.badThreshold), threshold)
    .optional()
    .describe('numbers by a name that conditions write instead; a station can have another'),
  when: z.string().min(1).optional().describe('the condition, such as P_OUT < P_SET - 0.05 MPa and any(RUN)'),
  gather: gather
    .optional()
    .describe('instead of a condition: the same alarm in many rooms becomes one of their area'),
  platform: z
    .enum(PLATFORM_PARTS)
    .optional()
    .describe(
      'instead of a condition: a part of the platform itself is in trouble (database away, history behind, chunks damaged, disk nearly full, a notification channel down)',
    ),
  for: duration.optional().describe('on-delay: the condition must hold this long'),
  clear: z.string().min(1).optional().describe('what the return asks for beside the end of "when"'),
  clearFor: duration.optional().describe('off-delay: the return must hold this long'),
  hold: duration.optional().describe('an alarm stays at least this long'),
  chatter: z
    .strictObject({ count: z.int().min(2).max(20), within: duration })
    .optional()
    .describe('so many alarms within a time are chatter: one standing alarm until it has been quiet as long'),
  alone: z
    .boolean()
    .optional()
    .describe(
      'false: no alarm of one room; its condition counts for its area, whose alarm it stands beneath (true when absent)',
    ),
  latch: z.boolean().optional().describe('stays after its return until it is acknowledged'),
  escalate: z.strictObject({ after: duration, to: priority }).optional().describe('while unacknowledged'),
  downgrade: z.strictObject({ after: duration, to: priority }).optional(),
  suppressedBy: z
    .array(z.union([ruleId, z.strictObject({ rule: ruleId, kinds: kinds.describe('where it explains it') })]))
    .optional()
    .describe('causes that explain it: silent while one of them stands'),
  firstOut: z
    .strictObject({
      group: smallWord,
      within: duration,
    })
    .optional()
    .describe(
      'rules of one group at one place: what follows within so long stands beneath the first, unless it is more urgent',
    ),
  accepts: z.array(z.enum(QUALITY_NAMES)).nonempty().optional().describe('good and substituted when absent'),
  evidence: z.array(z.string()).optional().describe('points whose values are kept with the alarm'),
  cause: text,
  remedy: text,
  causes: z
    .array(candidate)
    .nonempty()
    .optional()
    .describe('causes that can be told apart, ranked by their signs when the alarm is raised'),
  told: z
    .array(smallWord)
    .nonempty()
    .optional()
    .describe('who is told: routes of notifications.yaml; every route that matches when absent'),
  version: z.int().min(1),
  author: z.string().min(1),
  reason: z.union([z.string().min(1), text]).describe('why this version'),
});

/** A rule as it is written in a file: what is wrong, when it is an alarm, why, and what to do. */
export const ruleSchema = ruleFields
  .refine(
    ({ when, gather: gathered, platform }) =>
      [when, gathered, platform].filter((given) => given !== undefined).length === 1,
    refused('whenOrGather'),
  )
  .refine(
    ({ gather: gathered, clear, evidence, causes, firstOut }) =>
      !gathered || !(clear || evidence || causes || firstOut),
    refused('gatherAlone'),
  )
  .refine(
    ({ platform, clear, evidence, causes, firstOut, suppressedBy, kinds, alone, accepts }) =>
      !platform ||
      !(clear || evidence || causes || firstOut || suppressedBy || kinds || accepts || alone === false),
    refused('platformAlone'),
  )
  .meta({ oneOf: [{ required: ['when'] }, { required: ['gather'] }, { required: ['platform'] }] });

export type RuleText = z.infer<typeof ruleSchema>;

/** Why a version is there, for readers of both languages: a person writes it in one. */
export const reasonInBoth = (reason: RuleText['reason']): { zh: string; en: string } =>
  typeof reason === 'string' ? { zh: reason, en: reason } : reason;

/** A file holds a list of rules. */
export const ruleFileSchema = z.array(ruleSchema);

/** What editors validate rule files against. */
export const ruleJsonSchema = (): object => ({
  title: 'Alarm rules',
  ...z.toJSONSchema(ruleFileSchema),
});
