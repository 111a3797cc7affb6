import { z } from 'zod';

/**
 * What the demo's field speaks over ZeroMQ, in place of a fieldbus. Two sockets:
 * - PUB `inputs`: input images. One message = the images of some stations at one sampling instant.
 * - REP `requests`: JSON questions, JSON answers (`fieldRequest`); the answer to `log` has a second, binary frame.
 *
 * An input image is every point of the station's template in order, as the sensors give it (resolution,
 * noise and faults included). NaN: the sensor gives nothing.
 *
 * Layout of an inputs message, little endian: time f64 (ms since epoch), count u32, reserved u32, then per
 * station: number u32 (its place in the answer to `describe`), points u32, points × f64.
 */
export interface InputImage {
  station: number;
  values: Float64Array;
}

export function encodeInputs(time: number, images: readonly InputImage[]): Uint8Array<ArrayBuffer> {
  const size = images.reduce((bytes, image) => bytes + 8 + image.values.length * 8, 16);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, time, true);
  view.setUint32(8, images.length, true);
  let at = 16;
  for (const { station, values } of images) {
    view.setUint32(at, station, true);
    view.setUint32(at + 4, values.length, true);
    new Float64Array(bytes.buffer, at + 8, values.length).set(values);
    at += 8 + values.length * 8;
  }
  return bytes;
}

/** Calls `take` once per station. `values` is only valid during the call. Throws RangeError on a short message. */
export function decodeInputs(
  bytes: Uint8Array,
  take: (time: number, station: number, values: Float64Array) => void,
): void {
  // images are aligned to eight bytes inside the message; the message itself may not be
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const time = view.getFloat64(0, true);
  const count = view.getUint32(8, true);
  let at = 16;
  for (let i = 0; i < count; i++) {
    const station = view.getUint32(at, true);
    const points = view.getUint32(at + 4, true);
    if (at + 8 + points * 8 > aligned.byteLength)
      throw new RangeError(`inputs message ends inside station ${station}`);
    take(time, station, new Float64Array(aligned.buffer, aligned.byteOffset + at + 8, points));
    at += 8 + points * 8;
  }
}

export const fieldRequest = z.discriminatedUnion('ask', [
  /** which stations are wired here → `fieldDescription` */
  z.object({ ask: z.literal('describe') }),
  /**
   * the local logger: main points of one station every five minutes over the last 24 h
   * → `fieldLog`, then a binary frame of times.length × points.length f64, row by row
   */
  z.object({ ask: z.literal('log'), station: z.number().int().nonnegative() }),
  /** set an output (a writable point) of a station → `{ok: true}` */
  z.object({
    ask: z.literal('write'),
    station: z.number().int().nonnegative(),
    point: z.string(),
    value: z.number(),
  }),
]);
export type FieldRequest = z.infer<typeof fieldRequest>;

/** What a person may ask of the demo's field that no gateway asks. */
export const faultRequest = z.discriminatedUnion('ask', [
  /**
   * let the events of a scenario (the text of its file) happen, their times counted from now, or from the first of
   * them with `atOnce` → `{injected: fieldFault}`, or `fieldError` with what is wrong in the text
   */
  z.object({
    ask: z.literal('inject'),
    scenario: z.string().max(1_000_000),
    atOnce: z.boolean().default(false),
  }),
  /** what was injected and is not over → `fieldFaults` */
  z.object({ ask: z.literal('faults') }),
  /** end an injected scenario → `{ok: true}` */
  z.object({ ask: z.literal('clear'), id: z.string() }),
]);
export type FaultRequest = z.input<typeof faultRequest>;

/** `stations[i].code` is wired as station number i. */
export const fieldDescription = z.object({
  samplePeriodMs: z.number(),
  stations: z.array(z.object({ code: z.string(), template: z.string() })),
});
export type FieldDescription = z.infer<typeof fieldDescription>;

export const fieldLog = z.object({ points: z.array(z.string()), times: z.array(z.number()) });

/** An injected scenario. Times in ms since epoch; null: nobody knows yet. */
export const fieldFault = z.object({
  id: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  since: z.number(),
  until: z.number(),
  events: z.array(
    z.object({
      text: z.string(),
      phase: z.enum(['waiting', 'in force', 'over']),
      from: z.number().nullable(),
      until: z.number().nullable(),
    }),
  ),
  /** what happened so far */
  log: z.array(z.object({ time: z.number(), text: z.string() })),
});
export type FieldFault = z.infer<typeof fieldFault>;

export const fieldFaults = z.object({ faults: z.array(fieldFault) });

/** `issues`: each mistake of a text, with its line. */
export const fieldError = z.object({
  error: z.string(),
  issues: z
    .array(
      z.object({ line: z.number(), path: z.array(z.union([z.string(), z.number()])), message: z.string() }),
    )
    .optional(),
});
