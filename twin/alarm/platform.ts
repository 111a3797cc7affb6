import type { Rule } from '#twin/rules/load.ts';
import { Flag } from '#twin/rules/look.ts';
import type { PlatformPart } from '#twin/rules/rule.ts';
import { type AlarmEvent, PLATFORM } from './alarm.ts';
import { type Cells, emptyCells, stepCells } from './cells.ts';
import { lower, raise } from './life.ts';
import type { AlarmEngine } from './standing.ts';

/** Whether a part of the platform is in trouble, as the server sees itself; what is not there is not known. */
export type PlatformHealth = Readonly<Partial<Record<PlatformPart, boolean>>>;

/** A rule on the platform's own health, and where it stands. */
export interface PlatformWatch {
  readonly rule: Rule;
  readonly cells: Cells;
}

export const platformWatches = (rules: readonly Rule[]): PlatformWatch[] =>
  rules.flatMap((rule) => (rule.text.platform ? [{ rule, cells: emptyCells(1) }] : []));

export const platformIdentity = (rule: Rule) => ({ rule: rule.text.id, station: PLATFORM, spot: '' });

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
