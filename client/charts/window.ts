import { DAY, MINUTE } from '#twin/units.ts';

/** Width of a bucket of the day's charts: the spacing of back-filled values, so that none falls between. */
export const BUCKET = 5 * MINUTE;

export interface ChartWindow {
  from: number;
  to: number;
  buckets: number;
}

/** The last 24 hours in whole buckets; the same for five minutes, so that requests can be shared. */
export function dayWindow(now: number): ChartWindow {
  const to = Math.ceil(now / BUCKET) * BUCKET;
  return { from: to - DAY, to, buckets: DAY / BUCKET };
}
