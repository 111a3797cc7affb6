import protobuf from 'protobufjs/minimal.js';
import { DataType } from './datatypes.ts';

/**
 * The Sparkplug B payload, by the field numbers of the public Tahu schema (`sparkplug_b.proto`).
 * A metric keeps the wire field its value came in, because a DATA metric may leave its datatype to the birth:
 * `numberOf` gives the number once the type is known.
 */
export interface Payload {
  /** ms since epoch */
  timestamp?: number;
  seq?: number;
  uuid?: string;
  /** bytes whose meaning `uuid` names, such as a compressed payload */
  body?: Uint8Array;
  metrics: Metric[];
}

export type WireField =
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'string'
  | 'bytes'
  | 'dataset'
  | 'template'
  | 'none';

/** A number up to 2^53, the digits of a larger one: two of 64 bits may be one double. */
export type Alias = number | string;

export interface Metric {
  name?: string;
  alias?: Alias;
  /** ms since epoch */
  timestamp?: number;
  datatype?: number;
  historical?: boolean;
  transient?: boolean;
  isNull?: boolean;
  field: WireField;
  /** `long` is signed, exact up to 2^53 (`numberOf` gives the unsigned one); datasets, templates and arrays stay bytes (`parts.ts`) */
  value?: number | boolean | string | Uint8Array;
  properties?: Record<string, number | boolean | string | null>;
}

/** An empty metric takes two bytes to send and a hundred to keep. */
const MOST_METRICS = 50_000;

/** Reads a payload. Throws on bytes that are no protobuf of this schema, or that hold more than 50,000 metrics. */
export function decodePayload(bytes: Uint8Array): Payload {
  const reader = protobuf.Reader.create(bytes);
  const payload: Payload = { metrics: [] };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x08:
        payload.timestamp = integer(reader.uint64());
        break;
      case 0x12:
        if (payload.metrics.length === MOST_METRICS)
          throw new RangeError(`more than ${MOST_METRICS} metrics`);
        payload.metrics.push(readMetric(reader, reader.uint32() + reader.pos));
        break;
      case 0x18:
        payload.seq = integer(reader.uint64());
        break;
      case 0x22:
        payload.uuid = reader.string();
        break;
      case 0x2a:
        payload.body = reader.bytes();
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return payload;
}

export function encodePayload(payload: Payload): Uint8Array {
  const writer = protobuf.Writer.create();
  if (payload.timestamp !== undefined) writer.uint32(0x08).uint64(payload.timestamp);
  for (const metric of payload.metrics) writeMetric(writer.uint32(0x12).fork(), metric).ldelim();
  if (payload.seq !== undefined) writer.uint32(0x18).uint64(payload.seq);
  if (payload.uuid !== undefined) writer.uint32(0x22).string(payload.uuid);
  if (payload.body !== undefined) writer.uint32(0x2a).bytes(payload.body);
  return writer.finish();
}

/**
 * The number of a metric whose type is `datatype` (its own or its birth's), NaN when it is null, infinite or has none.
 * Signed integers travel as two's complement in unsigned fields (section 6.4.16).
 */
export function numberOf(metric: Metric, datatype: number): number {
  if (metric.isNull || metric.value === undefined) return Number.NaN;
  if (typeof metric.value === 'boolean') return metric.value ? 1 : 0;
  if (typeof metric.value !== 'number') return Number.NaN;
  const value = metric.value;
  if (metric.field === 'int' || metric.field === 'long') {
    // a small signed type may come with its own bits, or with its sign in all of the field's
    if (datatype === DataType.Int8) return (value << 24) >> 24;
    if (datatype === DataType.Int16) return (value << 16) >> 16;
    if (datatype === DataType.Int32) return value | 0;
    // the reader took 64 bits as signed, so that small negative numbers stay exact
    if (value < 0 && (datatype === DataType.UInt64 || datatype === DataType.DateTime)) return value + 2 ** 64;
  }
  return Number.isFinite(value) ? value : Number.NaN;
}

/** Reads one metric that ends at `end`; throws as `decodePayload` does. */
export function readMetric(reader: protobuf.Reader, end: number): Metric {
  const metric: Metric = { field: 'none' };
  if (end > reader.len) throw new RangeError('metric is longer than its payload');
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case 0x0a:
        metric.name = reader.string();
        break;
      case 0x10:
        metric.alias = exact(reader.uint64());
        break;
      case 0x18:
        metric.timestamp = integer(reader.uint64());
        break;
      case 0x20:
        metric.datatype = reader.uint32();
        break;
      case 0x28:
        metric.historical = reader.bool();
        break;
      case 0x30:
        metric.transient = reader.bool();
        break;
      case 0x38:
        metric.isNull = reader.bool();
        break;
      case 0x4a:
        metric.properties = readProperties(reader, reader.uint32() + reader.pos);
        break;
      case 0x50:
        metric.field = 'int';
        metric.value = reader.uint32();
        break;
      case 0x58:
        metric.field = 'long';
        metric.value = integer(reader.int64());
        break;
      case 0x65:
        metric.field = 'float';
        metric.value = reader.float();
        break;
      case 0x69:
        metric.field = 'double';
        metric.value = reader.double();
        break;
      case 0x70:
        metric.field = 'boolean';
        metric.value = reader.bool();
        break;
      case 0x7a:
        metric.field = 'string';
        metric.value = reader.string();
        break;
      case 0x82:
        metric.field = 'bytes';
        metric.value = reader.bytes();
        break;
      case 0x8a:
        metric.field = 'dataset';
        metric.value = reader.bytes();
        break;
      case 0x92:
        metric.field = 'template';
        metric.value = reader.bytes();
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return metric;
}

function writeMetric(writer: protobuf.Writer, metric: Metric): protobuf.Writer {
  if (metric.name !== undefined) writer.uint32(0x0a).string(metric.name);
  if (metric.alias !== undefined) writer.uint32(0x10).uint64(metric.alias);
  if (metric.timestamp !== undefined) writer.uint32(0x18).uint64(metric.timestamp);
  if (metric.datatype !== undefined) writer.uint32(0x20).uint32(metric.datatype);
  if (metric.historical) writer.uint32(0x28).bool(true);
  if (metric.transient) writer.uint32(0x30).bool(true);
  if (metric.isNull) writer.uint32(0x38).bool(true);
  if (metric.properties) writeProperties(writer.uint32(0x4a).fork(), metric.properties).ldelim();
  if (!metric.isNull) writeValue(writer, metric);
  return writer;
}

function writeValue(writer: protobuf.Writer, { field, value }: Metric): void {
  if (field === 'int') writer.uint32(0x50).uint32((value as number) >>> 0);
  else if (field === 'long') writer.uint32(0x58).uint64(value as number);
  else if (field === 'float') writer.uint32(0x65).float(value as number);
  else if (field === 'double') writer.uint32(0x69).double(value as number);
  else if (field === 'boolean') writer.uint32(0x70).bool(value as boolean);
  else if (field === 'string') writer.uint32(0x7a).string(value as string);
  else if (field === 'bytes') writer.uint32(0x82).bytes(value as Uint8Array);
  else if (field === 'dataset') writer.uint32(0x8a).bytes(value as Uint8Array);
  else if (field === 'template') writer.uint32(0x92).bytes(value as Uint8Array);
}

type Property = number | boolean | string | null;

function readProperties(reader: protobuf.Reader, end: number): Record<string, Property> {
  const keys: string[] = [];
  const values: Property[] = [];
  if (end > reader.len) throw new RangeError('properties are longer than their payload');
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) keys.push(reader.string());
    else if (tag === 0x12) values.push(readProperty(reader, reader.uint32() + reader.pos));
    else reader.skipType(tag & 7);
  }
  return Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null]));
}

function readProperty(reader: protobuf.Reader, end: number): Property {
  let value: Property = null;
  if (end > reader.len) throw new RangeError('a property is longer than its payload');
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x18) value = reader.uint32();
    else if (tag === 0x20) value = integer(reader.uint64());
    else if (tag === 0x2d) value = reader.float();
    else if (tag === 0x31) value = reader.double();
    else if (tag === 0x38) value = reader.bool();
    else if (tag === 0x42) value = reader.string();
    else reader.skipType(tag & 7);
  }
  return value;
}

function writeProperties(writer: protobuf.Writer, properties: Record<string, Property>): protobuf.Writer {
  for (const key of Object.keys(properties)) writer.uint32(0x0a).string(key);
  for (const value of Object.values(properties)) writeProperty(writer.uint32(0x12).fork(), value).ldelim();
  return writer;
}

function writeProperty(writer: protobuf.Writer, value: Property): protobuf.Writer {
  if (value === null) return writer.uint32(0x08).uint32(DataType.String).uint32(0x10).bool(true);
  if (typeof value === 'string')
    return writer.uint32(0x08).uint32(DataType.String).uint32(0x42).string(value);
  if (typeof value === 'boolean')
    return writer.uint32(0x08).uint32(DataType.Boolean).uint32(0x38).bool(value);
  return writer.uint32(0x08).uint32(DataType.Double).uint32(0x31).double(value);
}

/** The reader gives Long objects where the `long` package is there, plain numbers elsewhere. */
export const integer = (value: unknown): number =>
  typeof value === 'number' ? value : (value as { toNumber(): number }).toNumber();

function exact(value: unknown): Alias {
  const number = integer(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
