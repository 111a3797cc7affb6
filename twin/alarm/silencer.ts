import { DAY } from '#twin/units.ts';
import type { Alarm } from './alarm.ts';

/** Somebody's decision that alarms are not told for a while: a shelf, or equipment out of service. */
export interface Silencer {
  kind: 'shelved' | 'outOfService';
  station: string;
  /** null: every rule at the station */
  rule: string | null;
  /** the pump set or pump of one alarm, '' of the station's own; absent: everywhere at the station */
  spot?: string | undefined;
  /** ms since epoch; null only for what is out of service */
  until: number | null;
  /** ends with the next return to normal, at `until` at the latest */
  oneShot: boolean;
  by: string;
  /** for what is out of service: the work order too */
  reason: string;
}

/** Nothing is shelved for longer: what is forgotten on a shelf comes back. */
export const LONGEST_SHELF = DAY;

/** What is wrong with a silencer, or null. */
export function refuseSilencer({ kind, until, by, reason }: Silencer, now: number): string | null {
  if (by.trim() === '') return 'somebody must answer for it: a name is missing';
  if (reason.trim() === '') return 'a reason is missing';
  if (kind === 'outOfService') return null;
  if (until === null || !(until > now)) return 'a shelf needs an end in the future';
  return until - now > LONGEST_SHELF ? 'nothing is shelved for longer than a day' : null;
}

export const concerns = (
  silencer: Silencer,
  { rule, station, spot }: Pick<Alarm, 'rule' | 'station' | 'spot'>,
): boolean =>
  silencer.station === station &&
  (silencer.rule === null || silencer.rule === rule) &&
  (silencer.spot === undefined || silencer.spot === spot);

/** Whether two are of one kind for the same alarms: the later takes the place of the earlier. */
export const isSameSilence = (a: SilencedPlace, b: SilencedPlace): boolean =>
  a.kind === b.kind && a.station === b.station && a.rule === b.rule && a.spot === b.spot;

export type SilencedPlace = Pick<Silencer, 'kind' | 'station' | 'rule' | 'spot'>;
