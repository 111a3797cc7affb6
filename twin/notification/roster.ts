import { DAY, MINUTE } from '#twin/units.ts';
import { type GroupText, type ShiftText, WEEKDAYS } from './file.ts';

/** Who is on duty when. */
export interface Group {
  shifts: Shift[];
  /** told when no shift is on */
  otherwise: string[];
}

export interface Shift {
  channels: string[];
  /** from the start of the day it begins on, ms; `to` lies after `from`, in the next day perhaps */
  from: number;
  to: number;
  /** Monday is 0; empty: every day */
  days: ReadonlySet<number>;
  /** `first`: number of the cycle's first day since 1970-01-01; `on` counts from 0 */
  cycle: { first: number; of: number; on: ReadonlySet<number> } | null;
}

export const groupOf = ({ shifts, otherwise = [] }: GroupText): Group => ({
  shifts: shifts.map(shiftOf),
  otherwise: [...otherwise],
});

/** Channels on duty at `time` (ms since epoch), each once; `zoneOffset` in ms makes local days of it. */
export function onDuty({ shifts, otherwise }: Group, time: number, zoneOffset: number): string[] {
  const local = time + zoneOffset;
  const day = Math.floor(local / DAY);
  const on = shifts.filter((shift) => covers(shift, local, day) || covers(shift, local, day - 1));
  return on.length > 0 ? [...new Set(on.flatMap(({ channels }) => channels))] : otherwise;
}

/** Whether the shift that begins on day `day` (since 1970-01-01) is on. */
function covers({ from, to, days, cycle }: Shift, local: number, day: number): boolean {
  const at = local - day * DAY;
  if (at < from || at >= to) return false;
  if (days.size > 0 && !days.has(weekdayOf(day))) return false;
  if (!cycle) return true;
  const since = day - cycle.first;
  return cycle.on.has(((since % cycle.of) + cycle.of) % cycle.of);
}

/** 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

function shiftOf({ channels, from, to, days = [], cycle }: ShiftText): Shift {
  const begins = clockOf(from);
  const ends = clockOf(to);
  return {
    channels: [...channels],
    from: begins,
    to: ends > begins ? ends : ends + DAY,
    days: new Set(days.map((day) => WEEKDAYS.indexOf(day))),
    cycle: cycle
      ? {
          first: Date.parse(`${cycle.start}T00:00:00Z`) / DAY,
          of: cycle.of,
          on: new Set(cycle.on.map((day) => day - 1)),
        }
      : null,
  };
}

/** `08:30` → ms since the start of the day. */
function clockOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return (hours! * 60 + minutes!) * MINUTE;
}

/** Days that are looked through for a gap: cycles may take long to come round together. */
const MOST_DAYS = 2 * 366;

/**
 * The first time of the roster at which nobody is on duty, as weekday and minutes since midnight; null when somebody
 * always is.
 */
export function gapIn(
  group: Group,
): { day: number; weekday: (typeof WEEKDAYS)[number]; minute: number } | null {
  if (group.otherwise.length > 0) return null;
  const cycles = group.shifts.flatMap(({ cycle }) => cycle ?? []);
  // from the Monday before the first cycle begins
  const begin = Math.min(...cycles.map(({ first }) => first), Number.POSITIVE_INFINITY);
  const first = Number.isFinite(begin) ? begin - weekdayOf(begin) : 4;
  const length = Math.min(MOST_DAYS, 7 * cycles.reduce((all, { of }) => leastCommon(all, of), 1));
  // somebody comes or goes only at these times
  const times = [...new Set([0, ...group.shifts.flatMap(({ from, to }) => [from, to % DAY])])].sort(
    (a, b) => a - b,
  );
  for (let day = first; day < first + length; day++)
    for (const time of times)
      if (onDuty(group, day * DAY + time, 0).length === 0)
        return { day, weekday: WEEKDAYS[weekdayOf(day)]!, minute: time / MINUTE };
  return null;
}

function leastCommon(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
