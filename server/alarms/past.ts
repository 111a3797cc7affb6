import type { AlarmHistoryQuery, AlarmSummary } from '#twin/wire/alarms.ts';
import type { Database } from '../database/database.ts';
import type { Occurrence } from './occurrence.ts';
import { OCCURRENCE_COLUMNS, occurrenceOf, WHY_COLUMNS, whyOf } from './rows.ts';

/** What past alarms are asked for by. */
export interface PastQuery extends Omit<AlarmHistoryQuery, 'kind'> {
  /** only of these stations */
  stations?: readonly string[];
  notStation?: string;
  notSpot?: string;
}

/** What an alarm was probably due to: the first of its diagnosis. */
export type Likely = Occurrence['diagnosis'][number];
export interface DiagnosedAlarm extends AlarmSummary {
  /** null: its rule cannot tell causes apart */
  likely: Likely | null;
}

interface Page<T> {
  alarms: T[];
  /** where the next page begins, null after the last */
  next: string | null;
}

/** Occurrences open and past, newest first, by any of the filters. `before` is the `next` of the page before. */
export const pastAlarms = (
  database: Database,
  query: PastQuery,
  limit: number,
  before?: PagePlace,
): Promise<Page<AlarmSummary>> =>
  pageOf(database, { columns: OCCURRENCE_COLUMNS, query, limit, before }, occurrenceOf);

/** The same with the likeliest cause of each. */
export const diagnosedAlarms = (
  database: Database,
  query: PastQuery,
  limit: number,
  before?: PagePlace,
): Promise<Page<DiagnosedAlarm>> => {
  const columns = `${OCCURRENCE_COLUMNS}, diagnosis -> 0 AS likely`;
  return pageOf(database, { columns, query, limit, before }, (row) => ({
    ...occurrenceOf(row),
    likely: (row.likely as Likely | null) ?? null,
  }));
};

interface PagePlace {
  raisedAt: number;
  id: number;
}

interface Asked {
  columns: string;
  query: PastQuery;
  limit: number;
  before: PagePlace | undefined;
}

async function pageOf<T extends AlarmSummary>(
  database: Database,
  { columns, query, limit, before }: Asked,
  read: (row: Record<string, unknown>) => T,
): Promise<Page<T>> {
  const params: unknown[] = [];
  const conditions: string[] = [];
  const where = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined) return;
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  where((at) => `raised_at >= ${at}`, query.from);
  where((at) => `raised_at < ${at}`, query.to);
  where((at) => `station = ${at}`, query.station);
  where((at) => `station <> ${at}`, query.notStation);
  where((at) => `station = ANY (${at}::text[])`, query.stations);
  where((at) => `spot = ${at}`, query.spot);
  where((at) => `spot <> ${at}`, query.notSpot);
  where((at) => `${at} = ANY (string_to_array(maker, ', '))`, query.maker);
  where((at) => `district = ${at}`, query.district);
  where((at) => `supply_zone = ${at}`, query.zone);
  where((at) => `rule = ${at}`, query.rule);
  where((at) => `state = ${at}`, query.state);
  where((at) => `cause = ${at}`, query.cause);
  where((at) => `priority = ANY (${at}::smallint[])`, query.priority?.split(',').map(Number));
  if (query.told) conditions.push(`told_at IS ${query.told === 'yes' ? 'NOT NULL' : 'NULL'}`);
  if (before) {
    params.push(before.raisedAt, before.id);
    conditions.push(`(raised_at, id) < ($${params.length - 1}::bigint, $${params.length}::bigint)`);
  }
  params.push(limit + 1);
  const { rows } = await database.query(
    `SELECT ${columns} FROM alarm ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY raised_at DESC, id DESC LIMIT $${params.length}`,
    params,
  );
  const alarms = rows.slice(0, limit).map(read);
  const last = alarms.at(-1);
  return { alarms, next: rows.length > limit && last ? `${last.raisedAt}-${last.id}` : null };
}

/** The place a page ended at, null when the text is none. */
export function placeOf(next: string): PagePlace | null {
  const found = /^(\d{1,15})-(\d{1,15})$/.exec(next);
  return found ? { raisedAt: Number(found[1]), id: Number(found[2]) } : null;
}

const MOST_CASES = 5;
const MOST_BESIDE = 3;

/** Earlier alarms of the same rule: at the same spot; and elsewhere, first at other spots of the station. */
export async function casesBefore(
  database: Database,
  { rule, station, spot, raisedAt, id }: AlarmSummary,
): Promise<{ before: AlarmSummary[]; elsewhere: AlarmSummary[] }> {
  const read = async (query: PastQuery, limit: number) =>
    (await pastAlarms(database, { rule, ...query }, limit, { raisedAt, id })).alarms;
  const [before, beside, others] = await Promise.all([
    read({ station, spot }, MOST_CASES),
    read({ station, notSpot: spot }, MOST_BESIDE),
    read({ notStation: station }, MOST_CASES),
  ]);
  return { before, elsewhere: [...beside, ...others].slice(0, MOST_CASES) };
}

interface LogLine {
  time: number;
  kind: string;
  priority: number;
  by: string | null;
  reason: string | null;
}

/** The log of one occurrence, oldest first. */
export async function logOf(database: Database, id: number): Promise<LogLine[]> {
  const { rows } = await database.query<Record<string, unknown>>(
    'SELECT time, kind, priority, by_name, reason FROM alarm_event WHERE alarm = $1 ORDER BY time, id LIMIT 200',
    [id],
  );
  return rows.map((row) => ({
    time: Number(row.time),
    kind: String(row.kind),
    priority: Number(row.priority),
    by: row.by_name as string | null,
    reason: row.reason as string | null,
  }));
}

/** One occurrence and why it was raised, null when there is none of this number. */
export async function occurrenceById(database: Database, id: number): Promise<Occurrence | null> {
  const { rows } = await database.query(
    `SELECT ${OCCURRENCE_COLUMNS}, ${WHY_COLUMNS} FROM alarm WHERE id = $1`,
    [id],
  );
  const row = rows[0];
  return row ? { ...occurrenceOf(row), ...whyOf(row) } : null;
}
