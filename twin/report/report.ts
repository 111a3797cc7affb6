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
  deadbands: Float64Array;
  intervals: Float64Array;
}

export const freshReportMemory = (template: Template): ReportMemory => ({
  values: new Float64Array(template.points.length).fill(Number.NaN),
  times: new Float64Array(template.points.length),
});

/**
 * The rule of a template. `deadbandScale` 1 is the catalogue's; 0 reports every step of the resolution.
 */
export function reportRule(template: Template, deadbandScale: number): ReportRule {
  return {
    deadbands: Float64Array.from(template.points, (point) =>
      Math.max(point.resolution, point.deadband * deadbandScale),
    ),
    intervals: Float64Array.from(template.points, (point) => point.interval),
  };
}

/**
 * Writes the indexes of the points to report at `time` into `indexes` and returns how many they are; the memory
 * then holds them as reported.
 */
export function selectReport(
  memory: ReportMemory,
  rule: ReportRule,
  values: Float64Array,
  time: number,
  indexes: Uint16Array,
): number {
  let count = 0;
  let oldest = 0;
  for (let point = 0; point < values.length; point++) {
    const value = values[point]!;
    const last = memory.values[point]!;
    // a hair below the dead-band, so that a step of exactly one resolution is not lost to rounding
    const moved = Math.abs(value - last) >= rule.deadbands[point]! * 0.999;
    const appeared = Number.isNaN(value) !== Number.isNaN(last);
    const silence = time - memory.times[point]!;
    if (memory.times[point]! < memory.times[oldest]!) oldest = point;
    // a clock that was set back must not silence a point until it has caught up
    if (!moved && !appeared && silence >= 0 && silence < rule.intervals[point]!) continue;
    memory.values[point] = value;
    memory.times[point] = time;
    indexes[count++] = point;
  }
  if (count > 0 || values.length === 0) return count;
  memory.values[oldest] = values[oldest]!;
  memory.times[oldest] = time;
  indexes[0] = oldest;
  return 1;
}

/** These points were not reported after all: the next report has them. */
export function forgetReport(memory: ReportMemory, points: Uint16Array): void {
  for (const point of points) memory.times[point] = Number.NEGATIVE_INFINITY;
}
