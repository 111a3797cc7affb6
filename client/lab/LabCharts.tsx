import { useMemo } from 'react';
import type { Station } from '#twin/model/station.ts';
import { DayChart } from '../charts/DayChart.tsx';
import type { ChartLine } from '../charts/option.ts';
import { useWords } from '../i18n/i18n.ts';
import { chartsOf } from './lines.ts';
import type { LabSample } from './protocol.ts';
import { LAB_WINDOW } from './useLab.ts';
import '../charts/charts.css';

/** The last simulated hour of the room. */
export function LabCharts({ station, samples }: { station: Station; samples: readonly LabSample[] }) {
  const { t } = useWords();
  const now = samples.at(-1)!.time;
  const from = Math.max(samples[0]!.time, now - LAB_WINDOW);
  const charts = useMemo(() => chartsOf(station, samples), [station, samples]);
  return (
    <div className="lab-charts">
      {charts.map(({ key, unit, resolution, lines }) => (
        <section className="card" key={key} data-chart={key} data-now={lines[0]!.now.toFixed(3)}>
          <DayChart
            title={t(`lab.${key}`)}
            unit={unit}
            lines={lines.map(
              ({ set, points }): ChartLine => ({
                name: set === null ? t(`lab.${key}`) : t(`zone.${set}`),
                resolution,
                curve: { mean: points, low: [], span: [] },
              }),
            )}
            from={from}
            to={Math.max(now, from + 60_000)}
            // the moment of the live city has no place here
            mark={now}
          />
        </section>
      ))}
    </div>
  );
}
