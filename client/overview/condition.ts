import {
  OVERVIEW_COLUMNS,
  OVERVIEW_INDEX,
  type OverviewKey,
  StationFlag,
  type StationState,
} from '#twin/overview/columns.ts';
import type { Sheet } from '#twin/wire/sheet.ts';

export type StateName = keyof typeof StationState;
export type FlagName = keyof typeof StationFlag;
export type Priority = 0 | 1 | 2 | 3 | 4;

export const STATE_NAMES: readonly StateName[] = ['never', 'live', 'stale', 'offline'];

/** What each flag weighs: 1 is the most urgent. */
export const FLAG_PRIORITY: Record<FlagName, Priority> = {
  flooded: 1,
  powerLost: 1,
  pumpFault: 2,
  limit: 3,
  badData: 4,
  unregistered: 4,
};

const FLAGS = Object.keys(FLAG_PRIORITY) as FlagName[];
const WIDTH = OVERVIEW_COLUMNS.length;

export const cell = (sheet: Sheet, row: number, key: OverviewKey): number =>
  sheet.values[row * WIDTH + OVERVIEW_INDEX[key]] ?? Number.NaN;

/** State of a row. With the link lost, nothing is known to be live any more. */
export function stateOf(sheet: Sheet, row: number, linked: boolean): StateName {
  const state = STATE_NAMES[cell(sheet, row, 'state')] ?? 'never';
  return !linked && state === 'live' ? 'stale' : state;
}

/** Flags that are set, most urgent first. */
export function flagsOf(sheet: Sheet, row: number): FlagName[] {
  const bits = cell(sheet, row, 'flags');
  return Number.isNaN(bits) || bits === 0 ? [] : FLAGS.filter((flag) => (bits & StationFlag[flag]) !== 0);
}

/** The most urgent priority among the row's flags; 0 when none is set. */
export function priorityOf(sheet: Sheet, row: number): Priority {
  const bits = cell(sheet, row, 'flags');
  if (Number.isNaN(bits) || bits === 0) return 0;
  if (bits & (StationFlag.flooded | StationFlag.powerLost)) return 1;
  if (bits & StationFlag.pumpFault) return 2;
  if (bits & StationFlag.limit) return 3;
  return bits & (StationFlag.badData | StationFlag.unregistered) ? 4 : 0;
}

/** The more urgent of two; 0 is none. */
export const moreUrgent = (a: Priority, b: Priority): Priority => (a === 0 ? b : b === 0 || a < b ? a : b);

export interface StateCounts {
  live: number;
  stale: number;
  offline: number;
  never: number;
  attention: number;
}

/** Stations by state; `attention` counts those with a flag. Only rows that `includes` takes. */
export function countStates(sheet: Sheet, linked: boolean, includes: (row: number) => boolean): StateCounts {
  const counts: StateCounts = { live: 0, stale: 0, offline: 0, never: 0, attention: 0 };
  for (let row = 0; row < sheet.rows; row++) {
    if (!includes(row)) continue;
    counts[stateOf(sheet, row, linked)]++;
    if (priorityOf(sheet, row) > 0) counts.attention++;
  }
  return counts;
}
