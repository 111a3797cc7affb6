import { useEffect, useRef } from 'react';
import { useCity } from '../api/queries.ts';
import { useWords } from '../i18n/i18n.ts';
import { useMoment } from '../state/moment.ts';
import { useScale } from '../state/scale.ts';
import { useView } from '../state/view.ts';
import { THEMES } from '../theme/tokens.ts';
import { clockFor } from '../timebar/TimeBar.tsx';
import { connect, type ECharts, init } from './echarts.ts';
import { type ChartLine, chartOption } from './option.ts';

interface Props {
  title: string;
  unit: string;
  lines: readonly ChartLine[];
  from: number;
  to: number;
  /** a time that is marked instead of the page's moment, ms */
  mark?: number;
}

const GROUP = 'station-day';

/** One chart of a day; all charts of a page share their pointer. */
export function DayChart({ title, unit, lines, from, to, mark }: Props) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const theme = THEMES[useView((view) => view.theme)];
  const zone = useCity().data?.timeZone ?? 'Asia/Shanghai';
  const clock = clockFor(zone);
  const moment = useMoment((state) => state.moment);
  const scale = useScale();
  const empty = lines.every(({ curve }) => curve.mean.length === 0);

  useEffect(() => {
    const made = init(box.current!, null, { renderer: 'canvas' });
    made.group = GROUP;
    connect(GROUP);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current!);
    return () => {
      observer.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    const cursor = mark ?? (moment === 'live' ? null : moment);
    const option = chartOption({ lines, unit, from, to, theme, clock: clockFor(zone), scale, cursor });
    chart.current?.setOption(option, { replaceMerge: ['series'] });
  }, [lines, unit, from, to, theme, zone, scale, moment, mark]);

  return (
    <figure className="day-chart">
      <figcaption>
        <b>{title}</b> <em>{unit}</em>
        <span className="chart-legend">
          {lines.map((line, i) => (
            <span key={line.name}>
              <i style={{ background: theme.series[i % theme.series.length]! }} />
              {line.name}
            </span>
          ))}
        </span>
      </figcaption>
      <div ref={box} className="chart-box" role="img" aria-label={title} />
      {empty && (
        <p className="chart-empty">
          {t('chart.empty', { from: clock.dayMinute(from), to: clock.dayMinute(to) })}
        </p>
      )}
    </figure>
  );
}
