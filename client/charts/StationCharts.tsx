import { useQueries } from '@tanstack/react-query';
import { Select } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Template, TemplatePoint } from '#twin/catalogue/template.ts';
import { stationTopic } from '#twin/wire/live.ts';
import { historyQuery } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useLive, useLiveSheet, useServerNow } from '../live/hooks.ts';
import { FailedNote } from '../panels/FailedNote.tsx';
import { Waiting } from '../panels/Waiting.tsx';
import { sheetReader } from '../station/values.ts';
import { curveOf } from './curve.ts';
import { DayChart } from './DayChart.tsx';
import { chartPlans } from './plan.ts';
import { Tail } from './tail.ts';
import { dayWindow } from './window.ts';
import './charts.css';

interface Props {
  code: string;
  template: Template;
}

/** Values of the live tail that are kept: an hour of reports every two seconds. */
const TAIL_LIMIT = 1800;

/** The last 24 hours of the main points and of any others that are picked, followed live. */
export default function StationCharts({ code, template }: Props) {
  const { t, local } = useWords();
  const [picked, setPicked] = useState<string[]>([]);
  const plans = useMemo(() => chartPlans(template, picked), [template, picked]);
  const now = useServerNow(5000);
  const { from, to, buckets } = dayWindow(now);
  const tail = useTail(code, template);
  const answers = useQueries({
    queries: plans.map(({ points }) => ({
      ...historyQuery({ code, points: points.slice(0, 12).map(({ name }) => name), from, to, buckets }),
      refetchInterval: 60_000,
    })),
  });
  const failed = answers.find(({ error, data }) => error && !data);
  if (failed?.error)
    return <FailedNote what="history" error={failed.error} onRetry={() => failed.refetch()} />;
  const damaged = answers.some(({ data }) => data?.series.some(({ unreadable }) => unreadable.length > 0));
  const nameOf = (point: TemplatePoint) =>
    [point.zone ? t(`zone.${point.zone}`) : '', point.pump ?? '', local(point)].filter(Boolean).join(' ');
  return (
    <div className="charts">
      {plans.map((plan, i) => {
        const answer = answers[i]?.data;
        const known = plan.key === 'picked' ? t('chart.picked') : t(`chart.${plan.key}`);
        if (!answer)
          return <Waiting key={`${plan.key}${plan.unit}`} words={`${known}: ${t('chart.loading')}`} />;
        const lines = plan.points.map((point) => ({
          name: nameOf(point),
          resolution: point.resolution,
          curve: curveOf(
            answer.series.find((series) => series.point === point.name),
            answer.bucketMs,
            tail.of(point.name),
            point.interval,
          ),
        }));
        const shown = lines.length > 1 ? lines.filter(({ curve }) => curve.mean.length > 0) : lines;
        return (
          <DayChart
            key={`${plan.key}${plan.unit}`}
            title={known}
            unit={plan.unit}
            lines={shown}
            from={from}
            to={to}
          />
        );
      })}
      <Select
        mode="multiple"
        className="chart-picker"
        value={picked}
        onChange={setPicked}
        placeholder={t('chart.pick')}
        aria-label={t('chart.pick')}
        maxCount={12}
        showSearch={{ optionFilterProp: 'label' }}
        options={template.points.map((point) => ({
          value: point.name,
          label: `${nameOf(point)} ${point.name}`,
        }))}
      />
      {damaged && <p className="chart-words">{t('chart.unreadable')}</p>}
      <p className="chart-words">
        {t('chart.mean')} · {t('chart.band')} · {t('chart.gap')}
      </p>
    </div>
  );
}

/** Collects what arrives while the charts are open. */
function useTail(code: string, template: Template): Tail {
  const tail = useRef(new Tail(TAIL_LIMIT));
  const { sheets } = useLive();
  const topic = stationTopic(code);
  useLiveSheet(topic, 5000);
  useEffect(
    () =>
      sheets.subscribe(topic, () => {
        const sheet = sheets.get(topic)?.sheet;
        if (!sheet) return;
        const read = sheetReader(template, sheet);
        for (const { name } of template.points) {
          const { time, value } = read(name)!;
          tail.current.add(name, time, value);
        }
      }),
    [sheets, topic, template],
  );
  return tail.current;
}
