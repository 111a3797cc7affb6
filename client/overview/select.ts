import type { StationSummary } from '#twin/wire/api.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import type { StateFilter } from '../state/view.ts';
import { cell, priorityOf, stateOf } from './condition.ts';

export type SortBy = 'attention' | 'code' | 'value' | 'age';

export interface Selection {
  district: string;
  state: StateFilter;
  /** part of a name or code; '' for all */
  text: string;
}

/** Whether a row is among those the viewer asked for. */
export function matches(
  stations: readonly StationSummary[],
  sheet: Sheet | undefined,
  linked: boolean,
  { district, state, text }: Selection,
): (row: number) => boolean {
  const wanted = text.trim().toLowerCase();
  return (row) => {
    const station = stations[row];
    if (!station) return false;
    if (district !== '' && station.district !== district) return false;
    if (wanted !== '' && !textOf(station).includes(wanted)) return false;
    if (state === 'all') return true;
    if (!sheet) return false;
    return state === 'attention' ? priorityOf(sheet, row) > 0 : stateOf(sheet, row, linked) === state;
  };
}

/** Rows in the order asked for; equal rows by code, so the list does not dance. */
export function sortRows(
  rows: number[],
  by: SortBy,
  stations: readonly StationSummary[],
  sheet: Sheet | undefined,
  linked: boolean,
  value: (row: number) => number,
): number[] {
  const byCode = (a: number, b: number) => (stations[a]!.code < stations[b]!.code ? -1 : 1);
  if (by === 'code' || !sheet) return rows.sort(byCode);
  const key: (row: number) => number =
    by === 'attention'
      ? (row) => urgency(sheet, row, linked)
      : by === 'age'
        ? (row) => orLast(cell(sheet, row, 'lastMessage'))
        : (row) => orLast(-value(row));
  const keys = new Map(rows.map((row) => [row, key(row)]));
  return rows.sort((a, b) => keys.get(a)! - keys.get(b)! || byCode(a, b));
}

/** Flags first by priority, then the silent, then the rest. */
function urgency(sheet: Sheet, row: number, linked: boolean): number {
  const priority = priorityOf(sheet, row);
  if (priority > 0) return priority;
  return { offline: 5, stale: 6, live: 8, never: 7 }[stateOf(sheet, row, linked)];
}

const orLast = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);

function textOf({ code, name }: StationSummary): string {
  return `${code} ${name.zh} ${name.en}`.toLowerCase();
}
