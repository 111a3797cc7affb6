import { z } from 'zod';
import type { AlarmAction } from '#twin/alarm/actions.ts';
import type { Rule } from '#twin/rules/load.ts';
import { MINUTE } from '#twin/units.ts';
import {
  type AlarmHistoryQuery,
  type AlarmSummary,
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
  silencerEndRequest,
  silencerList,
} from '#twin/wire/alarms.ts';
import { type AlarmDesk, keyOfOccurrence } from '../alarms/desk.ts';
import { alarmTable, MOST_EXPORTED } from '../alarms/export.ts';
import { figuresOf } from '../alarms/figures.ts';
import type { Occurrence } from '../alarms/occurrence.ts';
import { logOf, occurrenceById, pastAlarms, placeOf } from '../alarms/past.ts';
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
const PAST_CASES = 5;

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
      return pastAlarms(database, filters, limit, place);
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
        const alarms = await everyAlarm(database, filters);
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
      return figuresOf(database, desk.list(), from, to, now());
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
      const { rule, station } = alarm;
      const [log, consequences, same] = await Promise.all([
        logOf(database, id),
        pastAlarms(database, { cause: id }, MOST_CONSEQUENCES),
        pastAlarms(database, { rule, station }, PAST_CASES + 1, { raisedAt: alarm.raisedAt, id }),
      ]);
      const before = same.alarms.filter(({ spot }) => spot === alarm.spot).slice(0, PAST_CASES);
      return { alarm, evidence, diagnosis, suspects, log, consequences: consequences.alarms, before };
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
    path: '/api/alarms/silencers/end',
    summary: 'Takes something off the shelf, or back into service',
    shapes: { body: silencerEndRequest },
    answer: z.object({ done: z.literal(true) }),
    handle: async ({ body: { kind, station, rule, by, reason } }) => {
      const refused = await stored(desk.endSilence({ do: 'endSilence', kind, station, rule, by, reason }));
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
  const { station, rule } = alarm;
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
      return { do: 'silence', silencer: { kind: 'shelved', station, rule, until, oneShot, by, reason } };
    }
    case 'outOfService': {
      const { reason } = body;
      return {
        do: 'silence',
        silencer: { kind: 'outOfService', station, rule, until: null, oneShot: false, by, reason },
      };
    }
  }
}

/** The filtered history, newest first, read in pages. */
async function everyAlarm(database: Database, filters: AlarmHistoryQuery): Promise<AlarmSummary[]> {
  const all: AlarmSummary[] = [];
  let before: { raisedAt: number; id: number } | undefined;
  do {
    const { alarms, next } = await pastAlarms(database, filters, 1000, before);
    all.push(...alarms);
    before = (next !== null && placeOf(next)) || undefined;
  } while (before && all.length < MOST_EXPORTED);
  return all;
}

const ruleOf = ({ text }: Rule) => {
  const {
    id,
    name,
    priority,
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
  return { id, name, priority, cause, remedy, evidence, when, gathers, platform, version, author, reason };
};
