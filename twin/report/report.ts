import type { Template } from '#twin/catalogue/template.ts';

/**
 * Reporting by exception for one station: a point is reported when it moved by its dead-band or more, when its
 * longest silence is over, when it comes or goes (NaN), and always when it changes as a boolean or code. When
 * nothing of the kind happened, the point that was reported longest ago is: a station that is alive is heard.
 */
export interface ReportMemory {
  values: Float64Array;
  times: Float64Array;
}

export interface ReportRule {
  /** what is less than this has not moved */
  steps: Float64Array;
  /** longest silences, ms */
  intervals: Float64Array;
}

/** A hair below the dead-band, so that a step of exactly one resolution is not lost to rounding. */
const ROUNDING = 0.999;

export const freshReportMemory = (template: Template): ReportMemory => ({
  values: new Float64Array(template.points.length).fill(Number.NaN),
  times: new Float64Array(template.points.length),
});

/**
 * The rule of a template. `deadbandScale` 1 is the catalogue's; 0 reports every step of the resolution.
 */
export function reportRule(template: Template, deadbandScale: number): ReportRule {
  return {
    steps: Float64Array.from(
      template.points,
      (point) => Math.max(point.resolution, point.deadband * deadbandScale) * ROUNDING,
    ),
    intervals: Float64Array.from(template.points, (point) => point.interval),
  };
}

/**
 * Writes the indexes of the points to report at `time` into `indexes` and returns how many they are; the memory
 * then holds them as reported.
 * @param from where the station's values begin among `values`
 */
export function selectReport(
  memory: ReportMemory,
  rule: ReportRule,
  values: Float64Array,
  time: number,
  indexes: Uint16Array,
  from = 0,
): number {
  const { values: lastValues, times: lastTimes } = memory;
  const { steps, intervals } = rule;
  let count = 0;
  for (let point = 0; point < lastValues.length; point++) {
    const value = values[from + point]!;
    const last = lastValues[point]!;
    const silence = time - lastTimes[point]!;
    // a clock that was set back must not silence a point until it has caught up
    const quiet = silence >= 0 && silence < intervals[point]!;
    const move = Math.abs(value - last);
    // only where either is not there does it matter whether both are not
    const stays = !Number.isNaN(move) || Number.isNaN(value) === Number.isNaN(last);
    if (quiet && stays && !(move >= steps[point]!)) continue;
    lastValues[point] = value;
    lastTimes[point] = time;
    indexes[count++] = point;
  }
  if (count > 0 || lastValues.length === 0) return count;
  const oldest = oldestOf(lastTimes);
  lastValues[oldest] = values[from + oldest]!;
  lastTimes[oldest] = time;
  indexes[0] = oldest;
  return 1;
}

/** The first of those that were reported longest ago. */
function oldestOf(times: Float64Array): number {
  let oldest = 0;
  for (let point = 1; point < times.length; point++) if (times[point]! < times[oldest]!) oldest = point;
  return oldest;
}

/** These points were not reported after all: the next report has them. */
export function forgetReport(memory: ReportMemory, points: Uint16Array): void {
  for (const point of points) memory.times[point] = Number.NEGATIVE_INFINITY;
}
