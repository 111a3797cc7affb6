import type { TemplatePoint } from '#twin/catalogue/template.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

/**
 * What one sensor's last values were, as far as cleaning needs them. Five values make the median and the
 * spread that a spike is measured against.
 */
export interface CleaningMemory {
  /** the last five accepted values, oldest overwritten */
  recent: Float64Array;
  seen: number;
  /** the value that has not moved, and since when */
  still: number;
  stillSince: number;
  /** a spike was seen just before: a second value near it means the process really stepped */
  suspect: number;
}

export const freshMemory = (): CleaningMemory => ({
  recent: new Float64Array(WINDOW),
  seen: 0,
  still: Number.NaN,
  stillSince: 0,
  suspect: Number.NaN,
});

const WINDOW = 5;
/** A lively sensor that repeats itself to a third of its resolution for this long is frozen. */
const FROZEN_AFTER = 30 * MINUTE;
/** Spike: further than this many median absolute deviations from the median (Leys et al. 2013 use 2.5–3; 6 keeps pump starts). */
const SPIKE_MADS = 6;
/** The spread of a quiet signal is at least this share of the sensor's range, else its own noise would be spikes. */
const LEAST_SPREAD = 0.01;

/**
 * The quality of a value that was measured at `time`, and the memory brought up to date.
 * Order of the checks: no number, range, spike, frozen.
 */
export function clean(
  memory: CleaningMemory,
  point: TemplatePoint,
  value: number,
  time: number,
): QualityCode {
  if (!Number.isFinite(value)) return Quality.bad;
  if (value < point.min || value > point.max) return Quality.outOfRange;
  if (point.type !== 'analog' || !point.lively) return Quality.good;
  if (isSpike(memory, point, value)) return Quality.spike;
  accept(memory, value);
  return isFrozen(memory, point, value, time) ? Quality.frozen : Quality.good;
}

function isSpike(memory: CleaningMemory, point: TemplatePoint, value: number): boolean {
  if (memory.seen < WINDOW) return false;
  const leastSpread = Math.max(LEAST_SPREAD * (point.max - point.min), point.resolution);
  const step = Math.abs(value - memory.recent[(memory.seen - 1) % WINDOW]!);
  // what is near the value accepted just before is no spike: the median lags behind a step by two values. Nearly every
  // value is so near that it is whatever the spread
  if (step <= SPIKE_MADS * leastSpread) {
    memory.suspect = Number.NaN;
    return false;
  }
  const middle = median(memory.recent);
  for (let i = 0; i < WINDOW; i++) deviations[i] = Math.abs(memory.recent[i]! - middle);
  const near = SPIKE_MADS * Math.max(median(deviations), leastSpread);
  if (step <= near || Math.abs(value - middle) <= near) {
    memory.suspect = Number.NaN;
    return false;
  }
  if (Math.abs(value - memory.suspect) <= near) {
    memory.suspect = Number.NaN;
    memory.seen = 0;
    return false;
  }
  memory.suspect = value;
  return true;
}

function isFrozen(memory: CleaningMemory, point: TemplatePoint, value: number, time: number): boolean {
  if (!(Math.abs(value - memory.still) < point.resolution / 3)) {
    memory.still = value;
    memory.stillSince = time;
    return false;
  }
  return time - memory.stillSince > FROZEN_AFTER;
}

function accept(memory: CleaningMemory, value: number): void {
  memory.recent[memory.seen % WINDOW] = value;
  memory.seen++;
}

const deviations = new Float64Array(WINDOW);
const sorted = new Float64Array(WINDOW);

function median(values: Float64Array): number {
  sorted.set(values);
  // five values: insertion sort beats the library's
  for (let i = 1; i < WINDOW; i++) {
    const value = sorted[i]!;
    let at = i - 1;
    for (; at >= 0 && sorted[at]! > value; at--) sorted[at + 1] = sorted[at]!;
    sorted[at + 1] = value;
  }
  return sorted[WINDOW >> 1]!;
}
