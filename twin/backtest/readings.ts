import type { Mapping } from './mapping.ts';

/** One value of an export, in the catalogue's unit. */
export interface Reading {
  /** ms since epoch */
  time: number;
  station: string;
  point: string;
  value: number;
}

/** What of an export could not be used, counted by reason. */
export type Rejected = Record<'time' | 'station' | 'point' | 'number', number>;

/** Reads rows of an export (column → text) by its mapping; what cannot be read is counted, never guessed. */
export function readingsOf(
  rows: Iterable<Readonly<Record<string, string>>>,
  mapping: Mapping,
): { readings: Reading[]; rejected: Rejected } {
  const readings: Reading[] = [];
  const rejected: Rejected = { time: 0, station: 0, point: 0, number: 0 };
  const add = (time: number, station: string, name: string, text: string) => {
    const known = Object.hasOwn(mapping.points, name) ? mapping.points[name] : undefined;
    if (!known) {
      rejected.point++;
      return;
    }
    // an empty cell of a wide table is no value at all
    if (text.trim() === '') return;
    const value = Number(text);
    if (!Number.isFinite(value)) rejected.number++;
    else readings.push({ time, station, point: known.point, value: value * known.factor + known.offset });
  };
  for (const row of rows) {
    const time = timeOf(row[mapping.time.column] ?? '', mapping);
    const station = 'is' in mapping.station ? mapping.station.is : (row[mapping.station.column] ?? '');
    if (time === null) rejected.time++;
    else if (!Object.hasOwn(mapping.stations, station)) rejected.station++;
    else if (mapping.point)
      add(time, station, row[mapping.point.column] ?? '', row[mapping.point.value] ?? '');
    else for (const name of Object.keys(mapping.points)) add(time, station, name, row[name] ?? '');
  }
  // rows of one moment keep their order
  readings.sort((a, b) => a.time - b.time);
  return { readings, rejected };
}

const NAMES_ZONE = /(?:Z|[+-]\d\d:?\d\d)$/i;

function timeOf(text: string, { time: { format, zone } }: Mapping): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (format !== 'iso') {
    const number = Number(trimmed) * (format === 'epoch-s' ? 1000 : 1);
    return Number.isFinite(number) ? Math.round(number) : null;
  }
  const iso = trimmed.replaceAll('/', '-').replace(' ', 'T');
  const time = Date.parse(NAMES_ZONE.test(iso) ? iso : `${iso.includes('T') ? iso : `${iso}T00:00`}${zone}`);
  return Number.isNaN(time) ? null : time;
}
