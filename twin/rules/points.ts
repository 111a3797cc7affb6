import type { PointScope } from '#twin/catalogue/definition.ts';
import type { Template } from '#twin/catalogue/template.ts';
import type { PointRef } from './condition.ts';
import type { Fleet, FleetPart } from './fleet.ts';
import { Flag, type FlagColumn, flagsOncePerLook, type NumberColumn, oncePerLook } from './look.ts';
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

/** Place of a point in a template as seen from each spot of it; −1 where it has none. */
function indexesOf(ref: PointRef, template: Template, spots: FleetPart['places'][PointScope]): number[] {
  return spots.map(({ spot }) => template.index.get(pointName(ref, spot)) ?? -1);
}

/** Where a point stands in each part of the fleet of a column; found once. */
function finder(ref: PointRef): (parts: Fleet['parts']) => readonly (readonly number[])[] {
  const found: number[][] = [];
  return (parts) => {
    for (const part of parts.slice(found.length))
      found.push(indexesOf(ref, part.columns.template, part.places[depthOfPoint(ref)]));
    return found;
  };
}

/** A point's values where their quality is accepted. @param accepts by quality code: 1 when a value of it counts */
export function pointNumber(ref: PointRef, accepts: Uint8Array): NumberColumn {
  const indexes = finder(ref);
  const depth = depthOfPoint(ref);
  return oncePerLook(depth, ({ fleet }, out) => {
    const found = indexes(fleet.parts);
    for (let i = 0; i < found.length; i++) {
      const { columns, places } = fleet.parts[i]!;
      const spots = places[depth];
      for (let spot = 0; spot < spots.length; spot++) {
        const { rows } = spots[spot]!;
        const index = found[i]![spot]!;
        if (index < 0) blank(rows, out);
        else bring(columns.values[index]!, columns.qualities[index]!, accepts, rows, out);
      }
    }
  });
}

/** Fewer rows are copied sooner one by one. */
const FEW = 32;

function bring(
  values: Float64Array,
  qualities: Uint8Array,
  accepts: Uint8Array,
  rows: Int32Array,
  out: Float64Array,
): void {
  const count = rows.length;
  const first = rows[0]!;
  // many stations that came together lie side by side: they are copied as one, and nearly all is good
  if (count >= FEW && rows[count - 1]! - first === count - 1) {
    out.set(values.subarray(0, count), first);
    for (let row = 0; row < count; row++) if (accepts[qualities[row]!] !== 1) out[first + row] = Number.NaN;
    return;
  }
  for (let row = 0; row < count; row++)
    out[rows[row]!] = accepts[qualities[row]!] === 1 ? values[row]! : Number.NaN;
}

function blank(rows: Int32Array, out: Float64Array): void {
  for (let row = 0; row < rows.length; row++) out[rows[row]!] = Number.NaN;
}

/** Seconds since a point was measured. */
export function pointAge(ref: PointRef): NumberColumn {
  const indexes = finder(ref);
  const depth = depthOfPoint(ref);
  return oncePerLook(depth, ({ fleet, now }, out) => {
    const found = indexes(fleet.parts);
    fleet.parts.forEach(({ columns, places }, i) => {
      places[depth].forEach(({ rows }, spot) => {
        const index = found[i]![spot]!;
        if (index < 0) blank(rows, out);
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
  const indexes = finder(ref);
  const depth = depthOfPoint(ref);
  return flagsOncePerLook(depth, ({ fleet }, out) => {
    let some = 0;
    const found = indexes(fleet.parts);
    fleet.parts.forEach(({ columns: { qualities, times }, places }, i) => {
      places[depth].forEach(({ rows }, spot) => {
        const index = found[i]![spot]!;
        some |=
          index < 0 ? unknownAt(rows, out) : marked(qualities[index]!, times[index]!, wanted, rows, out);
      });
    });
    return some;
  });
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
