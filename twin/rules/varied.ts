import type { Condition } from './condition.ts';
import type { NumberColumn } from './look.ts';

/**
 * A threshold that some stations have otherwise, by station of a fleet. It is written down when stations come and
 * never again: rows only come, and other values are other conditions.
 */
export function variedNumber({ value, stations }: Extract<Condition, { kind: 'varied' }>): NumberColumn {
  let out = new Float64Array(0);
  let filled = 0;
  const column: (...of: Parameters<NumberColumn>) => Float64Array = ({ fleet }) => {
    const rows = fleet.stations.length;
    if (filled === rows) return out;
    const grown = new Float64Array(rows);
    grown.set(out);
    out = grown;
    made.version++;
    for (; filled < rows; filled++) {
      const { columns, row } = fleet.stations[filled]!;
      const code = columns.codes[row]!;
      out[filled] = Object.hasOwn(stations, code) ? stations[code]! : value;
    }
    return out;
  };
  const made = Object.assign(column, { depth: 'station' as const, version: 0 });
  return made;
}
