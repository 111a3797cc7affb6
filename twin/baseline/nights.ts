import type { PastHour } from './hourMean.ts';
import { fromPlain, median, nothingYet, plain, remember } from './recent.ts';

/**
 * The least hour of each of the last 28 nights. Between one and five in the morning people sleep, and what still flows
 * is mostly lost (the window of minimum night flow: Thornton et al., Water Loss Control).
 */
export interface Nights {
  readonly nights: Float32Array;
  /** of the night that runs: its day, hours seen, the least of them */
  day: number;
  seen: number;
  least: number;
}

const NIGHTS = 28;
const FROM = 1;
const TO = 5;
/** Of a night of which fewer hours are known nothing is learnt; of fewer nights nothing is usual. */
const LEAST_HOURS = 3;
const LEAST_NIGHTS = 3;

export const noNights = (): Nights => ({
  nights: nothingYet(NIGHTS),
  day: -1,
  seen: 0,
  least: Number.POSITIVE_INFINITY,
});

/** Takes an hour, in the order of time. */
export function learnNightHour(nights: Nights, { hour, mean }: PastHour): void {
  const day = Math.floor(hour / 24);
  const ofDay = hour - 24 * day;
  if (nights.day !== day || ofDay >= TO) endNight(nights);
  if (ofDay < FROM || ofDay >= TO) return;
  nights.day = day;
  nights.seen++;
  nights.least = Math.min(nights.least, mean);
  if (ofDay === TO - 1) endNight(nights);
}

function endNight(nights: Nights): void {
  if (nights.seen >= LEAST_HOURS) remember(nights.nights, 0, NIGHTS, nights.least);
  nights.day = -1;
  nights.seen = 0;
  nights.least = Number.POSITIVE_INFINITY;
}

/** The least flow of the last night that was seen; NaN before the first. */
export const lastNight = ({ nights }: Nights): number => nights[NIGHTS - 1]!;

/** The median of the nights; NaN while there are too few. */
export const usualNight = ({ nights }: Nights): number => median(nights, 0, NIGHTS, LEAST_NIGHTS);

/** Nights as plain data. */
export interface SavedNights {
  nights: (number | null)[];
  day: number;
  seen: number;
  least: number | null;
}

export const saveNights = ({ nights, day, seen, least }: Nights): SavedNights => ({
  nights: plain(nights),
  day,
  seen,
  least: seen > 0 ? least : null,
});

export const loadNights = ({ nights, day, seen, least }: SavedNights): Nights => ({
  nights: fromPlain(nights, NIGHTS),
  day,
  seen,
  least: least ?? Number.POSITIVE_INFINITY,
});
