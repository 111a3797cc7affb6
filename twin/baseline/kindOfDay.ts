import { DAY } from '#twin/units.ts';
import { HOLIDAYS, WORKED_WEEKENDS } from './holidays.data.ts';

/** Days of which people live alike. */
export const KindOfDay = { working: 0, weekend: 1, holiday: 2 } as const;
export type KindOfDay = (typeof KindOfDay)[keyof typeof KindOfDay];

/** @param day local days since 1970-01-01 */
export function kindOfDay(day: number): KindOfDay {
  const known = kinds.get(day);
  if (known !== undefined) return known;
  const kind = lookUp(day);
  kinds.set(day, kind);
  return kind;
}

/** A city asks for the same few days again and again. */
const kinds = new Map<number, KindOfDay>();

function lookUp(day: number): KindOfDay {
  const date = new Date(day * DAY).toISOString();
  const year = Number(date.slice(0, 4));
  const ofYear = date.slice(5, 10);
  if (HOLIDAYS[year]?.some(([first, last]) => first <= ofYear && ofYear <= last)) return KindOfDay.holiday;
  if (WORKED_WEEKENDS[year]?.includes(ofYear)) return KindOfDay.working;
  // 1970-01-01 was a Thursday
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6 ? KindOfDay.weekend : KindOfDay.working;
}
