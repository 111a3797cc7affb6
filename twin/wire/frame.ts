import type { Template } from '#twin/catalogue/template.ts';
import { ByteReader, type ByteWriter } from './bytes.ts';

/**
 * A frame by itself: no delta to another frame, so that frames can be cut, copied and dropped as bytes.
 *
 *     time (zigzag ms since 2020) · count · count × (point · [flags] · value)
 *
 * point: zigzag distance from the previous one, doubled, plus 1 when flags follow; flags: quality and how the
 * value is kept; value: zigzag number of resolution steps. A noisy pressure costs three bytes.
 */

/** 2020-01-01T00:00:00Z */
const EPOCH = 1_577_836_800_000;
const QUALITY_BITS = 7;
const NO_VALUE = 8;
const RAW_VALUE = 16;
/** Larger numbers of steps are kept as float64. */
const MOST_STEPS = 2 ** 50;

/** How values of a point become whole numbers: steps = value · times / by, with one of the two being 1. */
export interface Scale {
  times: number;
  by: number;
}

/** 0.001 → ·1000, 5 → /5: values that are decimal stay the nearest float64 to it, without a trail of 0.30000000000000004. */
export function scaleOf(resolution: number): Scale {
  const inverse = Math.round(1 / resolution);
  return inverse >= 1 && Math.abs(1 / resolution - inverse) < 1e-9 * inverse
    ? { times: inverse, by: 1 }
    : { times: 1, by: resolution };
}

/** Scales of a template's points, by index; made once per template. */
export function scalesOf(template: Template): readonly Scale[] {
  let scales = known.get(template);
  if (!scales) {
    scales = template.points.map((point) => scaleOf(point.resolution));
    known.set(template, scales);
  }
  return scales;
}
const known = new WeakMap<Template, readonly Scale[]>();

/** Whole steps, or NaN when the value is none or too large to be counted in steps. */
export function stepsOf(value: number, scale: Scale): number {
  const steps = Math.round((value * scale.times) / scale.by);
  return Math.abs(steps) <= MOST_STEPS ? steps : Number.NaN;
}

export function valueOfSteps(steps: number, scale: Scale): number {
  return (steps * scale.by) / scale.times;
}

/**
 * Writes the first `count` of points, values and qualities, all of the same length or longer, points in any
 * order. Values come back rounded to the point's resolution; NaN (no value) stays NaN.
 */
export function writeFrame(
  out: ByteWriter,
  scales: readonly Scale[],
  t: number,
  count: number,
  points: ArrayLike<number>,
  values: ArrayLike<number>,
  qualities: ArrayLike<number>,
): void {
  if (!Number.isSafeInteger(t)) throw new RangeError(`time of a frame must be whole ms, not ${t}`);
  out.zigzag(t - EPOCH);
  out.varint(count);
  let previous = -1;
  for (let i = 0; i < count; i++) {
    const point = points[i]!;
    const scale = scales[point];
    if (!scale) throw new RangeError(`no point ${point} in a template of ${scales.length}`);
    const value = values[i]!;
    const quality = qualities[i]! & QUALITY_BITS;
    const steps = stepsOf(value, scale);
    const plain = !Number.isNaN(steps);
    const gap = point - previous;
    const head = 2 * (gap < 0 ? -2 * gap - 1 : 2 * gap);
    previous = point;
    if (plain && quality === 0) {
      out.varint(head);
      out.zigzag(steps);
      continue;
    }
    out.varint(head + 1);
    if (plain) {
      out.u8(quality);
      out.zigzag(steps);
    } else if (Number.isNaN(value)) {
      out.u8(quality | NO_VALUE);
    } else {
      out.u8(quality | RAW_VALUE);
      out.f64(value);
    }
  }
}

/** When a frame was measured, without reading the rest. */
export function timeOfFrame(frame: Uint8Array): number {
  return new ByteReader(frame).zigzag() + EPOCH;
}

/** Reads frames one after the other into arrays of its own, which the next read overwrites. */
export class FrameReader {
  t = 0;
  count = 0;
  points = new Uint16Array(256);
  values = new Float64Array(256);
  qualities = new Uint8Array(256);

  /** Throws RangeError when the bytes end within the frame or name a point that the template has not. */
  read(from: ByteReader, scales: readonly Scale[]): void {
    this.t = from.zigzag() + EPOCH;
    const count = from.varint();
    if (count > this.points.length) this.grow(count);
    this.count = count;
    let point = -1;
    for (let i = 0; i < count; i++) {
      const head = from.varint();
      const flagged = head % 2 === 1;
      const gap = (head - (flagged ? 1 : 0)) / 2;
      point += gap % 2 === 1 ? -(gap + 1) / 2 : gap / 2;
      const scale = scales[point];
      if (!scale) throw new RangeError(`no point ${point} in a template of ${scales.length}`);
      const flags = flagged ? from.u8() : 0;
      this.points[i] = point;
      this.qualities[i] = flags & QUALITY_BITS;
      this.values[i] =
        (flags & NO_VALUE) !== 0
          ? Number.NaN
          : (flags & RAW_VALUE) !== 0
            ? from.f64()
            : valueOfSteps(from.zigzag(), scale);
    }
  }

  private grow(count: number): void {
    if (count > 65_536) throw new RangeError(`a frame of ${count} values`);
    this.points = new Uint16Array(count);
    this.values = new Float64Array(count);
    this.qualities = new Uint8Array(count);
  }
}
