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

/** Whether the chatter of an alarm has ended: quiet, or standing without a break, for the rule's whole time. */
export function calmed(
  memory: Map<string, Chatter>,
  key: string,
  now: number,
  rule: ChatterRule | null,
  active: boolean,
): boolean {
  const last = memory.get(key)?.raises.at(-1);
  // a rule that no longer knows chatter ends it
  if (rule && last !== undefined && now - last < rule.within) return false;
  if (active && rule && last !== undefined && now - last < 2 * rule.within) return false;
  memory.delete(key);
  return true;
}
