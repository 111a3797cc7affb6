import { pointsOf } from '#twin/backtest/needs.ts';
import type { RecordedPoint } from '#twin/backtest/recorded.ts';
import type { Stretch } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';

/** A stretch of a station's record, at the reporting interval (ms). */
interface Part {
  station: RegisteredStation;
  time: Stretch;
  interval: number;
}

/** When a station was heard live. */
export const heardLive = (
  history: Pick<History, 'heard'>,
  { station: { id, place }, time, interval }: Part,
): Promise<number[]> =>
  history.heard({ station: id, template: place.columns.template, ...time, width: interval });

/** What was measured, live or late, as far as rules look at it. */
export async function seriesOf(
  history: Pick<History, 'read'>,
  { station: { id, place }, time: { from, to }, interval }: Part,
  rules: readonly Rule[],
): Promise<RecordedPoint[]> {
  const { template } = place.columns;
  const points = pointsOf(rules, template);
  if (points.length === 0) return [];
  const buckets = Math.ceil((to - from) / interval);
  const { series } = await history.read({ station: id, template, points, from, to, buckets });
  return series.map(({ point, t, mean, quality }) => ({ point, t, values: mean, qualities: quality }));
}
