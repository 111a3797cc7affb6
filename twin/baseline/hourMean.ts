import { HOUR } from '#twin/units.ts';

/** The mean of an hour that is not over yet. */
export interface HourMean {
  /** local hours since 1970-01-01; NaN before the first value */
  hour: number;
  sum: number;
  count: number;
}

/** An hour that is over, of which enough was seen. */
export interface PastHour {
  hour: number;
  mean: number;
}

export const noHour = (): HourMean => ({ hour: Number.NaN, sum: 0, count: 0 });

/** A value a minute is expected; of less than half an hour nothing is learnt. */
const LEAST_VALUES = 30;

/**
 * Takes a value, NaN when it is not known, and gives the hour that ended with it. What is older than the hour that runs
 * is left out.
 * @param local ms since epoch plus the offset of the local time
 */
export function addValue(open: HourMean, local: number, value: number): PastHour | null {
  const hour = Math.floor(local / HOUR);
  if (hour < open.hour) return null;
  let past: PastHour | null = null;
  if (hour !== open.hour) {
    if (open.count >= LEAST_VALUES) past = { hour: open.hour, mean: open.sum / open.count };
    open.hour = hour;
    open.sum = 0;
    open.count = 0;
  }
  if (Number.isNaN(value)) return past;
  open.sum += value;
  open.count++;
  return past;
}

/** An hour as plain data. */
export interface SavedHour {
  hour: number | null;
  sum: number;
  count: number;
}

export const saveHour = (open: HourMean): SavedHour => ({
  ...open,
  hour: Number.isNaN(open.hour) ? null : open.hour,
});

export const loadHour = (saved: SavedHour): HourMean => ({ ...saved, hour: saved.hour ?? Number.NaN });
