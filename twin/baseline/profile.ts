import { HOUR } from '#twin/units.ts';
import {
  addValue,
  type HourMean,
  loadHour,
  noHour,
  type PastHour,
  type SavedHour,
  saveHour,
} from './hourMean.ts';
import { KindOfDay, kindOfDay } from './kindOfDay.ts';
import { fromPlain, median, nothingYet, plain, remember, spreadAround } from './recent.ts';

/**
 * What a value usually is, by hour and kind of day: the means of that hour on the last seven days of the kind. Their
 * median does not move with up to three days that were unlike the others.
 */
export interface Profile {
  /** by kind of day, hour and day: DAYS of each */
  readonly hours: Float32Array;
  readonly open: HourMean;
  /** how much more or less than usual it was of late, as a factor */
  level: number;
  /** the hour the level is of */
  levelHour: number;
}

const DAYS = 7;
const KINDS = 3;
/** Fewer days say nothing. */
const LEAST_DAYS = 3;
/** How fast the level follows an hour, and how far one hour may pull it. */
const LEVEL_SHARE = 0.3;
const LEVEL_LEAST = 0.5;
const LEVEL_MOST = 2;

export const emptyProfile = (): Profile => ({
  hours: nothingYet(KINDS * 24 * DAYS),
  open: noHour(),
  level: 1,
  levelHour: Number.NaN,
});

/** Takes a value, NaN when it is not known; gives the hour that ended with it. @param local local time, ms */
export function learnValue(profile: Profile, local: number, value: number): PastHour | null {
  const past = addValue(profile.open, local, value);
  if (past) learnHour(profile, past);
  return past;
}

/** Takes the mean of an hour. */
export function learnHour(profile: Profile, { hour, mean }: PastHour): void {
  const usual = usualOf(profile, hour);
  if (usual > 0) {
    const ratio = Math.min(LEVEL_MOST, Math.max(LEVEL_LEAST, mean / usual));
    profile.level += LEVEL_SHARE * (ratio - profile.level);
    profile.levelHour = hour;
  }
  const start = DAYS * slotOf(hour);
  remember(profile.hours, start, start + DAYS, mean);
}

/** What is usual at an instant, between the middles of two hours; NaN while too little is known. */
export function usualAt(profile: Profile, local: number): number {
  const middle = local / HOUR - 0.5;
  const before = Math.floor(middle);
  const share = middle - before;
  const from = usualOf(profile, before);
  const to = usualOf(profile, before + 1);
  // a beginning: of two hours one is known
  if (Number.isNaN(from)) return share >= 0.5 ? to : Number.NaN;
  if (Number.isNaN(to)) return share < 0.5 ? from : Number.NaN;
  return from + share * (to - from);
}

/** How far the mean of such an hour usually is from what is usual, as a standard deviation; NaN as above. */
export function spreadAt({ hours }: Profile, local: number): number {
  const slot = knownSlot(hours, slotOf(Math.floor(local / HOUR)));
  if (slot < 0) return Number.NaN;
  const midnight = slot - (slot % 24);
  // the hours beside it have the same weather and the same people: three times as many days
  for (let i = 0; i < 3; i++) {
    const start = DAYS * (midnight + ((slot - midnight + i + 23) % 24));
    const centre = median(hours, start, start + DAYS, LEAST_DAYS);
    for (let day = 0; day < DAYS; day++) around[DAYS * i + day] = hours[start + day]! - centre;
  }
  return spreadAround(around, 0, around.length, 0, LEAST_DAYS);
}

const around = new Float32Array(3 * DAYS);

/** The median of an hour. */
function usualOf({ hours }: Profile, hour: number): number {
  const slot = knownSlot(hours, slotOf(hour));
  return slot < 0 ? Number.NaN : median(hours, DAYS * slot, DAYS * (slot + 1), LEAST_DAYS);
}

const slotOf = (hour: number): number => 24 * kindOfDay(Math.floor(hour / 24)) + (((hour % 24) + 24) % 24);

/** The slot when enough days of it are known, −1 when not; a holiday that is not yet known is like a weekend. */
function knownSlot(hours: Float32Array, slot: number): number {
  if (!Number.isNaN(hours[DAYS * (slot + 1) - LEAST_DAYS]!)) return slot;
  return slot < 24 * KindOfDay.holiday ? -1 : knownSlot(hours, slot - 24);
}

/** A profile as plain data. */
export interface SavedProfile {
  hours: (number | null)[];
  open: SavedHour;
  level: number;
  levelHour: number | null;
}

export const saveProfile = ({ hours, open, level, levelHour }: Profile): SavedProfile => ({
  hours: plain(hours),
  open: saveHour(open),
  level,
  levelHour: Number.isNaN(levelHour) ? null : levelHour,
});

export const loadProfile = ({ hours, open, level, levelHour }: SavedProfile): Profile => ({
  hours: fromPlain(hours, KINDS * 24 * DAYS),
  open: loadHour(open),
  level,
  levelHour: levelHour ?? Number.NaN,
});
