import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

/** Values that make the median and the spread that a spike is measured against. */
const WINDOW = 5;
/** What is kept of a lively point: the last accepted values, the oldest overwritten, from its beginning on; and then */
const SEEN = WINDOW;
/** the value that has not moved, and since when; */
const STILL = WINDOW + 1;
const STILL_SINCE = WINDOW + 2;
/** a spike that was seen just before: a second value near it means the process really stepped. */
const SUSPECT = WINDOW + 3;
const FIELDS = WINDOW + 4;

/** What cleaning asks of the points of a template, in its order. */
interface CleaningRule {
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** where in what is kept of a station its record begins; −1 of a point that nothing is remembered of */
  readonly record: Int32Array;
  /** numbers that are kept of a station */
  readonly size: number;
  /** no value is a spike that is nearer than this */
  readonly near: Float64Array;
  /** what has moved less stands still */
  readonly still: Float64Array;
}

/** What the last values of the sensors of a station, or of several of a template, were, as far as cleaning needs them. */
export interface CleaningMemory {
  readonly rule: CleaningRule;
  /** a record of `FIELDS` numbers of each lively point: what is cleaned together lies together */
  readonly kept: Float64Array;
}

/** Of stations that were not heard yet. */
export function freshMemory(template: Template, stations = 1): CleaningMemory {
  const rule = ruleOf(template);
  const kept = new Float64Array(stations * rule.size);
  for (let at = 0; at < kept.length; at += FIELDS) {
    kept[at + STILL] = Number.NaN;
    kept[at + SUSPECT] = Number.NaN;
  }
  return { rule, kept };
}

/** A lively sensor that repeats itself to a third of its resolution for this long is frozen. */
const FROZEN_AFTER = 30 * MINUTE;
/** Spike: further than this many median absolute deviations from the median (Leys et al. 2013 use 2.5–3; 6 keeps pump starts). */
const SPIKE_MADS = 6;
/** The spread of a quiet signal is at least this share of the sensor's range, else its own noise would be spikes. */
const LEAST_SPREAD = 0.01;

const rules = new Map<Template, CleaningRule>();

function ruleOf(template: Template): CleaningRule {
  const known = rules.get(template);
  if (known) return known;
  const { points } = template;
  let size = 0;
  const recordOf = ({ type, lively }: TemplatePoint) => {
    if (type !== 'analog' || !lively) return -1;
    size += FIELDS;
    return size - FIELDS;
  };
  const record = Int32Array.from(points, recordOf);
  const made: CleaningRule = {
    min: Float64Array.from(points, ({ min }) => min),
    max: Float64Array.from(points, ({ max }) => max),
    record,
    size,
    near: Float64Array.from(
      points,
      ({ min, max, resolution }) => SPIKE_MADS * Math.max(LEAST_SPREAD * (max - min), resolution),
    ),
    still: Float64Array.from(points, ({ resolution }) => resolution / 3),
  };
  rules.set(template, made);
  return made;
}

/**
 * The quality of a value of a point, by its index, that was measured at `time`; the memory is brought up to date.
 * Order of the checks: no number, range, spike, frozen.
 * @param station its number in the memory
 */
export function clean(
  memory: CleaningMemory,
  point: number,
  value: number,
  time: number,
  station = 0,
): QualityCode {
  const { rule, kept } = memory;
  if (!Number.isFinite(value)) return Quality.bad;
  if (value < rule.min[point]! || value > rule.max[point]!) return Quality.outOfRange;
  const record = rule.record[point]!;
  if (record < 0) return Quality.good;
  const at = station * rule.size + record;
  if (isSpike(kept, at, rule.near[point]!, value)) return Quality.spike;
  accept(kept, at, value);
  return isFrozen(kept, at, rule.still[point]!, value, time) ? Quality.frozen : Quality.good;
}

/** @param least no value is a spike that is nearer than this */
function isSpike(kept: Float64Array, at: number, least: number, value: number): boolean {
  const seen = kept[at + SEEN]! | 0;
  if (seen < WINDOW) return false;
  const step = Math.abs(value - kept[at + ((seen - 1) % WINDOW)]!);
  // what is near the value accepted just before is no spike: the median lags behind a step by two values. Nearly every
  // value is so near that it is whatever the spread
  if (step <= least) {
    kept[at + SUSPECT] = Number.NaN;
    return false;
  }
  for (let i = 0; i < WINDOW; i++) recent[i] = kept[at + i]!;
  const middle = median(recent);
  for (let i = 0; i < WINDOW; i++) deviations[i] = Math.abs(recent[i]! - middle);
  const near = Math.max(SPIKE_MADS * median(deviations), least);
  if (step <= near || Math.abs(value - middle) <= near) {
    kept[at + SUSPECT] = Number.NaN;
    return false;
  }
  if (Math.abs(value - kept[at + SUSPECT]!) <= near) {
    kept[at + SUSPECT] = Number.NaN;
    kept[at + SEEN] = 0;
    return false;
  }
  kept[at + SUSPECT] = value;
  return true;
}

function isFrozen(kept: Float64Array, at: number, still: number, value: number, time: number): boolean {
  if (!(Math.abs(value - kept[at + STILL]!) < still)) {
    kept[at + STILL] = value;
    kept[at + STILL_SINCE] = time;
    return false;
  }
  return time - kept[at + STILL_SINCE]! > FROZEN_AFTER;
}

function accept(kept: Float64Array, at: number, value: number): void {
  const seen = kept[at + SEEN]! | 0;
  kept[at + (seen % WINDOW)] = value;
  kept[at + SEEN] = seen + 1;
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
