import * as echarts from 'echarts';
import { inWords } from '#sim/scenario/duration.ts';
import { localText } from '#sim/scenario/localTime.ts';
import type { RunReport } from '#sim/scenario/run.ts';
import type { Series } from '#sim/scenario/series.ts';
import type { AlarmEntry } from '#sim/scenario/watch.ts';
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
  const alarms = report.alarms.log.slice(0, MOST_ALARMS).map((entry) => alarmRow(entry, report));
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
    ...(report.warnings ?? []).map((one) => ['⚠ 未计入 left out', one]),
  ].map(([name, value]) => `<tr><td>${name}</td><td>${plain(value!)}</td></tr>`);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${plain(title)}</title><style>
body{font:15px/1.6 system-ui,sans-serif;max-width:1080px;margin:2rem auto;padding:0 1rem;color:#1b2733}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .8rem;border-bottom:1px solid #dde4ea;text-align:left}
.met td:first-child{color:#2e7d32}.not td:first-child{color:#c62828;font-weight:600}tr.told td{font-weight:600}svg{max-width:100%;height:auto}
</style></head><body>
<h1>${passed ? '✓' : '✗'} ${plain(title)}</h1><p lang="zh-CN">${plain(scenario.teaches.zh)}</p><p lang="en">${plain(scenario.teaches.en)}</p>
<h2>期望 Expectations</h2><table><tr><th></th><th></th><th>值 value</th><th>对象 of</th><th>时刻 at</th></tr>${rows.join('')}</table>
<h2>事件 Events</h2><table>${events.join('')}</table>
<h2>报警 Alarms</h2><p>${alarmSummary(report)}</p><table><tr><th>时刻 at</th><th>级别 priority</th><th>规则 rule</th><th>对象 of</th><th></th></tr>${alarms.join('')}</table>
<h2>概况 Facts</h2><table>${facts.join('')}</table>
<h2>过程 Course</h2>${charts.join('')}
</body></html>
`;
}

/** More lines than this are for the JSON. */
const MOST_ALARMS = 500;
/** What happened to an alarm, in words. */
const HAPPENED: Readonly<Record<AlarmEntry['kind'], string>> = {
  raised: '发生 raised',
  cleared: '恢复 cleared',
  acknowledged: '确认 acknowledged',
  reset: '复位 reset',
  suppressed: '被原因抑制 beneath its cause',
  freed: '原因消失 its cause is gone',
  shelved: '搁置 shelved',
  unshelved: '取消搁置 off the shelf',
  outOfService: '停用 out of service',
  inService: '启用 in service',
  escalated: '升级 escalated',
  downgraded: '降级 downgraded',
  regraded: '级别调整 regraded',
  chatter: '频繁 chatters',
  settled: '平稳 settled',
  withdrawn: '撤销 withdrawn',
};

function alarmSummary({ alarms: { log, annunciations, stations, rules } }: RunReport): string {
  const left = log.length - MOST_ALARMS;
  const more = left > 0 ? `；另有 ${left} 条见 JSON, ${left} more lines in the JSON` : '';
  return `${stations} 座泵房、${rules} 条规则，提示 ${annunciations} 次 annunciations${more}`;
}

function alarmRow(
  { at, kind, rule, station, spot, priority, annunciates, cause }: AlarmEntry,
  { alarms: { names } }: RunReport,
): string {
  const name = names[rule];
  const said = name ? `${rule} ${name.zh} · ${name.en}` : rule;
  const why = cause ? `${HAPPENED[kind]}: ${cause.split('|')[0]}` : HAPPENED[kind];
  const place = spot ? `${station}/${spot}` : station;
  return `<tr class="${annunciates ? 'told' : ''}"><td>${inWords(at)}</td><td>${priority}</td><td>${plain(said)}</td><td>${plain(place)}</td><td>${plain(why)}</td></tr>`;
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
