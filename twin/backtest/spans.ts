import { type AlarmEvent, keyOf } from '#twin/alarm/alarm.ts';

/** One alarm from its raise to its return, as a replay has it. */
export interface AlarmSpan {
  station: string;
  spot: string;
  priority: number;
  /** ms since epoch */
  raisedAt: number;
  /** null: it stood at the end */
  clearedAt: number | null;
  /** people would have been told; false: it stood beneath a cause */
  told: boolean;
}

/** The alarms of one rule out of a log, in the order in which they were raised. */
export function spansOf(log: readonly AlarmEvent[], rule: string): AlarmSpan[] {
  const spans: AlarmSpan[] = [];
  const open = new Map<string, AlarmSpan>();
  for (const event of log) {
    if (event.rule !== rule) continue;
    const key = keyOf(event);
    const { station, spot, priority, time } = event;
    if (event.kind === 'raised' || event.kind === 'suppressed') {
      const before = open.get(key);
      if (before && before.clearedAt === null) before.clearedAt = time;
      const span = { station, spot, priority, raisedAt: time, clearedAt: null, told: event.annunciates };
      open.set(key, span);
      spans.push(span);
    } else if (event.kind === 'cleared' || event.kind === 'freed') {
      const span = open.get(key);
      if (span) span.clearedAt = time;
      open.delete(key);
    }
  }
  return spans;
}

/** A stretch of time, ms since epoch; `to` is outside. */
export interface Stretch {
  from: number;
  to: number;
}

/** Where a record is silent for longer than `longest` ms, between `from` and `to`. */
export function gapsOf(heard: readonly number[], { from, to }: Stretch, longest: number): Stretch[] {
  const gaps: Stretch[] = [];
  let last = from;
  for (const time of [...heard.filter((t) => t >= from && t < to), to]) {
    if (time - last > longest) gaps.push({ from: last, to: time });
    last = time;
  }
  return gaps;
}
