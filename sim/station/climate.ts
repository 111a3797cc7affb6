import type { LocalTime } from '#sim/calendar.ts';

/** A humid subtropical coast: monthly means of Xiamen, engineering values. Temperatures in °C. */
const AIR = { mean: 21.3, swing: 7.6, warmest: 208, daily: 3.2, warmestHour: 14.5 };
/** Water of the mains: 14 °C in February, 29 °C in August. */
const WATER = { mean: 21.5, swing: 7.2, warmest: 222 };

/** Air temperature of an ordinary day, °C. */
export function airTemperature(now: LocalTime): number {
  return (
    AIR.mean +
    AIR.swing * yearly(now.dayOfYear, AIR.warmest) +
    AIR.daily * Math.cos((2 * Math.PI * (now.hour - AIR.warmestHour)) / 24)
  );
}

/** Temperature of the water in the mains, °C. */
export function waterTemperature(now: LocalTime): number {
  return WATER.mean + WATER.swing * yearly(now.dayOfYear, WATER.warmest);
}

function yearly(dayOfYear: number, warmest: number): number {
  return Math.cos((2 * Math.PI * (dayOfYear - warmest)) / 365.25);
}
