import { Phase } from './cells.ts';
import type { AlarmEngine } from './standing.ts';

/** An area of which it is asked where in it something broke. */
export interface AskedArea {
  rule: string;
  /** name as alarms have it: `zone:Z1` */
  area: string;
  /** when its alarm began to be delayed, or was raised; ms since epoch */
  since: number;
}

/** Areas whose rule asks which of its mains broke, from the moment their alarm is on its way: so that it can say so. */
export function areasAsked({ gatherings }: AlarmEngine): AskedArea[] {
  const asked: AskedArea[] = [];
  for (const { rule, areas, cells } of gatherings) {
    if (rule.gather?.locate === undefined) continue;
    areas.forEach((area, i) => {
      const phase = cells.phase[i]!;
      if (phase === Phase.quiet) return;
      const since = phase === Phase.rising ? cells.since[i]! : cells.raisedAt[i]!;
      asked.push({ rule: rule.text.id, area, since });
    });
  }
  return asked;
}
