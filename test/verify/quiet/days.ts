import { DAY, HOUR } from '#twin/units.ts';

/** A day that rooms live through. */
export interface QuietDay {
  name: string;
  /** local midnight, ms since epoch */
  start: number;
  /** demand against an ordinary day of the season, °C above it */
  demand: number;
  warmer: number;
}

/** Local midnight in UTC+8. @param month 1 = January */
const midnight = (month: number, day: number) => Date.UTC(2026, month - 1, day) - 8 * HOUR;

/**
 * A day of heat against others of its season. Xiamen's record, 1.733 million m³ on 2022-07-26, is 1.23 to 1.28 times a mean
 * day of its years; July is 1.11 times a mean day already (`sim/demand/profile.ts`).
 */
const HEAT = 1.15;

/** Ordinary days in the order they are lived; after the last the first again, a week later. */
const DAYS: readonly QuietDay[] = [
  { name: 'weekday', start: midnight(11, 18), demand: 1, warmer: 0 },
  { name: 'saturday', start: midnight(11, 21), demand: 1, warmer: 0 },
  { name: 'heat wave', start: midnight(7, 22), demand: HEAT, warmer: 3 },
  // the Sunday of the Spring Festival: many have gone home, hours are those of a free day
  { name: 'spring festival', start: midnight(2, 22), demand: 0.7, warmer: 0 },
  { name: 'monday', start: midnight(4, 13), demand: 1, warmer: 0 },
  // a Sunday within the week of National Day: visitors make up for those who travel
  { name: 'national day', start: midnight(10, 4), demand: 1.1, warmer: 0 },
  { name: 'heat wave, sunday', start: midnight(8, 16), demand: HEAT, warmer: 4 },
  { name: 'cold day', start: midnight(1, 14), demand: 1, warmer: -6 },
];

/** @param n from 0 */
export function quietDay(n: number): QuietDay {
  const day = DAYS[n % DAYS.length]!;
  return { ...day, start: day.start + 7 * DAY * Math.floor(n / DAYS.length) };
}
