import { DAY, HOUR } from '#twin/units.ts';

/** China Standard Time, UTC+8 the whole year. */
const CHINA_STANDARD_TIME = 8 * HOUR;

/** Local date parts of an instant. */
export interface LocalTime {
  /** days since 1970-01-01, local */
  day: number;
  /** hours since local midnight, [0, 24) */
  hour: number;
  /** 0 = January */
  month: number;
  /** days since 1 January, from 0, with fraction */
  dayOfYear: number;
  weekend: boolean;
}

/** @param time ms since epoch */
export function localTime(time: number, offset = CHINA_STANDARD_TIME): LocalTime {
  const local = time + offset;
  const day = Math.floor(local / DAY);
  const date = new Date(local);
  // 1970-01-01 was a Thursday
  const weekday = (((day + 4) % 7) + 7) % 7;
  return {
    day,
    hour: (local - day * DAY) / HOUR,
    month: date.getUTCMonth(),
    dayOfYear: (local - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY,
    weekend: weekday === 0 || weekday === 6,
  };
}
