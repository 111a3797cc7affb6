import { ByteReader, ByteWriter } from './bytes.ts';

/**
 * The live socket's one codec: a sheet of numbers (rows × columns), sent whole once (snapshot) and then
 * as the cells that changed (delta). A cell travels as an integer count of its resolution, so a pressure
 * in steps of 0.001 MPa costs one or two bytes. NaN means: no value.
 *
 * Layout: kind u8, topic text, time f64 (ms since epoch), then
 * snapshot: rows varint, columns varint, every cell; delta: for each changed row its distance to the row
 * before (varint), a bit mask of its changed columns (varint), and the changed cells as differences; the end
 * of the message ends the list.
 */
export interface Sheet {
  rows: number;
  columns: number;
  /** row-major, rows × columns */
  values: Float64Array;
}

/** Resolution of a cell; both ends must use the same. */
export type Resolution = (row: number, column: number) => number;

export type SheetMessage =
  | { kind: 'snapshot'; topic: string; time: number; sheet: Sheet }
  | { kind: 'delta'; topic: string; time: number; changedRows: number[] };

const SNAPSHOT = 1;
const DELTA = 2;

export function emptySheet(rows: number, columns: number): Sheet {
  return { rows, columns, values: new Float64Array(rows * columns).fill(Number.NaN) };
}

/** The whole sheet as one message. At most 30 columns. */
export function encodeSnapshot(
  topic: string,
  time: number,
  sheet: Sheet,
  resolution: Resolution,
): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(64 + sheet.values.length * 2);
  head(out, SNAPSHOT, topic, time);
  out.varint(sheet.rows);
  out.varint(sheet.columns);
  for (let row = 0, cell = 0; row < sheet.rows; row++) {
    for (let column = 0; column < sheet.columns; column++, cell++) {
      writeCell(out, steps(sheet.values[cell]!, resolution(row, column)), 0);
    }
  }
  return out.toBytes();
}

/**
 * The cells of `next` that differ from `sent` by at least half a resolution step, or null when none does.
 * `sent` is brought up to what the receiver then has. Both sheets must have the same shape.
 */
export function encodeDelta(
  topic: string,
  time: number,
  sent: Sheet,
  next: Sheet,
  resolution: Resolution,
): Uint8Array<ArrayBuffer> | null {
  if (sent.rows !== next.rows || sent.columns !== next.columns)
    throw new Error(`sheet ${topic} changed its shape: send a snapshot`);
  const out = new ByteWriter(4096);
  head(out, DELTA, topic, time);
  const columns = next.columns;
  let last = 0;
  let any = false;
  for (let row = 0; row < next.rows; row++) {
    let mask = 0;
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      if (differs(sent.values[start + column]!, next.values[start + column]!, resolution(row, column)))
        mask |= 1 << column;
    }
    if (mask === 0) continue;
    any = true;
    out.varint(row - last);
    last = row;
    out.varint(mask);
    for (let column = 0; column < columns; column++) {
      if ((mask & (1 << column)) === 0) continue;
      const step = resolution(row, column);
      const before = steps(sent.values[start + column]!, step);
      writeCell(out, steps(next.values[start + column]!, step), Number.isNaN(before) ? 0 : before);
      sent.values[start + column] = next.values[start + column]!;
    }
  }
  return any ? out.toBytes() : null;
}

/**
 * Reads a message. A snapshot gives a new sheet; a delta is applied to the sheet that `sheetOf` holds for its
 * topic and tells which rows changed. `resolutionOf` gives the resolutions of a topic.
 * Throws on a delta without a snapshot before it and on bytes that end early.
 */
export function decodeSheet(
  bytes: Uint8Array,
  sheetOf: (topic: string) => Sheet | undefined,
  resolutionOf: (topic: string) => Resolution,
): SheetMessage {
  const input = new ByteReader(bytes);
  const kind = input.u8();
  const topic = input.text();
  const time = input.f64();
  const resolution = resolutionOf(topic);
  if (kind === SNAPSHOT) return { kind: 'snapshot', topic, time, sheet: readSheet(input, resolution) };
  if (kind !== DELTA) throw new RangeError(`unknown kind of live message: ${kind}`);
  const sheet = sheetOf(topic);
  if (!sheet) throw new Error(`delta before snapshot: ${topic}`);
  return { kind: 'delta', topic, time, changedRows: applyDelta(input, sheet, resolution, topic) };
}

function readSheet(input: ByteReader, resolution: Resolution): Sheet {
  const rows = input.varint();
  const columns = input.varint();
  // a cell is a byte at least: a shape larger than its message would only cost memory, or, without columns, time
  if (rows * Math.max(1, columns) > input.left)
    throw new RangeError(`${rows} × ${columns} cells in ${input.left} bytes`);
  const sheet = emptySheet(rows, columns);
  for (let row = 0, cell = 0; row < sheet.rows; row++) {
    for (let column = 0; column < sheet.columns; column++, cell++) {
      sheet.values[cell] = readCell(input, 0) * resolution(row, column);
    }
  }
  return sheet;
}

function applyDelta(input: ByteReader, sheet: Sheet, resolution: Resolution, topic: string): number[] {
  const changed: number[] = [];
  let row = 0;
  while (!input.done) {
    row += input.varint();
    if (row >= sheet.rows) throw new RangeError(`row ${row} of ${sheet.rows} in ${topic}`);
    changed.push(row);
    const mask = input.varint();
    for (let column = 0; column < sheet.columns; column++) {
      if ((mask & (1 << column)) === 0) continue;
      const step = resolution(row, column);
      const before = steps(sheet.values[row * sheet.columns + column]!, step);
      sheet.values[row * sheet.columns + column] = readCell(input, Number.isNaN(before) ? 0 : before) * step;
    }
  }
  return changed;
}

function head(out: ByteWriter, kind: number, topic: string, time: number): void {
  out.u8(kind);
  out.text(topic);
  out.f64(time);
}

/** Steps of the resolution; what no sensor means (infinite, or beyond exact integers) travels as no value. */
const steps = (value: number, resolution: number): number => {
  const count = Math.round(value / resolution);
  return Math.abs(count) <= MOST_STEPS ? count : Number.NaN;
};

/** So that the zigzag of a difference of two counts is still an exact integer. */
const MOST_STEPS = 2 ** 50;

function differs(a: number, b: number, resolution: number): boolean {
  if (a === b) return false;
  const from = steps(a, resolution);
  const to = steps(b, resolution);
  return from !== to && !(Number.isNaN(from) && Number.isNaN(to));
}

/** 0 = no value; otherwise the difference, zigzag, plus one. */
function writeCell(out: ByteWriter, value: number, before: number): void {
  const difference = value - before;
  out.varint(Number.isFinite(value) ? (difference < 0 ? -2 * difference - 1 : 2 * difference) + 1 : 0);
}

function readCell(input: ByteReader, before: number): number {
  const raw = input.varint();
  if (raw === 0) return Number.NaN;
  const zigzag = raw - 1;
  return before + (zigzag % 2 === 1 ? -(zigzag + 1) / 2 : zigzag / 2);
}
