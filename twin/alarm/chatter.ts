import { type Alarm, keyOf } from './alarm.ts';

/** The last times an alarm was raised, and whether that is chatter. */
export interface Chatter {
  raises: number[];
  on: boolean;
}

interface ChatterRule {
  count: number;
  /** ms */
  within: number;
}

/** Counts a raise at `now`; so many of them within the rule's time are chatter. */
export function newRaise(
  memory: Map<string, Chatter>,
  key: string,
  now: number,
  { count, within }: ChatterRule,
): void {
  const known = memory.get(key) ?? { raises: [], on: false };
  const raises = [...known.raises.filter((time) => now - time < within), now].slice(-count);
  memory.set(key, { raises, on: known.on || raises.length >= count });
}

/** Forgets raises that count no more, of alarms that do not chatter: what was raised once need not be known for ever. */
export function forgetRaises(
  memory: Map<string, Chatter>,
  now: number,
  ruleOf: (key: string) => ChatterRule | null,
): void {
  for (const [key, { raises, on }] of memory) {
    const rule = ruleOf(key);
    if (!on && !(rule && now - raises.at(-1)! < rule.within)) memory.delete(key);
  }
}

/** Whether the chatter of an alarm has ended: quiet, or standing without a break, for the rule's whole time. */
export function calmed(
  memory: Map<string, Chatter>,
  alarm: Alarm,
  now: number,
  rule: ChatterRule | null,
): boolean {
  const key = keyOf(alarm);
  const since = alarm.active ? memory.get(key)?.raises.at(-1) : alarm.clearedAt;
  // a rule that no longer knows chatter ends it
  if (rule && typeof since === 'number' && now - since < rule.within) return false;
  memory.delete(key);
  return true;
}
