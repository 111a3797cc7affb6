import type { Rule } from '#twin/rules/load.ts';
import type { PlatformPart } from '#twin/rules/rule.ts';
import { PLATFORM } from './alarm.ts';
import { type Cells, emptyCells } from './cells.ts';

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
