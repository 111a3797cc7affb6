import type { Rule } from '#twin/rules/load.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { Registry } from '../registry/registry.ts';

/** Rows of one export; spreadsheets become slow to open above. */
export const MOST_EXPORTED = 50_000;

const HEADS = {
  zh: '编号,优先级,报警,规则,泵房编号,泵房,分区/水泵,行政区,供水分区,状态,发生,通知,恢复,确认,确认人(未核实),结束,原因编号,可能原因,处置',
  en: 'Number,Priority,Alarm,Rule,Station code,Station,Set/pump,District,Supply zone,State,Raised,Told,Cleared,Acknowledged,By (not verified),Ended,Cause,Likely cause,Remedy',
} as const;

/** Alarms as CSV that spreadsheets open with their characters right: UTF-8 with a byte order mark, CRLF. */
export function alarmsAsCsv(
  alarms: readonly AlarmSummary[],
  { rules, registry, language }: { rules: readonly Rule[]; registry: Registry; language: 'zh' | 'en' },
): Uint8Array {
  const byId = new Map(rules.map(({ text }) => [text.id, text]));
  const lines = alarms.map((alarm) => {
    const rule = byId.get(alarm.rule);
    return [
      alarm.id,
      alarm.priority,
      rule?.name[language] ?? '',
      alarm.rule,
      alarm.station,
      registry.byCode.get(alarm.station)?.station.name[language] ?? '',
      alarm.spot,
      alarm.district,
      alarm.supplyZone,
      alarm.state,
      ...[alarm.raisedAt, alarm.toldAt, alarm.clearedAt, alarm.acknowledgedAt].map(localTime),
      alarm.acknowledgedBy ?? '',
      localTime(alarm.endedAt),
      alarm.cause ?? '',
      rule?.cause[language] ?? '',
      rule?.remedy[language] ?? '',
    ].map(field);
  });
  const text = [HEADS[language], ...lines.map((line) => line.join(','))].join('\r\n');
  return new TextEncoder().encode(`\ufeff${text}\r\n`);
}

const CITY_TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});
const localTime = (time: number | null): string => (time === null ? '' : CITY_TIME.format(time));

/** Quoted where needed (RFC 4180); what a spreadsheet would take for a formula is text. */
function field(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
