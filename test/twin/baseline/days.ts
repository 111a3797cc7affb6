import { emptyProfile, learnHour, type Profile } from '#twin/baseline/profile.ts';
import { DAY, HOUR } from '#twin/units.ts';

/** Monday 2026-03-02, local: no holiday within a month. */
export const MONDAY = Date.UTC(2026, 2, 2);
/** of a working day and of a weekend, m³/h */
export const WORKING = [
  4, 3, 2, 2, 2, 5, 12, 18, 15, 11, 10, 11, 13, 10, 8, 8, 9, 12, 16, 19, 22, 22, 19, 12,
];
export const WEEKEND = WORKING.map((flow, hour) => (hour < 9 ? 0.6 * flow : 1.2 * flow));

/** `hour`: since MONDAY */
export type DayByDay = (hour: number, expected: number) => number;

export const isWeekend = (hour: number): boolean => Math.floor(hour / 24) % 7 >= 5;
export const expectedAt = (hour: number): number => (isWeekend(hour) ? WEEKEND : WORKING)[hour % 24]!;

/** A profile that has lived through hours since MONDAY. */
export function lived(days: number, value: DayByDay, profile: Profile = emptyProfile()): Profile {
  for (let hour = 0; hour < 24 * days; hour++)
    learnHour(profile, { hour: MONDAY / HOUR + hour, mean: value(hour, expectedAt(hour)) });
  return profile;
}

/** The middle of an hour of a day since MONDAY, local ms. */
export const middleOf = (day: number, hour: number): number => MONDAY + day * DAY + (hour + 0.5) * HOUR;
