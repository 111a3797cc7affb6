import { z } from 'zod';

/** A mapping file as it is written: which topics carry JSON, and which place of it is which point. */
const text = z.string().min(1);

const time = z.strictObject({
  path: text,
  /** ms or s since epoch, or text such as `2026-06-01T08:00:00+08:00` */
  format: z.enum(['ms', 's', 'iso']).default('ms'),
  /** of a text that names none */
  zone: z
    .string()
    .regex(/^(Z|[+-]\d\d:\d\d)$/, 'a zone such as +08:00 or Z')
    .default('Z'),
});

const quality = z.strictObject({
  path: text,
  /** with any other the value is bad */
  good: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
});

const point = z.strictObject({
  /** name in the catalogue; places of the topic may stand in it: `LO/{pump}/HZ` */
  point: text,
  path: text,
  /** the unit of the payload; the catalogue's when left out */
  unit: text.optional(),
  /** words or codes of the payload and what they are as numbers */
  map: z.record(z.string(), z.number()).optional(),
  /** for raw counts: value × scale + offset, before the unit */
  scale: z.number().default(1),
  offset: z.number().default(0),
});

const source = z.strictObject({
  topic: text,
  /** the station's code, made of the places of the topic */
  station: text.default('{station}'),
  /** where a payload holds several records, each read by the paths below: `$.samples[*]` */
  each: text.optional(),
  /** when it was measured; the time of arrival when left out */
  time: time.optional(),
  quality: quality.optional(),
  points: z.array(point).min(1),
});

export const mappingFile = z.strictObject({ sources: z.array(source).min(1) });
export type SourceEntry = z.output<typeof source>;
export type PointEntry = z.output<typeof point>;
