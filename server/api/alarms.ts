import { z } from 'zod';
import type { AlarmAction } from '#twin/alarm/actions.ts';
import { lookBackOf } from '#twin/backtest/needs.ts';
import { didYouMean } from '#twin/nearNames.ts';
import type { Rule } from '#twin/rules/load.ts';
import { reasonInBoth } from '#twin/rules/rule.ts';
import type { Threshold } from '#twin/rules/thresholds.ts';
import { MINUTE } from '#twin/units.ts';
import {
  type AlarmHistoryQuery,
  alarmActionAnswer,
  alarmActionRequest,
  alarmDetail,
  alarmFigures,
  alarmFiguresQuery,
  alarmHistory,
  alarmHistoryQuery,
  alarmPageQuery,
  alarmRules,
  openAlarms,
  type RuleThreshold,
  silencerEndRequest,
  silencerList,
  silencerRequest,
} from '#twin/wire/alarms.ts';
import { type AlarmDesk, keyOfOccurrence } from '../alarms/desk.ts';
import { alarmTable, MOST_EXPORTED } from '../alarms/export.ts';
import { figuresOf } from '../alarms/figures.ts';
import type { Occurrence } from '../alarms/occurrence.ts';
import {
  casesBefore,
  type DiagnosedAlarm,
  diagnosedAlarms,
  logOf,
  occurrenceById,
  type PastQuery,
  pastAlarms,
  placeOf,
} from '../alarms/past.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import { inTurn, workbookOf } from '../workbook/workbook.ts';
import { type Bytes, endpoint, HttpError } from './route.ts';

export interface AlarmContext {
  desk: AlarmDesk;
  database: Database;
  registry: Registry;
  now: () => number;
}

const MOST_CONSEQUENCES = 500;

/** What is wrong, what was, and what people do about it. */
export const alarmEndpoints = ({ desk, database, registry, now }: AlarmContext) => [
  endpoint({
    method: 'get',
    path: '/api/alarms',
    summary: 'Every alarm that is not normal',
    shapes: {},
    answer: openAlarms,
    handle: () => ({ revision: desk.revision, time: now(), alarms: desk.list() }),
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/history',
    summary: 'Alarms open and past, newest first, by any of the filters',
    shapes: { query: alarmPageQuery },
    answer: alarmHistory,
    handle: ({ query }) => {
      const { limit, before, ...filters } = query;
      const place = before === undefined ? undefined : placeOf(before);
      if (place === null) throw new HttpError(400, '`before` is not the `next` of a page');
      return pastAlarms(database, pastQuery(registry, filters), limit, place);
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/export.xlsx',
    summary: `The filtered history as a workbook, at most ${MOST_EXPORTED} rows`,
    shapes: { query: alarmHistoryQuery.extend({ language: z.enum(['zh', 'en']).default('zh') }) },
    answer: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    handle: async ({ query: { language, ...filters } }): Promise<Bytes> => {
      const made = inTurn(async () => {
        const alarms = await everyAlarm(database, pastQuery(registry, filters));
        return workbookOf(alarmTable(alarms, { rules: desk.rules, registry, language }));
      });
      if (!made) throw new HttpError(503, 'others are being exported; try again in a minute');
      return { bytes: await made, maxAgeSeconds: 0 };
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/rules',
    summary: 'The rules in force',
    shapes: {},
    answer: alarmRules,
    handle: () => desk.rules.map(ruleOf),
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/makers',
    summary: 'Makers of the pumps of all registered stations, by name',
    shapes: {},
    answer: z.array(z.string()),
    handle: () => makersIn(registry),
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/silencers',
    summary: 'What is shelved or out of service, by whom and why',
    shapes: {},
    answer: silencerList,
    handle: () => [...desk.silencers],
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/figures',
    summary: 'How the alarms of a time weigh on people, by ISA-18.2',
    shapes: { query: alarmFiguresQuery },
    answer: alarmFigures,
    handle: ({ query: { from, to } }) => {
      if (!(to > from)) throw new HttpError(400, '`to` must be later than `from`');
      const kindOf = (code: string) => registry.byCode.get(code)?.station.kind;
      const equipment = new Map(desk.rules.map(({ text }) => [text.id, text.equipment]));
      const names = { kindOf, equipmentOf: (rule: string) => equipment.get(rule) };
      return figuresOf(database, desk.list(), names, from, to, now());
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/alarms/:id',
    summary: 'One alarm with its log, evidence, consequences and past cases',
    shapes: { params: z.object({ id: z.coerce.number().int().nonnegative() }) },
    answer: alarmDetail,
    handle: async ({ params: { id } }) => {
      const found = desk.find(id) ?? (await occurrenceById(database, id));
      if (!found) throw new HttpError(404, `there is no alarm ${id}`);
      const { evidence, diagnosis, suspects, ...alarm } = found;
      const [log, consequences, cases] = await Promise.all([
        logOf(database, id),
        pastAlarms(database, { cause: id }, MOST_CONSEQUENCES),
        casesBefore(database, alarm),
      ]);
      return { alarm, evidence, diagnosis, suspects, log, consequences: consequences.alarms, ...cases };
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/alarms/act',
    summary: 'Acknowledges, shelves, takes out of service or resets alarms; answers when it is written',
    shapes: { body: alarmActionRequest },
    answer: alarmActionAnswer,
    handle: ({ body }) => stored(desk.each(body.ids, (alarm, time) => actionOf(body, alarm, time))),
  }),
  endpoint({
    method: 'post',
    path: '/api/alarms/silencers',
    summary:
      'Shelves or takes out of service a whole station or one rule there, whether an alarm stands or not',
    shapes: { body: silencerRequest },
    answer: z.object({ done: z.literal(true) }),
    handle: async ({ body: { kind, station, rule, minutes, by, reason } }) => {
      if (!registry.byCode.has(station))
        throw new HttpError(
          404,
          `there is no station ${station}${didYouMean(station, registry.byCode.keys())}`,
        );
      const rules = desk.rules.map(({ text }) => text.id);
      if (rule !== null && !rules.includes(rule))
        throw new HttpError(404, `there is no rule ${rule}${didYouMean(rule, rules)}`);
      const until = minutes === null ? null : now() + minutes * MINUTE;
      const silencer = { kind, station, rule, until, oneShot: false, by, reason };
      const refused = await stored(desk.silence(silencer));
      if (refused !== null) throw new HttpError(409, refused);
      return { done: true };
    },
  }),
  endpoint({
    method: 'post',
    path: '/api/alarms/silencers/end',
    summary: 'Takes something off the shelf, or back into service',
    shapes: { body: silencerEndRequest },
    answer: z.object({ done: z.literal(true) }),
    handle: async ({ body }) => {
      const refused = await stored(desk.endSilence({ do: 'endSilence', ...body }));
      if (refused !== null) throw new HttpError(409, refused);
      return { done: true };
    },
  }),
];

/** What is done stands; a database that is away has it later, and whoever asked must know. */
async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw new HttpError(503, 'it is done, but the database is away: it is written when it is back');
  }
}

function actionOf(body: z.output<typeof alarmActionRequest>, alarm: Occurrence, time: number): AlarmAction {
  const { by } = body;
  // one pump's alarm says nothing of the others'
  const { station, rule, spot } = alarm;
  switch (body.do) {
    case 'acknowledge':
    case 'reset':
      return {
        do: body.do,
        key: keyOfOccurrence(alarm),
        by,
        ...(body.reason !== undefined && { note: body.reason }),
      };
    case 'shelve': {
      const until = time + body.minutes * MINUTE;
      const { oneShot, reason } = body;
      return {
        do: 'silence',
        silencer: { kind: 'shelved', station, rule, spot, until, oneShot, by, reason },
      };
    }
    case 'outOfService': {
      const { reason } = body;
      return {
        do: 'silence',
        silencer: { kind: 'outOfService', station, rule, spot, until: null, oneShot: false, by, reason },
      };
    }
  }
}

/** Types of stations are the register's, not the alarm's. */
function pastQuery(registry: Registry, { kind, ...filters }: AlarmHistoryQuery): PastQuery {
  if (kind === undefined) return filters;
  const of = [...registry.byCode.values()].filter(({ station }) => station.kind === kind);
  return { ...filters, stations: of.map(({ station }) => station.code) };
}

function makersIn({ byCode }: Registry): string[] {
  const makers = [...byCode.values()].flatMap(({ station }) =>
    station.pumpSets.flatMap(({ pumps }) => pumps.map(({ maker }) => maker)),
  );
  return [...new Set(makers)].filter((maker) => maker !== '').sort();
}

/** The filtered history, newest first, read in pages. */
async function everyAlarm(database: Database, filters: PastQuery): Promise<DiagnosedAlarm[]> {
  const all: DiagnosedAlarm[] = [];
  let before: { raisedAt: number; id: number } | undefined;
  do {
    const { alarms, next } = await diagnosedAlarms(database, filters, 1000, before);
    all.push(...alarms);
    before = (next !== null && placeOf(next)) || undefined;
  } while (before && all.length < MOST_EXPORTED);
  return all;
}

/** A threshold without the stations that differ. */
export const thresholdText = ({ stations: _, ...threshold }: Threshold): RuleThreshold => threshold;

const ruleOf = (rule: Rule) => {
  const { text, thresholds } = rule;
  const {
    id,
    name,
    priority,
    equipment = null,
    cause,
    remedy,
    evidence = [],
    when = null,
    gather,
    platform = null,
    version,
    author,
    reason,
  } = text;
  const gathers = gather?.rule ?? null;
  return {
    id,
    name,
    priority,
    equipment,
    cause,
    remedy,
    evidence,
    thresholds: thresholds.map(thresholdText),
    when,
    gathers,
    platform,
    lookBack: lookBackOf(rule),
    version,
    author,
    reason: reasonInBoth(reason),
  };
};
