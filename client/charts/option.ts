import type { EChartsCoreOption } from 'echarts/core';
import { HOUR, MINUTE } from '#twin/units.ts';
import { formatValue } from '../format/number.ts';
import type { Clock } from '../format/time.ts';
import { FONT_FAMILY, type ThemeTokens } from '../theme/tokens.ts';
import type { Curve } from './curve.ts';

export interface ChartLine {
  name: string;
  resolution: number;
  curve: Curve;
}

export interface ChartInput {
  lines: readonly ChartLine[];
  unit: string;
  from: number;
  to: number;
  theme: ThemeTokens;
  clock: Clock;
  scale: number;
  /** a past moment that the whole page shows, ms; null for live */
  cursor: number | null;
}

/** Of a shorter span than this the axis tells seconds, or it would say the same minute more than once, ms. */
const SECONDS_BELOW = 10 * MINUTE;
/** Of a longer one it tells days, or it would say the same time more than once, ms. */
const DAYS_ABOVE = 30 * HOUR;

/** A chart of a day: mean lines in min–max bands, a thin grid, a cursor where the page stands in time. */
export function chartOption(input: ChartInput): EChartsCoreOption {
  const { lines, unit, from, to, theme, clock, scale, cursor } = input;
  const label = { color: theme.textFaint, fontSize: 10.5 * scale, fontFamily: FONT_FAMILY };
  return {
    animation: false,
    textStyle: { fontFamily: FONT_FAMILY },
    grid: { left: 44 * scale, right: 10 * scale, top: 8 * scale, bottom: 22 * scale },
    xAxis: {
      type: 'time',
      min: from,
      max: to,
      axisLine: { lineStyle: { color: theme.line } },
      axisTick: { show: false },
      splitNumber: 6,
      axisLabel: {
        ...label,
        hideOverlap: true,
        formatter: labelOf(to - from, clock),
      },
      axisPointer: { label: { show: false } },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 3,
      axisLabel: { ...label, formatter: (value: number) => formatValue(value, 0.001).replace(/\.?0+$/, '') },
      splitLine: { lineStyle: { color: theme.line } },
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      transitionDuration: 0,
      backgroundColor: theme.raised,
      borderColor: theme.lineStrong,
      padding: [6 * scale, 10 * scale],
      textStyle: { color: theme.text, fontSize: 12 * scale, fontFamily: FONT_FAMILY },
      axisPointer: { type: 'line', lineStyle: { color: theme.textFaint, width: 1 } },
      formatter: (hits: unknown) => tooltip(hits as Hit[], lines, unit, clock),
    },
    series: lines.flatMap((line, i) =>
      seriesOf(line, theme.series[i % theme.series.length]!, i === 0 ? cursor : null, theme, scale),
    ),
  };
}

/** How the axis of a span says a time. */
function labelOf(span: number, clock: Clock): (time: number) => string {
  if (span < SECONDS_BELOW) return clock.second;
  return span > DAYS_ABOVE ? clock.dayMinute : clock.minute;
}

interface Hit {
  seriesId: string;
  dataIndex: number;
  axisValue: number;
  color: string;
}

function seriesOf(
  { name, curve }: ChartLine,
  colour: string,
  cursor: number | null,
  theme: ThemeTokens,
  scale: number,
) {
  const quiet = {
    type: 'line',
    symbol: 'none',
    silent: true,
    emphasis: { disabled: true },
    lineStyle: { opacity: 0 },
  };
  return [
    { ...quiet, id: `${name}-low`, stack: `${name}-band`, stackStrategy: 'all', data: curve.low },
    {
      ...quiet,
      id: `${name}-span`,
      stack: `${name}-band`,
      stackStrategy: 'all',
      data: curve.span,
      areaStyle: { color: colour, opacity: 0.2 },
    },
    {
      id: `${name}-mean`,
      name,
      type: 'line',
      symbol: 'none',
      connectNulls: false,
      emphasis: { disabled: true },
      lineStyle: { color: colour, width: 1.6 * scale },
      itemStyle: { color: colour },
      data: curve.mean,
      ...(cursor === null
        ? { markLine: { data: [] } }
        : {
            markLine: {
              silent: true,
              symbol: 'none',
              label: { show: false },
              lineStyle: { color: theme.pastEdge, type: 'dashed', width: 1.2 * scale },
              data: [{ xAxis: cursor }],
            },
          }),
    },
  ];
}

function tooltip(hits: readonly Hit[], lines: readonly ChartLine[], unit: string, clock: Clock): string {
  const rows = hits.flatMap((hit) => {
    const line = lines.find(({ name }) => hit.seriesId === `${name}-mean`);
    const mean = line?.curve.mean[hit.dataIndex]?.[1];
    if (!line || mean === null || mean === undefined) return [];
    const low = line.curve.low[hit.dataIndex]?.[1] ?? mean;
    const high = low + (line.curve.span[hit.dataIndex]?.[1] ?? 0);
    const figure = (value: number) => formatValue(value, line.resolution);
    const band = high > low ? `<small>${figure(low)}–${figure(high)}</small>` : '';
    return [
      `<div class="chart-tip"><i style="background:${hit.color}"></i><span>${escapeHtml(line.name)}</span><b>${figure(mean)}</b><em>${unit}</em>${band}</div>`,
    ];
  });
  return rows.length === 0
    ? ''
    : `<div class="chart-tip-time">${clock.dayMinute(hits[0]!.axisValue)}</div>${rows.join('')}`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
