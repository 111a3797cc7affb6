import { wordsOf } from './cellWords.ts';
import type { Mapping } from './mapping.ts';
import { timestampOf } from './timestamp.ts';

/** An export as a table. */
export interface Recording {
  columns: readonly string[];
  rows: Iterable<RecordedRow>;
}

export interface RecordedRow {
  /** in the file, from 1 */
  line: number;
  cells: readonly string[];
}

/** One value of an export, in the catalogue's unit. */
export interface Reading {
  /** ms since epoch */
  time: number;
  station: string;
  point: string;
  value: number;
}

/** Why something of an export is not used: its row has too few or too many cells, or one of them cannot be read. */
export const REASONS = ['row', 'time', 'station', 'point', 'number'] as const;
export type Reason = (typeof REASONS)[number];

/** How often, and the first time. */
export interface Rejection {
  count: number;
  line: number;
  /** the cell, or what is wrong with the row */
  said: string;
}

export interface Readings {
  /** in the order of time; those of one moment in that of the file */
  readings: Reading[];
  rejected: Partial<Record<Reason, Rejection>>;
  /** what the mapping names and the recording never has */
  unseen: { stations: string[]; points: string[] };
}

/**
 * Reads an export by its mapping; what cannot be read is counted, never guessed. Its columns must be those that the
 * mapping names (`columnFaults`).
 */
export function readingsOf({ columns, rows }: Recording, mapping: Mapping): Readings {
  const readings: Reading[] = [];
  const rejected: Readings['rejected'] = {};
  const reject = (reason: Reason, line: number, said: string): void => {
    const known = rejected[reason];
    if (known) known.count++;
    else rejected[reason] = { count: 1, line, said };
  };
  const points = new Map(Object.entries(mapping.points).map(([from, of]) => [from, pointOf(of)]));
  const at = (column: string) => columns.indexOf(column);
  const wide = mapping.layout === 'wide' ? [...points].map(([from, of]) => ({ of, index: at(from) })) : [];
  const timeAt = at(mapping.time.column);
  const stationAt = 'column' in mapping.station ? at(mapping.station.column) : -1;
  const nameAt = mapping.point ? at(mapping.point.column) : -1;
  const valueAt = mapping.point ? at(mapping.point.value) : -1;
  const seen = { stations: new Set<string>(), points: new Set<string>() };

  const add = (line: number, time: number, station: string, of: MappedPoint, cell: string): void => {
    // an empty cell of a wide table is no value at all
    if (cell.trim() === '') return;
    const value = of.valueOf(cell);
    if (value === null) reject('number', line, cell);
    else readings.push({ time, station, point: of.point, value });
  };
  for (const { line, cells } of rows) {
    const surplus = cells.slice(columns.length).some((cell) => cell.trim() !== '');
    if (surplus || cells.length < columns.length) {
      reject('row', line, `${cells.length} cells under ${columns.length} columns`);
      continue;
    }
    const time = timeOf(cells[timeAt]!, mapping);
    const station = 'is' in mapping.station ? mapping.station.is : cells[stationAt]!.trim();
    if (time === null) {
      reject('time', line, cells[timeAt]!);
      continue;
    }
    if (!Object.hasOwn(mapping.stations, station)) {
      reject('station', line, station);
      continue;
    }
    seen.stations.add(station);
    for (const { of, index } of wide) add(line, time, station, of, cells[index]!);
    if (nameAt < 0 || mapping.layout === 'wide') continue;
    const name = cells[nameAt]!.trim();
    const known = points.get(name);
    seen.points.add(name);
    if (known) add(line, time, station, known, cells[valueAt]!);
    else reject('point', line, name);
  }
  readings.sort((a, b) => a.time - b.time);
  return {
    readings,
    rejected,
    unseen: {
      stations: Object.keys(mapping.stations).filter((code) => !seen.stations.has(code)),
      points: mapping.layout === 'wide' ? [] : [...points.keys()].filter((name) => !seen.points.has(name)),
    },
  };
}

interface MappedPoint {
  point: string;
  valueOf: (cell: string) => number | null;
}

function pointOf({ point, factor, offset, values }: Mapping['points'][string]): MappedPoint {
  const words = wordsOf(point, values);
  return {
    point,
    valueOf: (cell) => {
      const word = words.get(cell.trim().toLowerCase());
      if (word !== undefined) return word;
      const number = Number(cell);
      return Number.isFinite(number) ? number * factor + offset : null;
    },
  };
}

function timeOf(text: string, { time: { format, zone } }: Mapping): number | null {
  if (format === 'iso') return timestampOf(text, zone);
  if (text.trim() === '') return null;
  const number = Number(text) * (format === 'epoch-s' ? 1000 : 1);
  return Number.isFinite(number) ? Math.round(number) : null;
}
