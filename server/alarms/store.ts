import { gunzipSync, gzipSync } from 'node:zlib';
import type { SavedAlarms } from '#twin/alarm/save.ts';
import type { Database, Query } from '../database/database.ts';
import { writeCourses, writeNew } from '../notification/outboxRow.ts';
import type { Changes, LoggedEvent, Occurrence } from './occurrence.ts';
import { columnsOf, OCCURRENCE_COLUMNS, occurrenceOf, WHY_COLUMNS, whyOf } from './rows.ts';

/** What a restart goes on from. */
export interface StoredAlarms {
  state: SavedAlarms | null;
  open: Occurrence[];
  last: { id: number; event: number };
}

/** When an alarm stood, ms since epoch; for ever when it still does. */
interface KnownAlarm {
  rule: string;
  station: string;
  spot: string;
  from: number;
  to: number;
}

/** After so many states the other table takes over and this one is emptied. */
const STATES_PER_TABLE = 60;
/** Rows of one statement: it must not hold the embedded database for long. */
const ROWS_AT_ONCE = 500;

/** Alarms in the database: occurrences, the log, and where everything stands. */
export class AlarmStore {
  private readonly database: Database;
  private seq = 0;

  constructor(database: Database) {
    this.database = database;
  }

  /** What was there when the last server ended, however it ended. */
  async load(): Promise<StoredAlarms> {
    const { rows: states } = await this.database.query<{ seq: string; data: Buffer }>(
      `(SELECT seq, data FROM alarm_state_0 ORDER BY seq DESC LIMIT 1)
       UNION ALL (SELECT seq, data FROM alarm_state_1 ORDER BY seq DESC LIMIT 1)`,
    );
    const newest = states.sort((a, b) => Number(b.seq) - Number(a.seq))[0];
    if (newest) this.seq = Number(newest.seq);
    const { rows: open } = await this.database.query(
      `SELECT ${OCCURRENCE_COLUMNS}, ${WHY_COLUMNS} FROM alarm WHERE ended_at IS NULL ORDER BY id`,
    );
    const { rows: last } = await this.database.query<{ id: string | null; event: string | null }>(
      'SELECT (SELECT max(id) FROM alarm) AS id, (SELECT max(id) FROM alarm_event) AS event',
    );
    return {
      state: newest ? (JSON.parse(gunzipSync(newest.data).toString()) as SavedAlarms) : null,
      open: open.map((row) => ({ ...occurrenceOf(row), ...whyOf(row) })),
      last: { id: Number(last[0]?.id ?? 0), event: Number(last[0]?.event ?? 0) },
    };
  }

  /** The alarms that stations had at some time of a stretch, ms since epoch. */
  async knownIn(stations: readonly string[], from: number, to: number): Promise<KnownAlarm[]> {
    const { rows } = await this.database.query<
      Record<'rule' | 'station' | 'spot' | 'raised_at', string> & { over: string | null }
    >(
      `SELECT rule, station, spot, raised_at, coalesce(cleared_at, ended_at) AS over FROM alarm
       WHERE station = ANY ($1) AND raised_at < $3 AND coalesce(cleared_at, ended_at, $3) >= $2`,
      [stations, from, to],
      'background',
    );
    return rows.map(({ raised_at, over, ...alarm }) => ({
      ...alarm,
      from: Number(raised_at),
      to: over === null ? Number.POSITIVE_INFINITY : Number(over),
    }));
  }

  /** Writes what changed and where everything stands, all or nothing. It may be written twice. */
  async save({ occurrences, events, dispatch }: Changes, state: SavedAlarms): Promise<void> {
    const seq = this.seq + 1;
    const data = gzipSync(JSON.stringify(state), { level: 1 });
    await this.database.transaction(async (query) => {
      for (const some of parts(occurrences)) await writeOccurrences(query, some);
      for (const some of parts(events)) await writeEvents(query, some);
      for (const some of parts(dispatch.rows)) await writeNew(query, some);
      await writeCourses(query, dispatch.courses);
      await writeState(query, seq, data);
    }, 'ingest');
    this.seq = seq;
  }

  /**
   * Forgets alarms that ended before `time` (ms since epoch), and what was logged before. The newest of each stays: the
   * numbers go on from it.
   */
  async forgetBefore(time: number): Promise<void> {
    await this.database.query(
      'DELETE FROM alarm WHERE ended_at < $1 AND id < (SELECT max(id) FROM alarm)',
      [time],
      'background',
    );
    await this.database.query(
      `DELETE FROM alarm_event WHERE time < $1 AND id < (SELECT max(id) FROM alarm_event)
       AND (alarm IS NULL OR alarm NOT IN (SELECT id FROM alarm))`,
      [time],
      'background',
    );
  }
}

const COLUMNS = `${OCCURRENCE_COLUMNS}, ${WHY_COLUMNS}`;

async function writeOccurrences(query: Query, occurrences: readonly Occurrence[]): Promise<void> {
  await query(
    `INSERT INTO alarm (${COLUMNS}) SELECT ${COLUMNS}
     FROM jsonb_to_recordset($1::jsonb) AS given (id bigint, rule text, station text, spot text,
       priority smallint, state text, active boolean, chattering boolean, cause bigint, district text,
       supply_zone text, maker text, raised_at bigint, told_at bigint, cleared_at bigint, acknowledged_at bigint,
       acknowledged_by text, ended_at bigint, evidence jsonb, diagnosis jsonb, suspects jsonb, late boolean)
     ON CONFLICT (id) DO UPDATE SET priority = excluded.priority, state = excluded.state,
       active = excluded.active, chattering = excluded.chattering, cause = excluded.cause,
       told_at = excluded.told_at, cleared_at = excluded.cleared_at,
       acknowledged_at = excluded.acknowledged_at, acknowledged_by = excluded.acknowledged_by,
       ended_at = excluded.ended_at, suspects = excluded.suspects`,
    [JSON.stringify(occurrences.map(columnsOf))],
  );
}

async function writeEvents(query: Query, events: readonly LoggedEvent[]): Promise<void> {
  await query(
    `INSERT INTO alarm_event SELECT id, alarm, time, kind, rule, station, spot, priority, annunciates, by, reason
     FROM jsonb_to_recordset($1::jsonb) AS given (id bigint, alarm bigint, time bigint, kind text, rule text,
       station text, spot text, priority smallint, annunciates boolean, by text, reason text)
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(events)],
  );
}

async function writeState(query: Query, seq: number, data: Buffer): Promise<void> {
  const table = Math.floor(seq / STATES_PER_TABLE) % 2;
  if (seq % STATES_PER_TABLE === 0) await query(`TRUNCATE alarm_state_${table}`);
  await query(
    `INSERT INTO alarm_state_${table} (seq, data) VALUES ($1, $2)
     ON CONFLICT (seq) DO UPDATE SET data = excluded.data`,
    [seq, data],
  );
}

function parts<T>(all: readonly T[]): T[][] {
  const made: T[][] = [];
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) made.push(all.slice(from, from + ROWS_AT_ONCE));
  return made;
}
