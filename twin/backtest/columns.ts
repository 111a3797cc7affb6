import { nearNames } from '#twin/nearNames.ts';
import type { Mapping, MappingFault } from './mapping.ts';

/** A column that the mapping names, and where it does. */
interface Wanted {
  column: string;
  path: (string | number)[];
}

/** The columns that an export must have to be read by a mapping. */
export function columnsWanted({ time, station, point, layout, points }: Mapping): Wanted[] {
  const wanted: Wanted[] = [{ column: time.column, path: ['time', 'column'] }];
  if ('column' in station) wanted.push({ column: station.column, path: ['station', 'column'] });
  if (layout === 'long')
    wanted.push(
      { column: point!.column, path: ['point', 'column'] },
      { column: point!.value, path: ['point', 'value'] },
    );
  else wanted.push(...Object.keys(points).map((column) => ({ column, path: ['points', column] })));
  return wanted;
}

/** What of the mapping's columns an export does not have, or has twice; with the columns that may be meant. */
export function columnFaults(mapping: Mapping, columns: readonly string[]): MappingFault[] {
  return columnsWanted(mapping).flatMap(({ column, path }) => {
    const times = columns.filter((one) => one === column).length;
    if (times === 1) return [];
    const message =
      times > 1
        ? `the recording has ${times} columns ${JSON.stringify(column)}`
        : `the recording has no column ${JSON.stringify(column)}${nearest(column, columns)}`;
    return [{ path, message }];
  });
}

const MOST_LISTED = 12;

function nearest(column: string, columns: readonly string[]): string {
  const containing = columns.filter((one) => one !== '' && (one.includes(column) || column.includes(one)));
  const near = [...new Set([...nearNames(column, columns), ...containing])].slice(0, 3);
  if (near.length > 0) return `; did you mean ${quoted(near)}?`;
  const more = columns.length > MOST_LISTED ? ` and ${columns.length - MOST_LISTED} more` : '';
  return `; it has ${quoted(columns.slice(0, MOST_LISTED))}${more}`;
}

const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
