import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { decodePayload, encodePayload, type Metric, numberOf } from '#twin/wire/sparkplug/payload.ts';
import { tahuDecode, tahuEncode } from './tahu.ts';

const time = fc.integer({ min: 0, max: 8.64e15 });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'grapheme' });
const bytes = fc.uint8Array({ maxLength: 20 });

const value: fc.Arbitrary<Pick<Metric, 'field' | 'value' | 'isNull' | 'datatype'>> = fc.oneof(
  fc.nat(0xffffffff).map((n) => ({ field: 'int' as const, value: n, datatype: DataType.UInt32 })),
  fc.maxSafeInteger().map((n) => ({ field: 'long' as const, value: n, datatype: DataType.Int64 })),
  float.map((n) => ({ field: 'float' as const, value: n, datatype: DataType.Float })),
  fc.double({ noNaN: true }).map((n) => ({ field: 'double' as const, value: n, datatype: DataType.Double })),
  fc.boolean().map((b) => ({ field: 'boolean' as const, value: b, datatype: DataType.Boolean })),
  text.map((s) => ({ field: 'string' as const, value: s, datatype: DataType.String })),
  bytes.map((b) => ({ field: 'bytes' as const, value: b, datatype: DataType.Bytes })),
  bytes.map((b) => ({ field: 'dataset' as const, value: b, datatype: DataType.DataSet })),
  bytes.map((b) => ({ field: 'template' as const, value: b, datatype: DataType.Template })),
  fc.constant({ field: 'none' as const, isNull: true, datatype: DataType.Double }),
);
const property = fc.oneof(text, fc.boolean(), fc.double({ noNaN: true }), fc.constant(null));
const metric: fc.Arbitrary<Metric> = fc
  .tuple(
    value,
    fc.record(
      {
        name: text,
        alias: fc.nat(100_000),
        timestamp: time,
        historical: fc.constant(true),
        transient: fc.constant(true),
        properties: fc.dictionary(text, property, { maxKeys: 3, noNullPrototype: true }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([given, rest]) => ({ ...rest, ...given }));
const payload = fc
  .tuple(
    fc.record({ timestamp: time, seq: fc.nat(255), uuid: text, body: bytes }, { requiredKeys: [] }),
    fc.array(metric, { maxLength: 6 }),
  )
  .map(([head, metrics]) => ({ ...head, metrics }));

describe('Sparkplug payload', () => {
  test('what is encoded is decoded, of every kind of value', () => {
    fc.assert(
      fc.property(payload, (given) => {
        const seen = decodePayload(encodePayload(given));
        expect(seen).toEqual({
          ...given,
          ...(given.body && { body: Buffer.from(given.body) }),
          metrics: given.metrics.map(plain),
        });
      }),
      { numRuns: 500 },
    );
  });

  test('the public schema reads what is written here', () => {
    fc.assert(
      fc.property(payload, (given) => {
        const seen = tahuDecode(encodePayload(given)) as {
          metrics?: Record<string, unknown>[];
          seq?: string;
        };
        expect(seen.seq).toBe(given.seq === undefined ? undefined : String(given.seq));
        expect(seen.metrics ?? []).toHaveLength(given.metrics.length);
        given.metrics.forEach((wanted, i) => {
          const got = seen.metrics![i]!;
          expect(got.name).toBe(wanted.name);
          expect(got.alias).toBe(wanted.alias === undefined ? undefined : String(wanted.alias));
          expect(got.datatype).toBe(wanted.datatype);
          expect(got.is_historical).toBe(wanted.historical);
          expect(got.is_null).toBe(wanted.isNull);
          const set = got.properties as { keys?: string[] } | undefined;
          expect(set?.keys ?? []).toEqual(Object.keys(wanted.properties ?? {}));
          if (wanted.field !== 'none') expect(got).toHaveProperty(`${wanted.field}_value`);
          if (wanted.field === 'long') {
            expect(got.long_value).toBe(String(BigInt.asUintN(64, BigInt(wanted.value as number))));
          } else if (typeof wanted.value !== 'object' && wanted.field !== 'none') {
            expect(got[`${wanted.field}_value`]).toEqual(wanted.value);
          }
        });
      }),
    );
  });

  test.each<[string, number, object, number]>([
    ['Int8', DataType.Int8, { int_value: 0xff }, -1],
    ['Int8, sign extended', DataType.Int8, { int_value: 0xffffff80 }, -128],
    ['Int16', DataType.Int16, { int_value: 0x8000 }, -32768],
    ['Int32', DataType.Int32, { int_value: 0xffffffff }, -1],
    ['UInt32', DataType.UInt32, { int_value: 0xffffffff }, 4294967295],
    ['UInt8', DataType.UInt8, { int_value: 200 }, 200],
    ['Int64 of −1', DataType.Int64, { long_value: '18446744073709551615' }, -1],
    ['Int64 of −5 billion', DataType.Int64, { long_value: '18446744068709551616' }, -5e9],
    ['UInt64, the largest', DataType.UInt64, { long_value: '18446744073709551615' }, 2 ** 64],
    ['UInt64 beyond 2^63', DataType.UInt64, { long_value: '9223372036854775808' }, 2 ** 63],
    ['DateTime', DataType.DateTime, { long_value: '1795000000000' }, 1_795_000_000_000],
    ['Float', DataType.Float, { float_value: 0.5 }, 0.5],
    ['Double', DataType.Double, { double_value: -0.25 }, -0.25],
    ...([DataType.Int8, DataType.Int16, DataType.Int32] as const).map(
      (type): [string, number, object, number] => [
        `type ${type}, its sign in all 64 bits`,
        type,
        { long_value: '18446744073709551611' },
        -5,
      ],
    ),
    ['Int8 in the wide field', DataType.Int8, { long_value: '251' }, -5],
    ['Int16 in the wide field', DataType.Int16, { long_value: '65531' }, -5],
    ['no type, negative', DataType.Unknown, { long_value: '18446744073709551611' }, -5],
    ['Int32 in the wide field', DataType.Int32, { long_value: '4294967295' }, -1],
    ['Boolean', DataType.Boolean, { boolean_value: true }, 1],
    ['a whole number sent as double', DataType.Double, { double_value: 7 }, 7],
  ])('%s of a foreign gateway', (_name, datatype, given, wanted) => {
    // a DATA metric may leave its datatype to the birth
    const { metrics } = decodePayload(tahuEncode({ metrics: [{ alias: 1, ...given }] }));
    expect(metrics[0]!.datatype).toBeUndefined();
    expect(numberOf(metrics[0]!, datatype)).toBe(wanted);
  });

  test.each<[string, object]>([
    ['null', { is_null: true }],
    ['null with a value beside it', { is_null: true, double_value: 3 }],
    ['text', { string_value: '3' }],
    ['infinite', { double_value: Number.POSITIVE_INFINITY }],
    ['nothing at all', {}],
  ])('a metric that is %s has no number', (_name, given) => {
    const { metrics } = decodePayload(tahuEncode({ metrics: [{ name: 'a', ...given }] }));
    expect(numberOf(metrics[0]!, DataType.Double)).toBeNaN();
  });

  test('fields of a later schema are passed over', () => {
    const whole = tahuEncode({
      timestamp: 5,
      seq: 1,
      metrics: [{ name: 'a' }],
    });
    const later = Uint8Array.of(...whole, 0x32, 3, 1, 2, 3, 0x38, 7);
    expect(decodePayload(later)).toEqual({ timestamp: 5, seq: 1, metrics: [{ name: 'a', field: 'none' }] });
  });

  test('cut or changed bytes are read or refused; times, numbers and aliases are never NaN', () => {
    fc.assert(
      fc.property(
        payload,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        fc.nat(),
        (given, hits, cut) => {
          const bytes = encodePayload(given).slice();
          for (const [at, byte] of hits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
          expectReadOrRefused(hits.length > 0 ? bytes : bytes.subarray(0, cut % (bytes.length + 1)));
        },
      ),
      { numRuns: 3000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), expectReadOrRefused), { numRuns: 3000 });
  });

  test('a metric longer than its payload is refused', () => {
    expect(() => decodePayload(Uint8Array.of(0x12, 0x7f, 0x0a))).toThrow(/longer than its payload/);
  });

  test('groups nested without end are refused', () => {
    expect(() => decodePayload(new Uint8Array(1_000_000).fill(0x0b))).toThrow();
  });
});

function expectReadOrRefused(bytes: Uint8Array) {
  let seen: ReturnType<typeof decodePayload>;
  try {
    seen = decodePayload(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return;
  }
  expect(seen.timestamp).not.toBeNaN();
  expect(seen.seq).not.toBeNaN();
  for (const { alias, timestamp, datatype, field, value } of seen.metrics) {
    for (const number of [alias, timestamp, datatype]) expect(number).not.toBeNaN();
    if (field === 'int' || field === 'long') expect(Number.isInteger(value)).toBe(true);
  }
}

/** As a reader gives it back: bytes in its own kind of array, properties without a prototype's keys. */
function plain(given: Metric): Metric {
  const value = given.value instanceof Uint8Array ? Buffer.from(given.value) : given.value;
  return value === undefined ? given : { ...given, value };
}
