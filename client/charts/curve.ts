import { Quality } from '#twin/state/quality.ts';
import type { HistorySeries } from '#twin/wire/api.ts';

/** A point in time of a curve: [ms since epoch, value], null where there are no data. */
export type CurvePoint = [time: number, value: number | null];

export interface Curve {
  mean: CurvePoint[];
  /** lower edge of the band, and its height above it (charts stack them) */
  low: CurvePoint[];
  span: CurvePoint[];
}

/** More than so many empty buckets in a row are a gap: reports by exception may leave one out. */
const GAP_BUCKETS = 2.5;

/**
 * History as a mean line in a min–max band, with the live tail appended. Silences become gaps, never straight
 * lines. `tail` holds what has arrived since, in order of time.
 * @param silence how long the point is silent at most while it does not change, ms
 */
export function curveOf(
  series: HistorySeries | undefined,
  bucketMs: number,
  tail: readonly (readonly [number, number])[],
  silence = 0,
): Curve {
  const curve: Curve = { mean: [], low: [], span: [] };
  const put = (time: number, mean: number | null, low: number | null, high: number | null) => {
    curve.mean.push([time, mean]);
    curve.low.push([time, low]);
    curve.span.push([time, low === null || high === null ? null : high - low]);
  };
  let last = Number.NaN;
  const longest = Math.max(GAP_BUCKETS * bucketMs, silence + 2 * bucketMs);
  const gapBefore = (time: number) => {
    if (time - last > longest) put((last + time) / 2, null, null, null);
    last = time;
  };
  for (let i = 0; i < (series?.t.length ?? 0); i++) {
    if (series!.quality[i] === Quality.bad) continue;
    const time = series!.t[i]! + bucketMs / 2;
    gapBefore(time);
    put(time, series!.mean[i]!, series!.min[i]!, series!.max[i]!);
  }
  for (const [time, value] of tail) {
    if (time <= last || Number.isNaN(value)) continue;
    gapBefore(time);
    put(time, value, value, value);
  }
  return curve;
}
