import { type LocalTime, localTime } from '#sim/calendar.ts';
import { hashNormal } from '#sim/random.ts';
import { demandPatterns } from '#twin/demand/patterns.data.ts';
import { MEAN_FLOW_PER_HOME } from './pulses.ts';

/** How demand swings around its yearly mean. */
export interface DemandProfile {
  weekday: readonly number[];
  weekend: readonly number[];
  /** standard deviation of a day's and of an hour's factor */
  daySd: number;
  hourSd: number;
  /** belongs to one station: equal seeds have equal days */
  seed: number;
}

/** Share of the yearly mean by month, January first: a warm coastal city (engineering values for Xiamen). */
const MONTH_FACTOR = [0.92, 0.86, 0.93, 0.98, 1.02, 1.06, 1.11, 1.11, 1.08, 1.03, 0.97, 0.93];
/** Offices and schools keep a remainder at weekends. */
const WEEKEND_SHARE: Readonly<Record<string, number>> = { OFFICE: 0.35, SCHOOL: 0.3 };
const DAY_SD = 0.04;
/** of the hourly factor at 500 homes; it falls with the root of their number */
const HOUR_SD_500 = 0.06;
const HOUR_SD_MAX = 0.3;
/** Streams of the noise. */
const DAILY = 0;
const HOURLY = 1;

/**
 * The profile of a station.
 * @param pattern a name of twin/demand with or without its day type (`RES_HIGH`, `RES_HIGH_weekday`)
 * @param meanFlow m³/h
 * @throws RangeError on an unknown pattern
 */
export function demandProfile(pattern: string, meanFlow: number, seed: number): DemandProfile {
  const family = pattern.replace(/_(weekday|weekend|day)$/, '');
  const weekday =
    demandPatterns[`${family}_weekday`] ?? demandPatterns[`${family}_day`] ?? demandPatterns[family];
  if (!weekday) throw new RangeError(`demand pattern "${pattern}" is not in the catalogue`);
  const share = WEEKEND_SHARE[family];
  const weekend = demandPatterns[`${family}_weekend`] ?? (share ? weekday.map((m) => m * share) : weekday);
  const homes = Math.max(1, meanFlow / MEAN_FLOW_PER_HOME);
  const hourSd = Math.min(HOUR_SD_MAX, HOUR_SD_500 * Math.sqrt(500 / homes));
  return { weekday, weekend, daySd: DAY_SD, hourSd, seed };
}

/** Expected demand at an instant as a multiple of the yearly mean. @param time ms since epoch */
export function demandFactor(profile: DemandProfile, time: number): number {
  return demandFactorAt(profile, localTime(time));
}

/** The same for a time already split into its parts. */
export function demandFactorAt(profile: DemandProfile, now: LocalTime): number {
  const hours = now.weekend ? profile.weekend : profile.weekday;
  // linear between the middles of two hours, across midnight
  const middle = now.hour - 0.5;
  const from = Math.floor(middle);
  const share = middle - from;
  const shape = hours[(from + 24) % 24]! * (1 - share) + hours[(from + 1) % 24]! * share;
  const hour = now.day * 24 + from;
  const noise =
    hashNormal(profile.seed, hour, HOURLY) * (1 - share) + hashNormal(profile.seed, hour + 1, HOURLY) * share;
  const hourly = Math.max(0.2, 1 + profile.hourSd * noise);
  return shape * hourly * dayFactor(profile, now.day) * monthFactor(now.month);
}

/** Mean demand of a month as a multiple of the yearly mean. @param month 0 = January */
export function monthFactor(month: number): number {
  return MONTH_FACTOR[month]!;
}

/** Consecutive days resemble each other: a moving average of three independent draws. */
function dayFactor({ seed, daySd }: DemandProfile, day: number): number {
  const draws =
    hashNormal(seed, day, DAILY) + hashNormal(seed, day - 1, DAILY) + hashNormal(seed, day - 2, DAILY);
  return Math.max(0.5, 1 + (daySd * draws) / Math.sqrt(3));
}
