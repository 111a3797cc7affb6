import { Flag } from '#twin/rules/look.ts';
import type { AlarmEvent } from './alarm.ts';
import { stepCells } from './cells.ts';
import { lower, raise } from './life.ts';
import { meetItems, type PlatformHealth, platformIdentity } from './platformWatch.ts';
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
  for (const watch of engine.platform) {
    const { rule } = watch;
    const known = health[rule.text.platform!];
    if (known)
      meetItems(
        watch,
        known.map(({ name }) => name),
      );
    const found = watch.items.map((item) => known?.find(({ name }) => name === item));
    // what the part no longer has is in no trouble
    const flagOf = (trouble = false) => (known === undefined ? Flag.unknown : trouble ? Flag.yes : Flag.no);
    const when = Uint8Array.from(found, (item) => flagOf(item?.trouble));
    const { raised, cleared } = stepCells(watch.cells, rule, when, null, when.length, now, elapsed, never);
    for (const item of raised) {
      const evidence = { ...found[item]?.figures };
      raise(
        engine,
        rule,
        platformIdentity(watch, item),
        { cause: null, evidence, diagnosis: [] },
        now,
        events,
      );
    }
    for (const item of cleared) lower(engine, platformIdentity(watch, item), now, events);
  }
}
