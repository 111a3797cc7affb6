import { DAY, MINUTE } from '#twin/units.ts';

/** Where in time the viewer stands: live, or a past minute (its start, ms since epoch). */
export type Moment = number | 'live';

/** The earliest minute that can be shown. */
export const earliest = (now: number): number => minuteOf(now - DAY) + MINUTE;

export const minuteOf = (time: number): number => Math.floor(time / MINUTE) * MINUTE;

/** The minute at a share (0…1) of the last 24 hours; the right end is live. */
export function momentAt(share: number, now: number): Moment {
  const from = earliest(now);
  return settle(minuteOf(from + share * (now - from)), now);
}

/** Steps by minutes; past the newest whole minute it is live, before the first it stays there. */
export function step(moment: Moment, minutes: number, now: number): Moment {
  const from = moment === 'live' ? minuteOf(now) : moment;
  return settle(from + minutes * MINUTE, now);
}

/** Where a moment lies on the bar, 0…1. */
export function shareOf(moment: Moment, now: number): number {
  if (moment === 'live') return 1;
  const from = earliest(now);
  return Math.min(1, Math.max(0, (moment - from) / (now - from)));
}

/** Full hours between the ends of the bar, every `every` hours counted in the zone's own hours. */
export function hourMarks(now: number, every: number, hourOf: (time: number) => number): number[] {
  const hour = 60 * MINUTE;
  const marks: number[] = [];
  for (let time = Math.ceil(earliest(now) / hour) * hour; time <= now; time += hour) {
    if (hourOf(time) % every === 0) marks.push(time);
  }
  return marks;
}

/** What a key does on the page: another moment, or nothing. */
export function momentByKey(key: string, shift: boolean, moment: Moment, now: number): Moment | undefined {
  if (key === 'ArrowLeft') return step(moment, shift ? -10 : -1, now);
  if (key === 'ArrowRight') return step(moment, shift ? 10 : 1, now);
  if (key === 'Home') return earliest(now);
  if (key === 'End' || key === 'l' || key === 'L') return 'live';
  return undefined;
}

function settle(minute: number, now: number): Moment {
  if (minute >= minuteOf(now)) return 'live';
  return Math.max(minute, earliest(now));
}
