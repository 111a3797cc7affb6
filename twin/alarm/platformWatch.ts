import type { Rule } from '#twin/rules/load.ts';
import type { PlatformPart } from '#twin/rules/rule.ts';
import { type Alarm, PLATFORM } from './alarm.ts';
import { type Cells, emptyCells, growCells } from './cells.ts';

/** How one thing of a part of the platform is: one notification channel of several, or the part itself, whose name is ''. */
export interface ItemHealth {
  readonly name: string;
  readonly trouble: boolean;
  /** what it was seen by: the evidence of an alarm */
  readonly figures?: Readonly<Record<string, number | null>>;
}

/** How the parts of the platform are, as the server sees itself; what is not there is not known. */
export type PlatformHealth = Readonly<Partial<Record<PlatformPart, readonly ItemHealth[]>>>;

/** A rule on the platform's own health, the things that it has met, and where it stands at each. */
export interface PlatformWatch {
  readonly rule: Rule;
  readonly items: string[];
  cells: Cells;
}

export const platformWatches = (rules: readonly Rule[]): PlatformWatch[] =>
  rules.flatMap((rule) => (rule.text.platform ? [{ rule, items: [], cells: emptyCells(0) }] : []));

/** Takes up things that it has not met before. */
export function meetItems(watch: PlatformWatch, names: readonly string[]): void {
  for (const name of names) if (!watch.items.includes(name)) watch.items.push(name);
  watch.cells = growCells(watch.cells, watch.items.length);
}

export const platformIdentity = (
  { rule, items }: PlatformWatch,
  item: number,
): Pick<Alarm, 'rule' | 'station' | 'spot'> => ({
  rule: rule.text.id,
  station: PLATFORM,
  spot: items[item]!,
});
