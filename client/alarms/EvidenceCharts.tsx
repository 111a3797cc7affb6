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
import '../charts/charts.css';

interface Props {
  alarm: AlarmSummary;
  evidence: Record<string, number | null>;
  station: StationSummary;
}

/** Shown before the onset, and at least after it, ms. */
const BEFORE = 15 * 60_000;
const AFTER = 15 * 60_000;
/** A bucket is as long as most points' longest silence, so that quiet is no gap, ms. */
const BUCKET = 30_000;
const MOST_CHARTS = 4;

/** The evidence as it went around the onset, which is marked; one chart for each unit. */
export default function EvidenceCharts({ alarm, evidence, station }: Props) {
  const { t, local } = useWords();
  const now = useServerNow(BUCKET);
  const from = Math.floor((alarm.raisedAt - BEFORE) / BUCKET) * BUCKET;
  const wanted = Math.max(alarm.raisedAt + AFTER, (alarm.clearedAt ?? alarm.raisedAt) + AFTER / 3);
  // one that stands for hours is shown around its beginning
  const to = Math.ceil(Math.min(now, wanted, alarm.raisedAt + 4 * AFTER) / BUCKET) * BUCKET;
  const plans = useMemo(() => byUnit(evidencePoints(evidence, station)), [evidence, station]);
  const answers = useQueries({
    queries: plans.map(({ points }) =>
      historyQuery({
        code: station.code,
        points: points.map(({ name }) => name),
        from,
        to,
        buckets: Math.max(1, (to - from) / BUCKET),
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
