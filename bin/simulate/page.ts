import * as echarts from 'echarts';
import { inWords } from '#sim/scenario/duration.ts';
import { localText } from '#sim/scenario/localTime.ts';
import type { RunReport } from '#sim/scenario/run.ts';
import type { Series } from '#sim/scenario/series.ts';
import { MINUTE } from '#twin/units.ts';

const SIZE = { width: 1080, height: 300 };
const COLOURS = ['#1565c0', '#c62828', '#2e7d32'];

/** The report of a run as one page that needs nothing else: words, tables, and charts as SVG. */
export function reportPage(report: RunReport): string {
  const { scenario, verdicts, log, ledger, mains, rooms, hash, passed, start, length } = report;
  const title = `${scenario.name.zh} · ${scenario.name.en}`;
  const rows = verdicts.map(
    ({ that, met, value, of, at }) =>
      `<tr class="${met ? 'met' : 'not'}"><td>${met ? '✓ 达到 met' : '✗ 未达到 not met'}</td><td>${plain(that)}</td><td>${number(value)}</td><td>${plain(of)}</td><td>${at < 0 ? '–' : inWords(at)}</td></tr>`,
  );
  const events = log.map(({ at, text }) => `<tr><td>${inWords(at)}</td><td>${plain(text)}</td></tr>`);
  const charts = report.series.map(
    (series) => `<h3>${plain(series.name)}, ${plain(series.unit)}</h3>${chart(series, start)}`,
  );
  const facts = [
    ['起始 start', `${localText(start)} (UTC+8)`],
    ['时长 length', inWords(length)],
    ['泵房 rooms', String(rooms)],
    ['种子 seed', String(scenario.seed)],
    ['供水 supplied, m³', number(ledger.supplied)],
    ['泵房进水 into rooms, m³', number(ledger.rooms)],
    ['直供 without a room, m³', number(ledger.direct)],
    ['漏失 broken out, m³', number(ledger.leaked)],
    ['管网求解 solves of the mains', `${mains.solves} (${mains.unsolved} ✗)`],
    ['结果指纹 hash', hash],
  ].map(([name, value]) => `<tr><td>${name}</td><td>${plain(value!)}</td></tr>`);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${plain(title)}</title><style>
body{font:15px/1.6 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#1b2733}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .8rem;border-bottom:1px solid #dde4ea;text-align:left}
.met td:first-child{color:#2e7d32}.not td:first-child{color:#c62828;font-weight:600}svg{max-width:100%;height:auto}
</style></head><body>
<h1>${passed ? '✓' : '✗'} ${plain(title)}</h1><p lang="zh-CN">${plain(scenario.teaches.zh)}</p><p lang="en">${plain(scenario.teaches.en)}</p>
<h2>期望 Expectations</h2><table><tr><th></th><th></th><th>值 value</th><th>对象 of</th><th>时刻 at</th></tr>${rows.join('')}</table>
<h2>事件 Events</h2><table>${events.join('')}</table>
<h2>概况 Facts</h2><table>${facts.join('')}</table>
<h2>过程 Course</h2>${charts.join('')}
</body></html>
`;
}

/** A series as SVG over local time. */
function chart({ lines, unit }: Series, start: number): string {
  const drawing = echarts.init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
  drawing.setOption({
    animation: false,
    color: COLOURS,
    grid: { left: 70, right: 20, top: 36, bottom: 30 },
    legend: { top: 4 },
    xAxis: { type: 'time', axisLabel: { formatter: clock } },
    yAxis: { type: 'value', name: unit, scale: true },
    series: lines.map(({ name, values }) => ({
      name,
      type: 'line',
      showSymbol: false,
      lineStyle: { width: 1.5 },
      data: values.map((value, minute) => [start + minute * MINUTE, value]),
    })),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}

function clock(time: number): string {
  return new Date(time + 480 * MINUTE).toISOString().slice(11, 16);
}

function number(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(5))) : '–';
}

function plain(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
