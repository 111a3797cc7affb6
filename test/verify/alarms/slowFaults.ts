import { everyPump, everySet } from './everywhere.ts';
import type { FaultTrial } from './fault.ts';
import { middling } from './rooms.ts';

const DAY = 86_400;

/** What takes weeks: it comes at once and in full, beside what was usual before. */
const slow = (given: Pick<FaultTrial, 'id' | 'name' | 'events'> & Partial<FaultTrial>): FaultTrial => ({
  class: 'slow',
  start: '2026-11-17 00:00',
  learns: 7 * DAY,
  before: 1,
  within: 4 * DAY,
  rooms: middling,
  ...given,
});

export const SLOW_FAULTS: readonly FaultTrial[] = [
  slow({
    id: 'F02',
    name: { zh: '小区漏损', en: 'Leak of the community' },
    start: '2026-11-16 12:00',
    within: 3 * DAY,
    events: everySet('pipes-leaking'),
  }),
  slow({
    id: 'F06',
    name: { zh: '过滤器堵塞', en: 'Strainer clogged' },
    events: everyPump('strainer-clogged'),
  }),
  slow({
    id: 'F07',
    name: { zh: '叶轮磨损', en: 'Impeller wears' },
    learns: 4 * DAY,
    events: everyPump('impeller-worn'),
  }),
  slow({ id: 'F40', name: { zh: '能耗异常', en: 'Energy anomaly' }, events: everyPump('efficiency-lost') }),
];
