import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter } from '#twin/wire/bytes.ts';

/** The values of one station that changed at one instant: what a gateway reports. */
export interface ReportFrame {
  /** number of the station in this gateway process */
  station: number;
  /** when it was measured, ms since epoch */
  time: number;
  /** point indexes, growing */
  points: Uint16Array;
  /** one value per point; NaN: the sensor gives nothing */
  values: Float64Array;
}

/** Smallest step of each point of a station; the queue stores whole steps. */
export type StepsOf = (station: number) => readonly number[];

const HEADER = 8;

/**
 * Appends one record: length u32, CRC-32 u32 of the body, body (station varint, time f64, count varint, then per
 * point its distance to the one before and its value in steps; 0 = no value, else zigzag + 1).
 */
export function writeRecord(out: ByteWriter, frame: ReportFrame, steps: readonly number[]): void {
  body.clear();
  body.varint(frame.station);
  body.f64(frame.time);
  body.varint(frame.points.length);
  let last = 0;
  for (let i = 0; i < frame.points.length; i++) {
    const point = frame.points[i]!;
    body.varint(point - last);
    last = point;
    const value = Math.round(frame.values[i]! / steps[point]!);
    // what no sensor means (infinite, or beyond exact integers) is no value
    body.varint(Math.abs(value) < 2 ** 51 ? (value < 0 ? -2 * value - 1 : 2 * value) + 1 : 0);
  }
  const bytes = body.toBytes();
  out.u32(bytes.length);
  out.u32(crc32(bytes));
  out.raw(bytes);
}

const body = new ByteWriter(512);

/** No record is longer: 4,096 points of eleven bytes each have room in it. Only a search needs a bound. */
const LONGEST_BODY = 64 * 1024;
/** No `Date` is later. */
const LAST_TIME = 8.64e15;

/**
 * Reads the records of `bytes`. Where one is damaged the next whole one is looked for, and how many bytes stand between is told to
 * `skipped`. Returns where the last whole one ends: beyond stands what a crash cut short, or damage.
 */
export function readRecords(
  bytes: Uint8Array,
  stepsOf: StepsOf,
  take: (frame: ReportFrame) => void,
  skipped: (count: number) => void = () => undefined,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let whole = 0;
  for (let at = 0; at + HEADER <= bytes.length; ) {
    const isNext = at === whole;
    const body =
      isNext || mayBeRecord(bytes, view, at)
        ? bodyAt(bytes, view, at, isNext ? bytes.length : LONGEST_BODY)
        : undefined;
    if (!body) {
      at++;
      continue;
    }
    if (at > whole) skipped(at - whole);
    take(readBody(body, stepsOf));
    at += HEADER + body.length;
    whole = at;
  }
  return whole;
}

/** The body of the record that begins at `at`; undefined when none does, or one that is longer. */
function bodyAt(bytes: Uint8Array, view: DataView, at: number, longest: number): Uint8Array | undefined {
  const length = view.getUint32(at, true);
  const begin = at + HEADER;
  // no record is empty: a run of zeros is what a power cut leaves, and its checksum would be right
  if (length === 0 || length > longest || begin + length > bytes.length) return undefined;
  const body = bytes.subarray(begin, begin + length);
  return crc32(body) === view.getUint32(at + 4, true) ? body : undefined;
}

/** Whether what begins at `at` may be a record: a station and a time. It spares a search most checksums. */
function mayBeRecord(bytes: Uint8Array, view: DataView, at: number): boolean {
  let stationEnds = at + HEADER;
  for (let more = 0; more < 4 && bytes[stationEnds]! >= 0x80; more++) stationEnds++;
  if (stationEnds + 9 > bytes.length) return false;
  const time = view.getFloat64(stationEnds + 1, true);
  return time >= 1 && time <= LAST_TIME;
}

function readBody(record: Uint8Array, stepsOf: StepsOf): ReportFrame {
  const input = new ByteReader(record);
  const station = input.varint();
  const time = input.f64();
  const count = input.varint();
  const steps = stepsOf(station);
  const points = new Uint16Array(count);
  const values = new Float64Array(count);
  let point = 0;
  for (let i = 0; i < count; i++) {
    point += input.varint();
    points[i] = point;
    const raw = input.varint();
    values[i] = raw === 0 ? Number.NaN : unzigzag(raw - 1) * (steps[point] ?? 1);
  }
  return { station, time, points, values };
}

const unzigzag = (raw: number): number => (raw % 2 === 1 ? -(raw + 1) / 2 : raw / 2);
