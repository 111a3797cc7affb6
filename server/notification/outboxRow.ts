import type { Course, StepKind } from '#twin/notification/course.ts';
import type { NotificationEntry } from '#twin/wire/notifications.ts';
import type { Database, Query } from '../database/database.ts';

/** A message to one channel about one alarm, from the moment it is due until its outcome is known. */
export interface OutboxRow extends NotificationEntry {
  kind: StepKind;
  /** what was true of the alarm when it was made: it may be gone when the message goes out */
  about: { spot: string; since: number };
  /** an attempt was begun at this time and its answer was not seen */
  attemptedAt: number | null;
}

/** A course, or that it has ended. */
export interface CourseChange extends Course {
  ended: boolean;
}

/** What notification has to have written together with the alarms that it is about. */
export interface Dispatch {
  courses: CourseChange[];
  rows: OutboxRow[];
}

export const NO_DISPATCH: Dispatch = { courses: [], rows: [] };

/** Months of messages are nobody's concern. */
const KEPT_DAYS = 30;

const COLUMNS =
  'key, alarm, rule, station, priority, kind, n, route, channel, about, made_at, attempts, attempted_at, outcome, done_at, error, missing';

/** Writes rows; those that are there already keep what happened to them. */
export const writeNew = (query: Query, rows: readonly OutboxRow[]): Promise<unknown> =>
  write(query, rows, 'DO NOTHING');

/** Writes rows with what has become of them. */
export const writeOutcome = (query: Query, rows: readonly OutboxRow[]): Promise<unknown> =>
  write(
    query,
    rows,
    `DO UPDATE SET attempts = excluded.attempts, attempted_at = excluded.attempted_at,
       outcome = excluded.outcome, done_at = excluded.done_at, error = excluded.error,
       missing = excluded.missing
     WHERE notification.done_at IS NULL`,
  );

const write = (query: Query, rows: readonly OutboxRow[], conflict: string) =>
  query(
    `INSERT INTO notification (${COLUMNS}) SELECT ${COLUMNS}
     FROM jsonb_to_recordset($1::jsonb) AS given (key text, alarm bigint, rule text, station text,
       priority smallint, kind text, n integer, route text, channel text, about jsonb, made_at bigint,
       attempts integer, attempted_at bigint, outcome text, done_at bigint, error text, missing jsonb)
     ON CONFLICT (key) ${conflict}`,
    [
      JSON.stringify(
        rows.map((row) => ({
          ...row,
          made_at: row.madeAt,
          attempted_at: row.attemptedAt,
          done_at: row.doneAt,
        })),
      ),
    ],
  );

export async function writeCourses(query: Query, courses: readonly CourseChange[]): Promise<void> {
  const standing = courses.filter(({ ended }) => !ended);
  const ended = courses.filter(({ ended }) => ended);
  if (standing.length > 0)
    await query(
      `INSERT INTO notification_course (alarm, route, since, repeats, escalations)
       SELECT alarm, route, since, repeats, escalations
       FROM jsonb_to_recordset($1::jsonb) AS given (alarm bigint, route text, since bigint, repeats integer,
         escalations integer)
       ON CONFLICT (alarm, route) DO UPDATE SET since = excluded.since, repeats = excluded.repeats,
         escalations = excluded.escalations`,
      [JSON.stringify(standing)],
    );
  if (ended.length > 0)
    await query(
      `DELETE FROM notification_course AS course
       USING jsonb_to_recordset($1::jsonb) AS given (alarm bigint, route text)
       WHERE course.alarm = given.alarm AND course.route = given.route`,
      [JSON.stringify(ended)],
    );
}

/** What a restart goes on from. */
export async function loadDispatch(database: Database): Promise<{ courses: Course[]; rows: OutboxRow[] }> {
  const { rows: courses } = await database.query<Record<string, unknown>>(
    'SELECT alarm, route, since, repeats, escalations FROM notification_course',
  );
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM notification WHERE done_at IS NULL ORDER BY made_at, key`,
  );
  return {
    courses: courses.map(({ alarm, route, since, repeats, escalations }) => ({
      alarm: Number(alarm),
      route: String(route),
      since: Number(since),
      repeats: Number(repeats),
      escalations: Number(escalations),
    })),
    rows: rows.map(rowOf),
  };
}

/** The newest messages, whatever became of them. */
export async function recentRows(database: Database, limit: number): Promise<OutboxRow[]> {
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM notification ORDER BY made_at DESC, key LIMIT $1`,
    [limit],
  );
  return rows.map(rowOf);
}

export const forgetOld = (database: Database, now: number): Promise<unknown> =>
  database.query(
    'DELETE FROM notification WHERE done_at IS NOT NULL AND made_at < $1',
    [now - KEPT_DAYS * 86_400_000],
    'background',
  );

const numberOr = (value: unknown): number | null => (value === null ? null : Number(value));

const rowOf = (row: Record<string, unknown>): OutboxRow => ({
  key: String(row.key),
  alarm: Number(row.alarm),
  rule: String(row.rule),
  station: String(row.station),
  priority: Number(row.priority),
  kind: row.kind as StepKind,
  n: Number(row.n),
  route: String(row.route),
  channel: String(row.channel),
  about: row.about as OutboxRow['about'],
  madeAt: Number(row.made_at),
  attempts: Number(row.attempts),
  attemptedAt: numberOr(row.attempted_at),
  outcome: row.outcome as OutboxRow['outcome'],
  doneAt: numberOr(row.done_at),
  error: row.error as string | null,
  missing: row.missing as string[],
});
