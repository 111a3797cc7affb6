import { DAY, HOUR, MINUTE, SECOND } from '#twin/units.ts';
import type { ChartWindow } from '../charts/window.ts';

/** At least so much is shown before the onset and after it, ms, and never more before it. */
const LEAST = 10 * MINUTE;
const MOST = 14 * DAY;
/** A chart is a few hundred pixels wide: more buckets are not seen. */
const MOST_BUCKETS = 360;
/** Widths of a bucket, ms. */
const WIDTHS = [10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR];

/**
 * What the charts of an alarm's evidence show: half as much again as its rule looks back, and a third of that after the
 * onset, in whole buckets. One that stands for long is shown around its beginning.
 * @param lookBack how long an alarm of its rule is in the making, ms
 */
export function evidenceWindow(
  { raisedAt, clearedAt }: { raisedAt: number; clearedAt: number | null },
  lookBack: number,
  now: number,
): ChartWindow {
  const before = Math.min(MOST, Math.max(LEAST, 1.5 * lookBack));
  const after = Math.max(LEAST, before / 3);
  const begin = raisedAt - before;
  const wanted = Math.max(raisedAt + after, (clearedAt ?? raisedAt) + after / 3);
  const end = Math.max(raisedAt, Math.min(now, wanted, raisedAt + before + after));
  const width = WIDTHS.find((one) => (end - begin) / one <= MOST_BUCKETS) ?? WIDTHS.at(-1)!;
  const from = Math.floor(begin / width) * width;
  const to = Math.max(from + width, Math.ceil(end / width) * width);
  return { from, to, buckets: (to - from) / width };
}
