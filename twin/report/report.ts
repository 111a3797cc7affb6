import type { Template } from '#twin/catalogue/template.ts';

/**
 * Reporting by exception for one station: a point is reported when it moved by its dead-band or more, when its
 * longest silence is over, when it comes or goes (NaN), and always when it changes as a boolean or code. When
 * nothing of the kind happened, the point that was reported longest ago is: a station that is alive is heard.
 */
export interface ReportMemory {
  /** of the stations one after another, each in the order of the template: one station, unless more were asked for */
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

export const freshReportMemory = ({ points }: Template, stations = 1): ReportMemory => ({
  values: new Float64Array(stations * points.length).fill(Number.NaN),
  times: new Float64Array(stations * points.length),
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
 * @param station its number in the memory
 */
export function selectReport(
  memory: ReportMemory,
  rule: ReportRule,
  values: Float64Array,
  time: number,
  indexes: Uint16Array,
  from = 0,
  station = 0,
): number {
  const { values: lastValues, times: lastTimes } = memory;
  const { steps, intervals } = rule;
  const own = station * steps.length;
  let count = 0;
  for (let point = 0; point < steps.length; point++) {
    const value = values[from + point]!;
    const last = lastValues[own + point]!;
    const silence = time - lastTimes[own + point]!;
    // a clock that was set back must not silence a point until it has caught up
    const quiet = silence >= 0 && silence < intervals[point]!;
    const move = Math.abs(value - last);
    // only where either is not there does it matter whether both are not
    const stays = !Number.isNaN(move) || Number.isNaN(value) === Number.isNaN(last);
    if (quiet && stays && !(move >= steps[point]!)) continue;
    lastValues[own + point] = value;
    lastTimes[own + point] = time;
    indexes[count++] = point;
  }
  if (count > 0 || steps.length === 0) return count;
  const oldest = oldestOf(lastTimes, own, own + steps.length) - own;
  lastValues[own + oldest] = values[from + oldest]!;
  lastTimes[own + oldest] = time;
  indexes[0] = oldest;
  return 1;
}

/** The first of those between `from` and before `end` that were reported longest ago. */
function oldestOf(times: Float64Array, from: number, end: number): number {
  let oldest = from;
  for (let at = from + 1; at < end; at++) if (times[at]! < times[oldest]!) oldest = at;
  return oldest;
}

/** These points were not reported after all: the next report has them. */
export function forgetReport(memory: ReportMemory, points: Uint16Array): void {
  for (const point of points) memory.times[point] = Number.NEGATIVE_INFINITY;
}
