import { z } from 'zod';
import { LONGEST_SHELF } from '#twin/alarm/silencer.ts';
import { EQUIPMENT } from '#twin/rules/equipment.ts';
import type { Resolution } from './sheet.ts';

/** The contracts of alarms: the open list, history, what people do with them, and their live counts. */

const text = z.object({ zh: z.string(), en: z.string() });
const instant = z.coerce.number().int().nonnegative().describe('ms since epoch');
const priority = z.number().int().min(1).max(4);

export const ALARM_STATES = [
  'unacknowledged',
  'acknowledged',
  'returned',
  'latched',
  'suppressed',
  'shelved',
  'outOfService',
  'normal',
] as const;
export const alarmState = z.enum(ALARM_STATES).describe('by OPC UA Part 9; normal: it is over');

/** One occurrence of an alarm, from its raise until nobody has anything left to do with it. */
export const alarmSummary = z.object({
  id: z.number().int(),
  rule: z.string(),
  station: z
    .string()
    .describe('station code; of what concerns many: `zone:<id>`, `district:<code>` or `city`; `platform`'),
  spot: z
    .string()
    .describe('pump set or pump such as `LO/P1`, or a notification channel; empty: the station as a whole'),
  priority,
  state: alarmState,
  active: z.boolean().describe('its condition holds'),
  chattering: z.boolean(),
  cause: z.number().int().nullable().describe('id of the alarm that explains it'),
  district: z.string(),
  supplyZone: z.string(),
  maker: z.string().describe('of the pumps at the spot; several are joined by ", "'),
  raisedAt: z.number(),
  toldAt: z.number().nullable().describe('when people were told; null: they were not'),
  late: z.boolean().describe('found in values that arrived after their time: nobody was told'),
  clearedAt: z.number().nullable(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable().describe('as typed, not verified'),
  endedAt: z.number().nullable(),
});
export type AlarmSummary = z.infer<typeof alarmSummary>;

export const openAlarms = z.object({
  revision: z.number().describe('as on the live topic `alarms`'),
  time: z.number(),
  alarms: z.array(alarmSummary),
});

export const alarmHistoryQuery = z.object({
  from: instant.optional(),
  to: instant.optional(),
  station: z.string().max(80).optional(),
  spot: z.string().max(20).optional().describe('pump set or pump; empty: the station as a whole'),
  kind: z.enum(['tank', 'inline', 'booster']).optional().describe('type of the station as registered now'),
  maker: z.string().max(80).optional().describe('of a pump at the spot'),
  district: z.string().max(80).optional(),
  zone: z.string().max(80).optional().describe('supply zone'),
  rule: z.string().max(40).optional(),
  priority: z
    .string()
    .regex(/^[1-4](,[1-4])*$/, 'priorities such as 1,2')
    .optional(),
  state: alarmState.optional(),
  cause: z.coerce.number().int().optional().describe('what one alarm explains'),
  told: z.enum(['yes', 'no']).optional().describe('yes: only what people were told'),
});
export type AlarmHistoryQuery = z.infer<typeof alarmHistoryQuery>;
export const alarmPageQuery = alarmHistoryQuery.extend({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.string().max(60).optional().describe('`next` of the page before'),
});
export const alarmHistory = z.object({
  alarms: z.array(alarmSummary).describe('newest first'),
  next: z.string().nullable().describe('`before` of the next page'),
});

export const ruleThreshold = z.object({
  name: z.string().describe('as conditions and evidence write it'),
  zh: z.string(),
  en: z.string(),
  value: z.number().describe('where a station has no other'),
  unit: z.string().nullable(),
});
export type RuleThreshold = z.infer<typeof ruleThreshold>;

export const alarmRule = z.object({
  id: z.string(),
  name: text,
  priority,
  equipment: z.enum(EQUIPMENT).nullable().describe('what it concerns; null where the rule does not say'),
  cause: text,
  remedy: text,
  evidence: z.array(z.string()).describe('point tags'),
  thresholds: z.array(ruleThreshold),
  when: z
    .string()
    .nullable()
    .describe('null: it gathers the alarms of another rule, or watches the platform'),
  gathers: z.string().nullable(),
  platform: z.string().nullable().describe('the part of the platform that it watches'),
  lookBack: z.number().describe('how long an alarm of it is in the making: windows and delay, ms'),
  version: z.number(),
  author: z.string(),
  reason: text,
});
export type AlarmRule = z.infer<typeof alarmRule>;
export const alarmRules = z.array(alarmRule);

export const alarmLogLine = z.object({
  time: z.number(),
  kind: z.string(),
  priority: z.number(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
});
const share = z.number().min(0).max(1);
export const suspects = z.object({
  time: z.number().describe('when it was worked out, ms since epoch'),
  onset: z.number().describe('when the pressure began to fall, ms since epoch'),
  rooms: z.number().int().describe('whose inlet pressure was asked'),
  source: share.describe('confidence that works or booster give too little, and nothing broke'),
  sourceDrop: z.number().describe('by how much the pressure of the source fell then, MPa'),
  stretches: z
    .array(
      z.object({
        mains: z
          .array(z.string())
          .describe('ids, the most suspected first; within it they cannot be told apart'),
        count: z.number().int().describe('of all its mains, which may be more than are listed'),
        length: z.number().describe('m'),
        dn: z.number().describe('largest of them, mm'),
        confidence: share,
        flow: z.number().describe('m³/h that break out if it is there'),
        bounds: z
          .tuple([z.number(), z.number(), z.number(), z.number()])
          .describe('west, south, east, north; degrees'),
      }),
    )
    .describe('the most likely first'),
});
export type Suspects = z.infer<typeof suspects>;

export const alarmDetail = z.object({
  alarm: alarmSummary,
  evidence: z
    .record(z.string(), z.number().nullable())
    .describe(
      "by point name, when it was raised; and the rule's thresholds that were in force there, by theirs",
    ),
  diagnosis: z
    .array(
      z.object({
        cause: text,
        remedy: text,
        confidence: z.number(),
        signs: z.array(
          z.object({
            says: text,
            excludes: z.boolean(),
            holds: z.boolean().nullable().describe('null: not known'),
          }),
        ),
      }),
    )
    .readonly()
    .describe('causes that the rule can tell apart, the most likely first, as seen when it was raised'),
  suspects: suspects.nullable().describe('mains that may have burst, of a supply zone'),
  log: z.array(alarmLogLine).describe('oldest first, at most 200'),
  consequences: z.array(alarmSummary).describe('what it explains, at most 500'),
  before: z.array(alarmSummary).describe('the same rule at the same spot before, newest first, at most 5'),
  elsewhere: z
    .array(alarmSummary)
    .describe(
      'the same rule before at other spots of the station (at most 3), then at other stations; newest first, at most 5',
    ),
});
export type AlarmDetail = z.infer<typeof alarmDetail>;

const name = z.string().trim().min(1).max(60).describe('typed, stored as not verified');
const reason = z.string().trim().min(1).max(300);
const ids = z.array(z.number().int()).min(1).max(1000);

export const alarmActionRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('acknowledge'), ids, by: name, reason: reason.optional() }),
  z.object({ do: z.literal('reset'), ids, by: name, reason }),
  z.object({
    do: z.literal('shelve'),
    ids,
    by: name,
    reason,
    minutes: z
      .number()
      .positive()
      .max(LONGEST_SHELF / 60_000),
    oneShot: z.boolean().default(false).describe('ends with the next return to normal'),
  }),
  z.object({
    do: z.literal('outOfService'),
    ids,
    by: name,
    reason: reason.describe('with the number of the work order'),
  }),
]);
export type AlarmActionRequest = z.input<typeof alarmActionRequest>;

export const silencer = z.object({
  kind: z.enum(['shelved', 'outOfService']),
  station: z.string(),
  rule: z.string().nullable().describe('null: every rule at the station'),
  spot: z
    .string()
    .max(40)
    .optional()
    .describe(
      "the pump set or pump of one alarm, empty of the station's own; absent: everywhere at the station",
    ),
});
export const silencerEndRequest = silencer.extend({ by: name, reason });
const DAY_MINUTES = 1440;
export const silencerRequest = z
  .object({
    kind: silencer.shape.kind,
    station: z
      .string()
      .max(80)
      .describe('code of a registered station, whether an alarm stands there or not'),
    rule: z.string().max(40).nullable().describe('null: every rule at the station'),
    minutes: z
      .number()
      .positive()
      .max(366 * DAY_MINUTES)
      .nullable()
      .describe('null: out of service until somebody puts it back; a shelf has at most a day'),
    by: name,
    reason,
  })
  .refine(({ kind, minutes }) => kind === 'outOfService' || (minutes !== null && minutes <= DAY_MINUTES), {
    path: ['minutes'],
    message: 'a shelf needs an end within a day',
  });
export type SilencerRequest = z.input<typeof silencerRequest>;
export const silencerList = z.array(
  silencer.extend({ until: z.number().nullable(), oneShot: z.boolean(), by: z.string(), reason: z.string() }),
);

export const alarmActionAnswer = z.object({
  done: z.number().int(),
  refused: z.array(z.object({ id: z.number().int(), reason: z.string() })),
});

export const alarmFiguresQuery = z.object({ from: instant, to: instant });
const counted = z.array(z.object({ name: z.string(), count: z.number().int() }));
/** ISA-18.2 counts what people are told of; its windows are ten minutes, more than ten in one are a flood. */
export const alarmFigures = z.object({
  from: z.number(),
  to: z.number(),
  told: z.number().int(),
  byPriority: z.array(z.number().int()).length(4).describe('told, by priority 1 to 4'),
  perHour: z.number(),
  most: z.number().int().describe('in one window'),
  floods: z.number().int().describe('windows with more than ten'),
  windows: z
    .array(z.object({ start: z.number(), count: z.number().int() }))
    .describe('windows in which something was told, oldest first'),
  byRule: counted.describe('most often told, at most ten'),
  byStation: counted,
  byMaker: counted.describe('of pumps at the spot; an alarm of a room counts for each of its makers'),
  byKind: counted.describe('by type of station: tank, inline, booster'),
  byEquipment: counted.describe('by what the rules in force say that they concern; empty where one does not'),
  chattered: z.number().int().describe('times an alarm began to chatter'),
  standing: z.number().int(),
  stale: z.number().int().describe('standing for more than a day'),
  toAcknowledge: z.number().nullable().describe('median, ms'),
  toClear: z.number().nullable().describe('median, ms'),
});
export type AlarmFigures = z.infer<typeof alarmFigures>;

/** Columns of the one row of the live topic `alarms`. Counts by priority are of what waits to be acknowledged. */
export const ALARM_SHEET = {
  revision: 0,
  waiting1: 1,
  waiting2: 2,
  waiting3: 3,
  waiting4: 4,
  standing1: 5,
  standing2: 6,
  standing3: 7,
  standing4: 8,
  shelved: 9,
  suppressed: 10,
  lastTold: 11,
} as const;
export const ALARM_SHEET_COLUMNS = Object.keys(ALARM_SHEET).length;
export const ALARMS_TOPIC = 'alarms';
/** Counts and ms since epoch alike are whole numbers. */
export const alarmResolution: Resolution = () => 1;
