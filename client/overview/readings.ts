import { OVERVIEW_COLUMNS, type OverviewColumn } from '#twin/overview/columns.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { formatSigned, formatValue } from '../format/number.ts';
import {
  cell,
  type FlagName,
  flagsOf,
  type Priority,
  priorityOf,
  type StateName,
  stateOf,
} from './condition.ts';

export interface Reading {
  column: OverviewColumn;
  value: number;
  text: string;
}

export interface Readings {
  state: StateName;
  priority: Priority;
  flags: FlagName[];
  /** the measured columns that have a value */
  values: Reading[];
}

const MEASURED = OVERVIEW_COLUMNS.filter(
  ({ key }) => key !== 'state' && key !== 'flags' && key !== 'lastMessage',
);

/** What a row of the overview says, as text. */
export function readings(sheet: Sheet, row: number, linked: boolean): Readings {
  const values: Reading[] = [];
  for (const column of MEASURED) {
    const value = cell(sheet, row, column.key);
    if (Number.isNaN(value)) continue;
    const format = column.key === 'pressureError' ? formatSigned : formatValue;
    values.push({ column, value, text: format(value, column.resolution) });
  }
  return {
    state: stateOf(sheet, row, linked),
    priority: priorityOf(sheet, row),
    flags: flagsOf(sheet, row),
    values,
  };
}

/** Age of the row's last message at `now`, ms; NaN when there was none. */
export const ageOf = (sheet: Sheet, row: number, now: number): number =>
  Math.max(0, now - cell(sheet, row, 'lastMessage') * 1000);
