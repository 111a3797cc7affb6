import { pointsOf } from '#twin/backtest/needs.ts';
import type { RecordedStation } from '#twin/backtest/recorded.ts';
import type { Stretch } from '#twin/backtest/spans.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { History } from '../history/history.ts';
import type { RegisteredStation } from '../registry/registry.ts';

/** What the history has of a station in a stretch of time, at the reporting interval (ms), as far as rules look at it. */
export async function recordOf(
  history: Pick<History, 'read' | 'heard'>,
  { id, code, place }: RegisteredStation,
  rules: readonly Rule[],
  { from, to }: Stretch,
  interval: number,
): Promise<RecordedStation> {
  const { template } = place.columns;
  const points = pointsOf(rules, template);
  const heard = await history.heard({ station: id, template, from, to, width: interval });
  if (points.length === 0) return { code, heard, series: [] };
  const buckets = Math.ceil((to - from) / interval);
  const { series } = await history.read({ station: id, template, points, from, to, buckets });
  return {
    code,
    heard,
    series: series.map(({ point, t, mean, quality }) => ({ point, t, values: mean, qualities: quality })),
  };
}
