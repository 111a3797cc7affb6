import type { Template } from '#twin/catalogue/template.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import type { Column, Columns } from './chunk-columns.ts';
import { type Scale, scalesOf, stepsOf, valueOfSteps } from './frame.ts';

/**
 * The values of one station over a window, point by point, before compression: part 0 holds the times at which
 * anything was measured, part i + 1 the column of point i. A reader needs part 0 and the parts it wants.
 *
 * times:  count · first (f64) · differences of successive intervals (zigzag)
 * column: count · [gaps between the used times, when not all are used] · quality runs · values
 * values: zigzag differences in resolution steps, plus one; 0 announces NaN or a float64
 */

const ALL_TIMES = 0;
const SOME_TIMES = 1;
const ESCAPE = 0;
const ESCAPED_NAN = 0;
const ESCAPED_FLOAT = 1;

/** Parts of a chunk; an empty part is a point without values. The columns belong to the template. */
export function encodeChunk(template: Template, columns: Columns): Uint8Array[] {
  const scales = scalesOf(template);
  const times = allTimes(columns);
  const out = new ByteWriter(4096);
  writeTimes(out, times);
  const parts: Uint8Array[] = [out.toBytes()];
  for (let i = 0; i < scales.length; i++) {
    out.clear();
    const column = columns[i];
    if (column && column.t.length > 0) writeColumn(out, column, times, scales[i]!);
    parts.push(out.toBytes());
  }
  return parts;
}

export function decodeTimes(part: Uint8Array): Float64Array {
  const from = new ByteReader(part);
  const times = new Float64Array(from.varint());
  if (times.length === 0) return times;
  let t = from.f64();
  times[0] = t;
  let step = 0;
  for (let i = 1; i < times.length; i++) {
    step += from.zigzag();
    t += step;
    times[i] = t;
  }
  return times;
}

/** A column of the chunk whose times are given; undefined for an empty part. */
export function decodeColumn(part: Uint8Array, times: Float64Array, scale: Scale): Column | undefined {
  if (part.length === 0) return undefined;
  const from = new ByteReader(part);
  const count = from.varint();
  if (count > times.length) throw new RangeError(`${count} values at ${times.length} times`);
  const t = readUsedTimes(from, times, count);
  const qualities = new Uint8Array(count);
  for (let i = 0; i < count; ) {
    const quality = from.u8();
    const end = i + from.varint();
    if (end === i || end > count) throw new RangeError(`quality run to ${end} of ${count}`);
    qualities.fill(quality, i, end);
    i = end;
  }
  const values = new Float64Array(count);
  let steps = 0;
  for (let i = 0; i < count; i++) {
    const code = from.varint();
    if (code === ESCAPE) {
      values[i] = from.u8() === ESCAPED_FLOAT ? from.f64() : Number.NaN;
      continue;
    }
    steps += code % 2 === 0 ? -code / 2 : (code - 1) / 2;
    values[i] = valueOfSteps(steps, scale);
  }
  return { t, values, qualities };
}

function writeTimes(out: ByteWriter, times: Float64Array): void {
  out.varint(times.length);
  if (times.length === 0) return;
  out.f64(times[0]!);
  let step = 0;
  for (let i = 1; i < times.length; i++) {
    const next = times[i]! - times[i - 1]!;
    out.zigzag(next - step);
    step = next;
  }
}

function writeColumn(out: ByteWriter, column: Column, times: Float64Array, scale: Scale): void {
  const { t, values, qualities } = column;
  const count = t.length;
  out.varint(count);
  if (count === times.length) {
    out.u8(ALL_TIMES);
  } else {
    out.u8(SOME_TIMES);
    let used = -1;
    let at = 0;
    for (let i = 0; i < count; i++) {
      while (times[at]! < t[i]!) at++;
      out.varint(at - used - 1);
      used = at;
    }
  }
  for (let i = 0; i < count; ) {
    let end = i + 1;
    while (end < count && qualities[end] === qualities[i]) end++;
    out.u8(qualities[i]!);
    out.varint(end - i);
    i = end;
  }
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    const steps = stepsOf(value, scale);
    if (!Number.isNaN(steps)) {
      const difference = steps - previous;
      out.varint(1 + (difference < 0 ? -2 * difference - 1 : 2 * difference));
      previous = steps;
    } else if (Number.isNaN(value)) {
      out.u8(ESCAPE);
      out.u8(ESCAPED_NAN);
    } else {
      out.u8(ESCAPE);
      out.u8(ESCAPED_FLOAT);
      out.f64(value);
    }
  }
}

function readUsedTimes(from: ByteReader, times: Float64Array, count: number): Float64Array {
  if (from.u8() === ALL_TIMES) {
    if (count !== times.length) throw new RangeError(`${count} values at all of ${times.length} times`);
    return times;
  }
  const t = new Float64Array(count);
  let at = -1;
  for (let i = 0; i < count; i++) {
    at += from.varint() + 1;
    const time = times[at];
    if (time === undefined) throw new RangeError(`no time ${at} of ${times.length}`);
    t[i] = time;
  }
  return t;
}

/** Every time of any column, ascending, each once. Times of one frame are shared by most columns. */
function allTimes(columns: Columns): Float64Array {
  const seen = new Set<number>();
  for (const column of columns) {
    if (column) for (const t of column.t) seen.add(t);
  }
  return Float64Array.from(seen).sort();
}
