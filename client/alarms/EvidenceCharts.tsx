import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { TemplatePoint } from '#twin/catalogue/template.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { HISTORY_POINTS_LIMIT, historyQuery } from '../api/queries.ts';
import { curveOf } from '../charts/curve.ts';
import { DayChart } from '../charts/DayChart.tsx';
import { useWords } from '../i18n/i18n.ts';
import { useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { evidencePoints } from './EvidenceTable.tsx';
import { evidenceWindow } from './evidenceWindow.ts';
import '../charts/charts.css';

interface Props {
  alarm: AlarmSummary;
  evidence: Record<string, number | null>;
  station: StationSummary;
  /** how long an alarm of its rule is in the making, ms */
  lookBack: number;
}

/** The end of the window moves on so often while the alarm is young, ms. */
const MOVES_EVERY = 30_000;
const MOST_CHARTS = 4;

/** The evidence as it went around the onset, which is marked; one chart for each unit. */
export default function EvidenceCharts({ alarm, evidence, station, lookBack }: Props) {
  const { t, local } = useWords();
  const now = useServerNow(MOVES_EVERY);
  const { from, to, buckets } = evidenceWindow(alarm, lookBack, now);
  const plans = useMemo(() => byUnit(evidencePoints(evidence, station)), [evidence, station]);
  const answers = useQueries({
    queries: plans.map(({ points }) =>
      historyQuery({
        code: station.code,
        points: points.map(({ name }) => name),
        from,
        to,
        buckets,
      }),
    ),
  });
  const failed = answers.find(({ error, data }) => error && !data);
  if (failed?.error)
    return <FailedNote what="history" error={failed.error} onRetry={() => failed.refetch()} />;
  if (plans.length === 0) return null;
  const nameOf = (point: TemplatePoint) =>
    [point.zone ? t(`zone.${point.zone}`) : '', point.pump ?? '', local(point)].filter(Boolean).join(' ');
  return (
    <section>
      <h2>{t('alarms.detail.trend')}</h2>
      <div className="charts">
        {plans.map(({ unit, points }, i) => {
          const answer = answers[i]?.data;
          if (!answer) return <Waiting key={unit} words={t('chart.loading')} />;
          const lines = points.map((point) => ({
            name: nameOf(point),
            resolution: point.resolution,
            curve: curveOf(
              answer.series.find((series) => series.point === point.name),
              answer.bucketMs,
              [],
              point.interval,
            ),
          }));
          const title = lines.length === 1 ? lines[0]!.name : '';
          return (
            <DayChart
              key={unit}
              title={title}
              unit={unit}
              lines={lines}
              from={from}
              to={to}
              mark={alarm.raisedAt}
            />
          );
        })}
      </div>
    </section>
  );
}

function byUnit(points: readonly TemplatePoint[]): { unit: string; points: TemplatePoint[] }[] {
  const measured = points.filter(({ type }) => type === 'analog' || type === 'total');
  const units = [...new Set(measured.map(({ unit }) => unit))].slice(0, MOST_CHARTS);
  return units.map((unit) => ({
    unit,
    points: measured.filter((point) => point.unit === unit).slice(0, HISTORY_POINTS_LIMIT),
  }));
}
