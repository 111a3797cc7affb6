import { localTime } from '#sim/calendar.ts';
import { applyControls } from '#sim/hydraulics/controls.ts';
import { applyRules } from '#sim/hydraulics/rules.ts';
import { moveTanks } from '#sim/hydraulics/tanks.ts';
import { HOUR, SECOND } from '#twin/units.ts';
import type { City } from './model.ts';

/** Times of the mains count by whole seconds. */
const TICK = 1;

/** Where an instant lies between the periods of the mains' patterns. */
export interface Period {
  /** periods since the pattern began, and share of the way to the next; of a day's first hours they may be negative */
  from: number;
  share: number;
}

/**
 * The period of an instant: START CLOCKTIME of a file is the hour of the day at which its patterns begin, PATTERN START
 * how far on they are by then. Patterns longer than a day go on over the days of a run.
 * @param back how much earlier than now, in periods
 */
export function periodAt(city: City, seconds: number, back = 0): Period {
  const { patternStep, patternStart, startClockTime } = city.model.h.times;
  const hours = patternStep / 3600;
  const { hour, day } = localTime(city.time);
  const begun = localTime(city.time - (city.mains.time + seconds) * SECOND).day;
  const past = (day - begun) * 86400;
  // Whole periods are added apart, so that the share of a step that divides a day is the same on every day, to the bit.
  const rest = past % patternStep;
  const period = (hour + (patternStart - startClockTime) / 3600) / hours + rest / patternStep - back;
  const from = Math.floor(period);
  return { from: from + Math.round((past - rest) / patternStep), share: period - from };
}

/** A pattern's value so many periods after its beginning. */
export function valueAt(pattern: ArrayLike<number>, period: number): number {
  const count = pattern.length;
  return pattern[((period % count) + count) % count]!;
}

/** Simple controls that act at the beginning of the interval that a solve stands for, or at a time within it. */
export function controlInterval(city: City, seconds: number): void {
  const { h } = city.model;
  if (h.controls.length === 0) return;
  applyControls(h, city.mains, TICK, { ahead: seconds, startClock: startClock(city, seconds) });
}

/**
 * Moves tanks and time of the mains on by the interval that a solve stands for, and obeys rules at every rule step in it,
 * by the flows of that solve.
 * @returns whether a rule changed a link: the mains have to be solved anew
 */
export function moveInterval(city: City, seconds: number): boolean {
  const { mains: s } = city;
  const { h } = city.model;
  if (h.rules.length === 0) {
    moveTanks(h, s, seconds, TICK);
    s.time += seconds;
    return false;
  }
  const { ruleStep } = h.times;
  const clock = startClock(city, seconds);
  const end = s.time + seconds;
  let acted = false;
  while (s.time < end) {
    const next = (Math.floor(s.time / ruleStep) + 1) * ruleStep;
    const until = Math.min(next, end);
    moveTanks(h, s, until - s.time, TICK);
    s.time = until;
    if (until === next && applyRules(h, s, ruleStep, TICK, clock)) acted = true;
  }
  return acted;
}

/** Local time of day at which the run of the mains began, s: what CLOCKTIME counts from, whenever a run begins. */
function startClock({ time, mains }: City, seconds: number): number {
  const { hour } = localTime(time - seconds * SECOND);
  const begun = Math.round((hour * HOUR) / SECOND) - mains.time;
  return ((begun % 86400) + 86400) % 86400;
}
