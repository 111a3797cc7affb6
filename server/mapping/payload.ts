import type { JSONPathQuery, JSONValue } from 'json-p3';
import type { PointRule, Source } from './compile.ts';
import { fill, type Places } from './topic.ts';

/** One value of a JSON payload. */
export interface MappedValue {
  point: string;
  /** NaN: null, or of bad quality */
  value: number;
  /** ms since epoch */
  time: number;
}

/** More in one payload is a mistake or an attack. */
const MOST_RECORDS = 10_000;
const LONGEST = 4 * 1024 * 1024;

/**
 * What a payload says by a source, in the order of its records. `arrived` is the time of values that state none.
 * What a record leaves out is left out. A value that cannot be read, or a record whose time cannot, is told to
 * `unreadable` and the rest is taken. Throws an Error when the payload as a whole cannot be read.
 */
export function readPayload(
  source: Source,
  places: Places,
  bytes: Uint8Array,
  arrived: number,
  unreadable: (what: string) => void,
): MappedValue[] {
  if (bytes.length > LONGEST) throw new Error(`${bytes.length} bytes are more than ${LONGEST}`);
  const document = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const records = source.each ? source.each.query(document).values() : [document];
  if (records.length > MOST_RECORDS) throw new Error(`${records.length} records in one payload`);
  return records.flatMap((record) => readRecord(source, places, record, arrived, unreadable));
}

/** Also what Python's `json` and others write for no number, which JSON has no word for: it becomes null. */
function parse(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch (error) {
    const plain = text.replace(NO_NUMBER, (found) => (found.startsWith('"') ? found : 'null'));
    if (plain === text) throw error;
    return JSON.parse(plain) as JSONValue;
  }
}
/** A text, one that is cut off anywhere too, so that none of its quotes is looked at twice; or a word for no number. */
const NO_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?\b(?:NaN|Infinity)\b/gs;

function readRecord(
  source: Source,
  places: Places,
  record: JSONValue,
  arrived: number,
  unreadable: (what: string) => void,
): MappedValue[] {
  const stated = source.time && first(source.time.path, record);
  const time = source.time ? timeOf(stated, source.time) : arrived;
  if (time === undefined) {
    unreadable(`the time ${JSON.stringify(stated)?.slice(0, 40)} cannot be read`);
    return [];
  }
  const good = source.quality ? source.quality.good.has(first(source.quality.path, record)) : true;
  const values: MappedValue[] = [];
  for (const rule of source.points) {
    const found = first(rule.path, record);
    if (found === undefined) continue;
    const value = numberOf(found, rule);
    if (value === undefined) {
      unreadable(`${rule.point}: ${JSON.stringify(found).slice(0, 40)} is no number`);
      continue;
    }
    values.push({ point: fill(rule.point, places), value: good ? value : Number.NaN, time });
  }
  return values;
}

const first = (path: JSONPathQuery, record: JSONValue): JSONValue | undefined =>
  path.query(record).values()[0];

function numberOf(found: JSONValue, { map, factor, offset }: PointRule): number | undefined {
  if (found === null) return Number.NaN;
  const mapped = map?.get(String(found));
  const number = mapped ?? plainNumber(found);
  return number === undefined ? undefined : number * factor + offset;
}

function plainNumber(found: JSONValue): number | undefined {
  if (typeof found === 'boolean') return found ? 1 : 0;
  if (typeof found !== 'number' && (typeof found !== 'string' || found.trim() === '')) return undefined;
  const number = Number(found);
  return Number.isFinite(number) ? number : undefined;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Undefined when it cannot be read. */
function timeOf(
  found: JSONValue | undefined,
  { format, zone }: NonNullable<Source['time']>,
): number | undefined {
  if (format === 'iso') {
    const parts = typeof found === 'string' ? ISO.exec(found) : null;
    // a day that its month does not have would be one of the next month
    if (!parts || !isDay(parts[1]!)) return undefined;
    const time = Date.parse(`${parts[1]}T${parts[2]}${withColon(parts[3] ?? zone)}`);
    return Number.isNaN(time) ? undefined : time;
  }
  const number = found === undefined ? undefined : plainNumber(found);
  if (number === undefined || typeof found === 'boolean') return undefined;
  // a date's own range: beyond it no calendar has a day
  const time = Math.round(format === 's' ? number * 1000 : number);
  return Math.abs(time) > 8.64e15 ? undefined : time;
}

const isDay = (date: string): boolean => {
  const time = Date.parse(`${date}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
};

/** `+0800` and `+08` as `+08:00`. */
const withColon = (zone: string): string => {
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? zone : `${hours}:${minutes}`;
};
