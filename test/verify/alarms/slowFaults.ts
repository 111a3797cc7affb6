import type { PumpCondition } from '#sim/station/condition.ts';
import type { FaultTrial } from './fault.ts';
import { middling } from './rooms.ts';

const DAY = 86_400;

/** What takes weeks: a room that is aged at once, beside what was usual before. */
const slow = (given: Pick<FaultTrial, 'id' | 'name' | 'truth'> & Partial<FaultTrial>): FaultTrial => ({
  class: 'slow',
  start: '2026-11-17 00:00',
  learns: 7 * DAY,
  before: 1,
  within: 4 * DAY,
  rooms: middling,
  events: () => [],
  ...given,
});

const everyPump =
  (aged: (pump: PumpCondition) => PumpCondition): NonNullable<FaultTrial['truth']> =>
  ({ condition, ...truth }) => ({
    ...truth,
    condition: { ...condition!, sets: condition!.sets.map(({ pumps }) => ({ pumps: pumps.map(aged) })) },
  });

export const SLOW_FAULTS: readonly FaultTrial[] = [
  slow({
    id: 'F02',
    name: { zh: '小区漏损', en: 'Leak of the community' },
    start: '2026-11-16 12:00',
    within: 3 * DAY,
    truth: ({ condition, ...truth }) => ({
      ...truth,
      condition: { ...condition!, leakShare: condition!.leakShare + 0.4 },
    }),
  }),
  slow({
    id: 'F06',
    name: { zh: '过滤器堵塞', en: 'Strainer clogged' },
    truth: everyPump((pump) => ({ ...pump, clogging: 0.2 })),
  }),
  slow({
    id: 'F07',
    name: { zh: '叶轮磨损', en: 'Impeller wears' },
    learns: 4 * DAY,
    truth: everyPump(({ head, efficiency, ...pump }) => ({
      ...pump,
      head: 0.88 * head,
      efficiency: 0.92 * efficiency,
    })),
  }),
  slow({
    id: 'F40',
    name: { zh: '能耗异常', en: 'Energy anomaly' },
    truth: everyPump(({ efficiency, ...pump }) => ({ ...pump, efficiency: 0.7 * efficiency })),
  }),
];
