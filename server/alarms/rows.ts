import type { AlarmState } from '#twin/alarm/alarm.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { Occurrence } from './occurrence.ts';

/** Columns of table `alarm` but why it was raised, as `occurrenceOf` reads them. */
export const OCCURRENCE_COLUMNS =
  'id, rule, station, spot, priority, state, active, chattering, cause, district, supply_zone, maker, raised_at, told_at, late, cleared_at, acknowledged_at, acknowledged_by, ended_at';

/** The others, as `whyOf` reads them. */
export const WHY_COLUMNS = 'evidence, diagnosis, suspects';

export const whyOf = ({ evidence, diagnosis, suspects }: Record<string, unknown>) =>
  ({ evidence, diagnosis, suspects }) as Pick<Occurrence, 'evidence' | 'diagnosis' | 'suspects'>;

const numberOr = (value: unknown): number | null => (value === null ? null : Number(value));

/** A row of table `alarm`; int8 arrives as text. */
export const occurrenceOf = (row: Record<string, unknown>): AlarmSummary => ({
  id: Number(row.id),
  rule: String(row.rule),
  station: String(row.station),
  spot: String(row.spot),
  priority: Number(row.priority),
  state: row.state as AlarmState | 'normal',
  active: row.active === true,
  chattering: row.chattering === true,
  cause: numberOr(row.cause),
  district: String(row.district),
  supplyZone: String(row.supply_zone),
  maker: String(row.maker),
  raisedAt: Number(row.raised_at),
  toldAt: numberOr(row.told_at),
  late: row.late === true,
  clearedAt: numberOr(row.cleared_at),
  acknowledgedAt: numberOr(row.acknowledged_at),
  acknowledgedBy: row.acknowledged_by === null ? null : String(row.acknowledged_by),
  endedAt: numberOr(row.ended_at),
});

export const columnsOf = (occurrence: Occurrence): Record<string, unknown> => ({
  ...occurrence,
  supply_zone: occurrence.supplyZone,
  raised_at: occurrence.raisedAt,
  told_at: occurrence.toldAt,
  cleared_at: occurrence.clearedAt,
  acknowledged_at: occurrence.acknowledgedAt,
  acknowledged_by: occurrence.acknowledgedBy,
  ended_at: occurrence.endedAt,
});
