import { MINUTE } from '#twin/units.ts';
import { type Scale, stepsOf } from '#twin/wire/frame.ts';

/**
 * Several values of a point may state one time: clocks count in seconds, or stand still. Each has its place, since the
 * history knows a value by its point and time. This is where the newest of such a point stands; times in ms since epoch.
 */
export interface Moved {
  /** what the newest value stated, and when the first came beside another that states the same */
  stated: number;
  since: number;
  /** where the newest value stands */
  last: number;
}

/** No clock counts in larger steps: one that states a time for longer stands still. */
const COARSEST_MS = MINUTE;

/** What a value that states `time` has to be as new as, to be newer than the newest of its point. */
export const newestStated = ({ stated, last }: Moved, time: number): number =>
  time === stated || last - time < COARSEST_MS ? stated : last;

/** Where a value stands that finds its time taken: at the next that is free, or at its arrival where the clock stands still. */
export function beside(before: Moved | undefined, stated: number, known: number, now: number): Moved {
  const since = before?.stated === stated ? before.since : now;
  const place = { stated, since, last: known + 1 };
  return standsStill(place, now) && now > known ? { ...place, last: now } : place;
}

/** Whether a clock has stated one time for so long that it stands still: what it states says nothing any more. */
export const standsStill = (moved: Moved | undefined, now: number): boolean =>
  moved !== undefined && now - moved.since > COARSEST_MS;

/** Whether the history tells two values of a point apart. */
export const isSame = (one: number, other: number, scale: Scale): boolean =>
  Object.is(one, other) || stepsOf(one, scale) === stepsOf(other, scale);
