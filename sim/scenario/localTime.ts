import { HOUR, MINUTE } from '#twin/units.ts';

const FORM = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d)$/;
/** China has one time all year. */
const AHEAD = 8 * HOUR;

/** ms since epoch of a local time such as `2026-11-18 07:00`; undefined when there is no such minute. */
export function localTimeOf(text: string): number | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year, month, day, hour, minute] = parts as [number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute) - AHEAD;
  return localText(time) === text ? time : undefined;
}

/** `2026-11-18 07:00` of a time in ms since epoch. */
export function localText(time: number): string {
  const text = new Date(Math.floor(time / MINUTE) * MINUTE + AHEAD).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
