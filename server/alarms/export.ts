import type { Rule } from '#twin/rules/load.ts';
import type { Registry } from '../registry/registry.ts';
import type { Cell, Table } from '../workbook/workbook.ts';
import type { DiagnosedAlarm } from './past.ts';

/** Rows of one export; spreadsheets become slow to open above. */
export const MOST_EXPORTED = 50_000;

const HEADS = {
  zh: '编号,优先级,报警,规则,泵房编号,泵房,分区/水泵,行政区,供水分区,状态,补录,发生,通知,恢复,确认,确认人(未核实),结束,原因编号,可能原因,可信度 %,处置',
  en: 'Number,Priority,Alarm,Rule,Station code,Station,Set/pump,District,Supply zone,State,Late,Raised,Told,Cleared,Acknowledged,By (not verified),Ended,Cause,Likely cause,Confidence %,Remedy',
} as const;

/**
 * Alarms as a table for spreadsheets, times as the clocks of the city show them. The likely cause is the first of the
 * diagnosis, with its confidence; of a rule that cannot tell causes apart its own text, without any.
 */
export function alarmTable(
  alarms: readonly DiagnosedAlarm[],
  { rules, registry, language }: { rules: readonly Rule[]; registry: Registry; language: 'zh' | 'en' },
): Table {
  const byId = new Map(rules.map(({ text }) => [text.id, text]));
  const rows = alarms.map((alarm): Cell[] => {
    const rule = byId.get(alarm.rule);
    const { likely } = alarm;
    return [
      alarm.id,
      alarm.priority,
      rule?.name[language] ?? null,
      alarm.rule,
      alarm.station,
      registry.byCode.get(alarm.station)?.station.name[language] ?? null,
      alarm.spot,
      alarm.district,
      alarm.supplyZone,
      alarm.state,
      alarm.late ? YES[language] : null,
      ...[alarm.raisedAt, alarm.toldAt, alarm.clearedAt, alarm.acknowledgedAt].map(localTime),
      alarm.acknowledgedBy,
      localTime(alarm.endedAt),
      alarm.cause,
      (likely ?? rule)?.cause[language] ?? null,
      likely && Math.round(100 * likely.confidence),
      (likely ?? rule)?.remedy[language] ?? null,
    ];
  });
  return { name: NAMES[language], heads: HEADS[language].split(','), rows };
}

const YES = { zh: '是', en: 'yes' } as const;
const NAMES = { zh: '报警', en: 'Alarms' } as const;

const CITY_TIME = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});
/** A spreadsheet's time has no zone: what a clock of the city shows, written as if it were UTC. */
const localTime = (time: number | null): Date | null =>
  time === null ? null : new Date(`${CITY_TIME.format(time).replace(' ', 'T')}Z`);
