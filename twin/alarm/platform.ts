import { Flag } from '#twin/rules/look.ts';
import type { AlarmEvent } from './alarm.ts';
import { stepCells } from './cells.ts';
import { lower, raise } from './life.ts';
import { type PlatformHealth, platformIdentity } from './platformWatch.ts';
import type { AlarmEngine } from './standing.ts';

const never = () => false;

/** Moves the rules on the platform's own health to `now`. @param elapsed ms since the last look */
export function stepPlatform(
  engine: AlarmEngine,
  health: PlatformHealth,
  now: number,
  elapsed: number,
  events: AlarmEvent[],
): void {
  for (const { rule, cells } of engine.platform) {
    const trouble = health[rule.text.platform!];
    const when = Uint8Array.of(trouble === undefined ? Flag.unknown : trouble ? Flag.yes : Flag.no);
    const { raised, cleared } = stepCells(cells, rule, when, null, 1, now, elapsed, never);
    const why = { cause: null, evidence: {}, diagnosis: [] };
    if (raised.length > 0) raise(engine, rule, platformIdentity(rule), why, now, events);
    if (cleared.length > 0) lower(engine, platformIdentity(rule), now, events);
  }
}
