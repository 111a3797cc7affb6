import { DAY, HOUR, MINUTE } from '#twin/units.ts';
import type { AlarmFigures, AlarmSummary } from '#twin/wire/alarms.ts';
import type { Database } from '../database/database.ts';

/** The window in which ISA-18.2 counts, and what is a flood in one: more than a person can take up. */
const WINDOW = 10 * MINUTE;
const FLOOD = 10;
/** What stands for longer is stale. */
const STALE = DAY;
const TOP = 10;

/**
 * How the alarms of `from` … `to` (ms since epoch) weigh on the people who are told of them.
 * @param names.kindOf type of a station by its code; undefined for an area, and for what is not registered any more
 * @param names.equipmentOf what a rule concerns; undefined where it does not say, or is gone
 */
export async function figuresOf(
  database: Database,
  open: readonly AlarmSummary[],
  names: {
    kindOf: (station: string) => string | undefined;
    equipmentOf: (rule: string) => string | undefined;
  },
  from: number,
  to: number,
  now: number,
): Promise<AlarmFigures> {
  const span = [from, to];
  const toldBy = (name: string, most = '') =>
    counts(
      database,
      `SELECT ${name} AS name, count(*) AS n FROM alarm_event e JOIN alarm a ON a.id = e.alarm
       WHERE e.annunciates AND e.time >= $1 AND e.time < $2 GROUP BY 1 ORDER BY 2 DESC, 1 ${most}`,
      span,
    );
  const [windows, priorities, everyRule, everyStation, byMaker, chatter, times] = await Promise.all([
    counts(
      database,
      `SELECT (time / ${WINDOW}) * ${WINDOW} AS name, count(*) AS n FROM alarm_event
       WHERE annunciates AND time >= $1 AND time < $2 GROUP BY 1 ORDER BY 1`,
      span,
    ),
    counts(
      database,
      `SELECT priority AS name, count(*) AS n FROM alarm_event
       WHERE annunciates AND time >= $1 AND time < $2 GROUP BY 1`,
      span,
    ),
    toldBy('a.rule'),
    toldBy('a.station'),
    // an alarm of a room counts for each of those whose pumps stand there
    toldBy("unnest(string_to_array(a.maker, ', '))", `LIMIT ${TOP}`),
    counts(
      database,
      `SELECT kind AS name, count(*) AS n FROM alarm_event
       WHERE kind = 'chatter' AND time >= $1 AND time < $2 GROUP BY 1`,
      span,
    ),
    database.query<{ acknowledge: number | null; clear: number | null }>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY acknowledged_at - told_at) AS acknowledge,
              percentile_cont(0.5) WITHIN GROUP (ORDER BY cleared_at - raised_at) AS clear
       FROM alarm WHERE told_at IS NOT NULL AND raised_at >= $1 AND raised_at < $2`,
      span,
    ),
  ]);
  const told = windows.reduce((sum, { count }) => sum + count, 0);
  const standing = open.filter(({ active, toldAt }) => active && toldAt !== null);
  return {
    from,
    to,
    told,
    byPriority: [1, 2, 3, 4].map((one) => priorities.find(({ name }) => name === String(one))?.count ?? 0),
    perHour: (told * HOUR) / (to - from),
    most: Math.max(0, ...windows.map(({ count }) => count)),
    floods: windows.filter(({ count }) => count > FLOOD).length,
    windows: windows.map(({ name, count }) => ({ start: Number(name), count })),
    byRule: everyRule.slice(0, TOP),
    byStation: everyStation.slice(0, TOP),
    byMaker,
    byKind: summed(everyStation, names.kindOf),
    // what no rule of now speaks of was told of too: shares are of everything
    byEquipment: summed(everyRule, (rule) => names.equipmentOf(rule) ?? ''),
    chattered: chatter[0]?.count ?? 0,
    standing: standing.length,
    stale: standing.filter(({ raisedAt }) => now - raisedAt > STALE).length,
    toAcknowledge: times.rows[0]?.acknowledge ?? null,
    toClear: times.rows[0]?.clear ?? null,
  };
}

/** Counts of what belongs together, most first; what belongs nowhere is left out. */
function summed(
  counts: readonly { name: string; count: number }[],
  groupOf: (name: string) => string | undefined,
): { name: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const { name, count } of counts) {
    const group = groupOf(name);
    if (group !== undefined) sums.set(group, (sums.get(group) ?? 0) + count);
  }
  return [...sums].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}

async function counts(
  database: Database,
  sql: string,
  params: readonly unknown[],
): Promise<{ name: string; count: number }[]> {
  const { rows } = await database.query<{ name: unknown; n: string }>(sql, params);
  return rows.map(({ name, n }) => ({ name: String(name), count: Number(n) }));
}
