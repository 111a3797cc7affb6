import type { PointScope } from '#twin/catalogue/definition.ts';
import type { TemplateColumns } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import type { PointRef } from './condition.ts';
import type { Fleet, FleetPart } from './fleet.ts';
import {
  Flag,
  type FlagColumn,
  flagsOncePerLook,
  type Look,
  type NumberColumn,
  oncePerLook,
} from './look.ts';
import type { Span } from './span.ts';
import type { Spot } from './spots.ts';

/** Loops that bring what the columns of templates hold into the rows of a fleet. */

/** The depth at which a point has a value of its own: one that is named in full has one per station. */
export const depthOfPoint = ({ scope, zone }: PointRef): PointScope => (zone ? 'station' : scope);

/** Full name of a point as seen from a spot: `LO/P1/HZ`. */
export function pointName({ tag, scope, zone, pump }: PointRef, spot: Spot): string {
  if (scope === 'station') return tag;
  const set = zone ?? spot.zone;
  return scope === 'set' ? `${set}/${tag}` : `${set}/${pump ?? spot.pump}/${tag}`;
}

/**
 * Where a point stands in the templates of the parts of a fleet: by part, one place for each spot of it, −1 where it has
 * none. Found once.
 */
function places(ref: PointRef): (fleet: Fleet) => readonly Int32Array[] {
  const found: Int32Array[] = [];
  return ({ parts }) => {
    for (const { columns, places } of parts.slice(found.length))
      found.push(
        Int32Array.from(
          places[depthOfPoint(ref)],
          ({ spot }) => columns.template.index.get(pointName(ref, spot)) ?? NOWHERE,
        ),
      );
    return found;
  };
}

/** In place of the place of a point. */
const NOWHERE = -1;

/** A point's values where their quality is accepted. @param accepts by quality code: 1 when a value of it counts */
export function pointNumber(ref: PointRef, accepts: Uint8Array): NumberColumn {
  const at = places(ref);
  const depth = depthOfPoint(ref);
  const column = oncePerLook(depth, ({ fleet }, out) => {
    const indexes = at(fleet);
    for (let part = 0; part < indexes.length; part++) {
      const { columns, places } = fleet.parts[part]!;
      for (let spot = 0; spot < indexes[part]!.length; spot++) {
        const index = indexes[part]![spot]!;
        const { rows } = places[depth][spot]!;
        if (index === NOWHERE) blank(rows, out);
        else bring(columns, index * columns.stride, accepts, rows, out);
      }
    }
  });
  let asked: Look | null = null;
  let known: Span | null = null;
  const span = (look: Look): Span | null => {
    if (asked !== look) known = spanOver(look.fleet, at(look.fleet), accepts);
    asked = look;
    return known;
  };
  return Object.assign(column, { span });
}

/** Fewer rows are copied sooner one by one. */
const FEW = 32;

/** @param from of the first row in all values and all qualities */
function bring(
  columns: TemplateColumns,
  from: number,
  accepts: Uint8Array,
  rows: Int32Array,
  out: Float64Array,
): void {
  const { allValues: values, allQualities: qualities } = columns;
  const count = rows.length;
  const first = rows[0]!;
  // many stations that came together lie side by side: they are copied as one
  const together = count >= FEW && rows[count - 1]! - first === count - 1;
  if (together) out.set(values.subarray(from, from + count), first);
  else for (let row = 0; row < count; row++) out[rows[row]!] = values[from + row]!;
  if (allCount(columns, from, accepts, count)) return;
  for (let row = 0; row < count; row++)
    if (accepts[qualities[from + row]!] !== 1) out[rows[row]!] = Number.NaN;
}

/** Whether the first values all count: nearly all are good, nearly always. */
function allCount(
  { allQualities, qualityWords }: TemplateColumns,
  from: number,
  accepts: Uint8Array,
  count: number,
): boolean {
  if (seenOf(qualityWords, allQualities, from, count) === Quality.good) return accepts[Quality.good] === 1;
  for (let at = from; at < from + count; at++) if (accepts[allQualities[at]!] !== 1) return false;
  return true;
}

/** All bits of some qualities, four of them at a time. @param from a multiple of four */
function seenOf(words: Uint32Array, qualities: Uint8Array, from: number, count: number): number {
  let bits = 0;
  const whole = (from + count) >> 2;
  for (let word = from >> 2; word < whole; word++) bits |= words[word]!;
  bits |= bits >>> 16;
  bits |= bits >>> 8;
  bits &= 0xff;
  for (let at = whole << 2; at < from + count; at++) bits |= qualities[at]!;
  return bits;
}

/** The least and the most of a point, read where they are; null while one is not known. */
function spanOver({ parts }: Fleet, indexes: readonly Int32Array[], accepts: Uint8Array): Span | null {
  const all = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  for (let part = 0; part < indexes.length; part++) {
    const { columns } = parts[part]!;
    const { allValues, stride, codes } = columns;
    for (let spot = 0; spot < indexes[part]!.length; spot++) {
      const index = indexes[part]![spot]!;
      if (index === NOWHERE || !allCount(columns, index * stride, accepts, codes.length)) return null;
      if (!widen(all, allValues, index * stride, codes.length)) return null;
    }
  }
  return all;
}

/** Takes the first values into a span. @returns false when one of them is none */
function widen(
  span: { least: number; most: number },
  values: Float64Array,
  from: number,
  count: number,
): boolean {
  let { least, most } = span;
  for (let at = from; at < from + count; at++) {
    const value = values[at]!;
    if (value >= least && value <= most) continue;
    if (Number.isNaN(value)) return false;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  span.least = least;
  span.most = most;
  return true;
}

function blank(rows: Int32Array, out: Float64Array): void {
  for (let row = 0; row < rows.length; row++) out[rows[row]!] = Number.NaN;
}

/** Seconds since a point was measured. */
export function pointAge(ref: PointRef): NumberColumn {
  const at = places(ref);
  const depth = depthOfPoint(ref);
  return oncePerLook(depth, ({ fleet, now }, out) => {
    const indexes = at(fleet);
    fleet.parts.forEach(({ columns, places }, part) => {
      places[depth].forEach(({ rows }, spot) => {
        const index = indexes[part]![spot]!;
        if (index === NOWHERE) blank(rows, out);
        else since(columns.times[index]!, now, rows, out);
      });
    });
  });
}

/** Seconds since times (ms since epoch, 0 = never). */
function since(times: Float64Array, now: number, rows: Int32Array, out: Float64Array): void {
  for (let row = 0; row < rows.length; row++)
    out[rows[row]!] = times[row] === 0 ? Number.NaN : (now - times[row]!) / 1000;
}

/** Where a point has a quality; not known where it was never measured. */
export function pointHasQuality(ref: PointRef, wanted: number): FlagColumn {
  const at = places(ref);
  const depth = depthOfPoint(ref);
  return flagsOncePerLook(depth, ({ fleet }, out) => {
    const indexes = at(fleet);
    if (indexes.every((spots, part) => lacks(fleet.parts[part]!, spots, wanted))) return 0;
    let some = 0;
    fleet.parts.forEach(({ columns: { qualities, times }, places }, part) => {
      places[depth].forEach(({ rows }, spot) => {
        const index = indexes[part]![spot]!;
        if (index === NOWHERE) some |= unknownAt(rows, out);
        else some |= marked(qualities[index]!, times[index]!, wanted, rows, out);
      });
    });
    return some;
  });
}

/** Whether a quality is seen nowhere, and every value was measured. */
function lacks(
  { columns: { qualities, times, codes } }: FleetPart,
  spots: Int32Array,
  wanted: number,
): boolean {
  for (const index of spots)
    if (index === NOWHERE || !hasNone(qualities[index]!, times[index]!, wanted, codes.length)) return false;
  return true;
}

function hasNone(qualities: Uint8Array, times: Float64Array, wanted: number, count: number): boolean {
  for (let row = 0; row < count; row++) if (qualities[row] === wanted || times[row] === 0) return false;
  return true;
}

function marked(
  qualities: Uint8Array,
  times: Float64Array,
  wanted: number,
  rows: Int32Array,
  out: Uint8Array,
): number {
  let some = 0;
  for (let row = 0; row < rows.length; row++) {
    const flag = times[row] === 0 ? Flag.unknown : qualities[row] === wanted ? Flag.yes : Flag.no;
    out[rows[row]!] = flag;
    some |= flag;
  }
  return some;
}

function unknownAt(rows: Int32Array, out: Uint8Array): number {
  for (let row = 0; row < rows.length; row++) out[rows[row]!] = Flag.unknown;
  return rows.length > 0 ? Flag.unknown : 0;
}

/** Seconds without a message of the station; those in which nobody listened say nothing of it. */
export const silences = (): NumberColumn =>
  oncePerLook('station', ({ fleet, now }, out) => {
    for (const { columns, places } of fleet.parts) {
      const { lastMessage, awaitedSince } = columns;
      const { rows } = places.station[0]!;
      for (let row = 0; row < rows.length; row++) {
        const last = lastMessage[row] || awaitedSince[row]!;
        out[rows[row]!] = last === 0 ? Number.NaN : (now - last) / 1000;
      }
    }
  });

/** Whether the station's death was announced. */
export const offline = (): FlagColumn =>
  flagsOncePerLook('station', ({ fleet }, out) => {
    let some = 0;
    for (const { columns, places } of fleet.parts) {
      const { lastMessage, offlineSince } = columns;
      const { rows } = places.station[0]!;
      for (let row = 0; row < rows.length; row++) {
        const last = lastMessage[row]!;
        const flag = last === 0 ? Flag.unknown : offlineSince[row]! >= last ? Flag.yes : Flag.no;
        out[rows[row]!] = flag;
        some |= flag;
      }
    }
    return some;
  });
