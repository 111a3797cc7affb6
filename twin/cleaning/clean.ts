import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

/**
 * What the last values of a station's sensors were, as far as cleaning needs them: `FIELDS` numbers a point, in the
 * order of its template. One array a station: what is cleaned together lies together.
 */
export type CleaningMemory = Float64Array;

/** Values that make the median and the spread that a spike is measured against. */
const WINDOW = 5;
/** Of a point: the last accepted values, the oldest overwritten, from its beginning on; and then */
const SEEN = WINDOW;
/** the value that has not moved, and since when; */
const STILL = WINDOW + 1;
const STILL_SINCE = WINDOW + 2;
/** a spike that was seen just before: a second value near it means the process really stepped. */
const SUSPECT = WINDOW + 3;
const FIELDS = WINDOW + 4;

/** Of a station that was not heard yet. */
export function freshMemory({ points }: Pick<Template, 'points'>): CleaningMemory {
  const memory = new Float64Array(FIELDS * points.length);
  for (let at = 0; at < memory.length; at += FIELDS) {
    memory[at + STILL] = Number.NaN;
    memory[at + SUSPECT] = Number.NaN;
  }
  return memory;
}

/** A lively sensor that repeats itself to a third of its resolution for this long is frozen. */
const FROZEN_AFTER = 30 * MINUTE;
/** Spike: further than this many median absolute deviations from the median (Leys et al. 2013 use 2.5–3; 6 keeps pump starts). */
const SPIKE_MADS = 6;
/** The spread of a quiet signal is at least this share of the sensor's range, else its own noise would be spikes. */
const LEAST_SPREAD = 0.01;

/**
 * The quality of a value of a point that was measured at `time`, and the memory brought up to date.
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
  const at = FIELDS * point.index;
  if (isSpike(memory, at, point, value)) return Quality.spike;
  accept(memory, at, value);
  return isFrozen(memory, at, point, value, time) ? Quality.frozen : Quality.good;
}

function isSpike(memory: CleaningMemory, at: number, point: TemplatePoint, value: number): boolean {
  const seen = memory[at + SEEN]!;
  if (seen < WINDOW) return false;
  const leastSpread = Math.max(LEAST_SPREAD * (point.max - point.min), point.resolution);
  const step = Math.abs(value - memory[at + ((seen - 1) % WINDOW)]!);
  // what is near the value accepted just before is no spike: the median lags behind a step by two values. Nearly every
  // value is so near that it is whatever the spread
  if (step <= SPIKE_MADS * leastSpread) {
    memory[at + SUSPECT] = Number.NaN;
    return false;
  }
  for (let i = 0; i < WINDOW; i++) recent[i] = memory[at + i]!;
  const middle = median(recent);
  for (let i = 0; i < WINDOW; i++) deviations[i] = Math.abs(recent[i]! - middle);
  const near = SPIKE_MADS * Math.max(median(deviations), leastSpread);
  if (step <= near || Math.abs(value - middle) <= near) {
    memory[at + SUSPECT] = Number.NaN;
    return false;
  }
  if (Math.abs(value - memory[at + SUSPECT]!) <= near) {
    memory[at + SUSPECT] = Number.NaN;
    memory[at + SEEN] = 0;
    return false;
  }
  memory[at + SUSPECT] = value;
  return true;
}

function isFrozen(
  memory: CleaningMemory,
  at: number,
  point: TemplatePoint,
  value: number,
  time: number,
): boolean {
  if (!(Math.abs(value - memory[at + STILL]!) < point.resolution / 3)) {
    memory[at + STILL] = value;
    memory[at + STILL_SINCE] = time;
    return false;
  }
  return time - memory[at + STILL_SINCE]! > FROZEN_AFTER;
}

function accept(memory: CleaningMemory, at: number, value: number): void {
  const seen = memory[at + SEEN]!;
  memory[at + (seen % WINDOW)] = value;
  memory[at + SEEN] = seen + 1;
}

const recent = new Float64Array(WINDOW);
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
