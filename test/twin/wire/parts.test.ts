import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeArray } from '#twin/wire/sparkplug/arrays.ts';
import { decodeDataSet } from '#twin/wire/sparkplug/dataset.ts';
import { DataType, dataTypeName } from '#twin/wire/sparkplug/datatypes.ts';
import { isStructured, MOST_PARTS, partsOf } from '#twin/wire/sparkplug/parts.ts';
import { decodePayload, type Metric, numberOf } from '#twin/wire/sparkplug/payload.ts';
import { decodeTemplate, type Template } from '#twin/wire/sparkplug/template.ts';
import { tahuDataSet, tahuEncode, tahuTemplate } from './tahu.ts';

const NONE = new Map<string, Template>();
/** A metric as it comes off the wire. */
const received = (metric: object): Metric => decodePayload(tahuEncode({ metrics: [metric] })).metrics[0]!;
/** Name and number of each part. */
const numbers = (parts: Metric[]) => parts.map((part) => [part.name, numberOf(part, part.datatype ?? 0)]);

/** How the specification packs each type, written apart from the decoder. */
const PACKED: [number, number, (view: DataView, at: number, value: number) => void, fc.Arbitrary<number>][] =
  [
    [DataType.Int8Array, 1, (v, at, n) => v.setInt8(at, n), fc.integer({ min: -128, max: 127 })],
    [DataType.UInt8Array, 1, (v, at, n) => v.setUint8(at, n), fc.nat(255)],
    [DataType.Int16Array, 2, (v, at, n) => v.setInt16(at, n, true), fc.integer({ min: -32768, max: 32767 })],
    [DataType.UInt16Array, 2, (v, at, n) => v.setUint16(at, n, true), fc.nat(65535)],
    [DataType.Int32Array, 4, (v, at, n) => v.setInt32(at, n, true), fc.integer()],
    [DataType.UInt32Array, 4, (v, at, n) => v.setUint32(at, n, true), fc.nat(0xffffffff)],
    [DataType.Int64Array, 8, (v, at, n) => v.setBigInt64(at, BigInt(n), true), fc.maxSafeInteger()],
    [DataType.UInt64Array, 8, (v, at, n) => v.setBigUint64(at, BigInt(n), true), fc.maxSafeNat()],
    [DataType.DateTimeArray, 8, (v, at, n) => v.setBigInt64(at, BigInt(n), true), fc.maxSafeNat()],
    [DataType.FloatArray, 4, (v, at, n) => v.setFloat32(at, n, true), fc.float({ noNaN: true })],
    [DataType.DoubleArray, 8, (v, at, n) => v.setFloat64(at, n, true), fc.double({ noNaN: true })],
  ];

describe('arrays of Sparkplug', () => {
  test.each(PACKED.map((row) => [dataTypeName(row[0]), ...row] as const))(
    '%s: what is packed is read',
    (_name, datatype, width, write, element) => {
      fc.assert(
        fc.property(fc.array(element, { maxLength: 40 }), fc.nat(7), (given, offset) => {
          // not always at the start of its memory, as a reader gives it
          const memory = new Uint8Array(offset + given.length * width);
          const view = new DataView(memory.buffer);
          given.forEach((value, k) => void write(view, offset + k * width, value));
          expect(decodeArray(datatype, memory.subarray(offset), MOST_PARTS).elements).toEqual(given);
        }),
      );
    },
  );

  test('the examples of the specification', () => {
    const of = (datatype: number, ...bytes: number[]) =>
      decodeArray(datatype, Uint8Array.of(...bytes), MOST_PARTS).elements;
    expect(of(DataType.Int8Array, 0xe9, 0x7b)).toEqual([-23, 123]);
    expect(of(DataType.Int16Array, 0xd0, 0x8a, 0x30, 0x75)).toEqual([-30000, 30000]);
    const bools = [false, false, true, true, false, true, false, false, true, true, false, true];
    expect(of(DataType.BooleanArray, 0x0c, 0, 0, 0, 0x34, 0xd0)).toEqual(bools);
    const abc = [0x41, 0x42, 0x43, 0, 0x68, 0x65, 0x6c, 0x6c, 0x6f, 0];
    expect(of(DataType.StringArray, ...abc)).toEqual(['ABC', 'hello']);
  });

  test.each<[string, number, number[]]>([
    ['half an element', DataType.Int16Array, [1, 2, 3]],
    ['booleans without a count', DataType.BooleanArray, [1]],
    ['more booleans than bytes', DataType.BooleanArray, [0xff, 0xff, 0xff, 0xff, 1]],
    ['a text without an end', DataType.StringArray, [0x41]],
  ])('%s is refused', (_name, datatype, bytes) => {
    expect(() => decodeArray(datatype, Uint8Array.of(...bytes), MOST_PARTS)).toThrow(RangeError);
  });

  test('an array below its metric: one part for each element, with the time and the flag of the whole', () => {
    const metric = received({
      name: 'Levels',
      timestamp: 7,
      is_historical: true,
      datatype: DataType.Int16Array,
      bytes_value: Uint8Array.of(0xff, 0xff, 2, 0),
    });
    const parts = partsOf(metric, DataType.Int16Array, NONE);
    expect(numbers(parts)).toEqual([
      ['0', -1],
      ['1', 2],
    ]);
    for (const part of parts)
      expect(part).toMatchObject({ timestamp: 7, historical: true, datatype: DataType.Int16 });
  });

  test.each<[string, Partial<Metric>]>([
    ['an array', { datatype: DataType.Int8Array, field: 'bytes', value: Uint8Array.of(1, 2) }],
    [
      'a dataset',
      {
        field: 'dataset',
        value: tahuDataSet({ columns: ['a'], types: [3], rows: [{ elements: [{ int_value: 1 }] }] }),
      },
    ],
    [
      'a template',
      {
        field: 'template',
        value: tahuTemplate({ template_ref: 'T', metrics: [{ name: 'x', datatype: 10, double_value: 1 }] }),
      },
    ],
  ])('the quality of %s is that of its parts, and so is its transience', (_name, given) => {
    const whole: Metric = {
      field: 'none',
      properties: { Quality: 0, engUnit: 'm' },
      transient: true,
      ...given,
    };
    const parts = partsOf(whole, whole.datatype ?? 0, NONE);
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(part).toMatchObject({ transient: true, properties: { Quality: 0 } });
  });

  test('a member that states its quality has its own', () => {
    const properties = { keys: ['Quality'], values: [{ type: DataType.Int32, int_value: 192 }] };
    const value = tahuTemplate({
      template_ref: 'T',
      metrics: [{ name: 'x', datatype: 10, double_value: 1, properties }],
    });
    const [part] = partsOf({ field: 'template', value, properties: { Quality: 500 } }, 0, NONE);
    expect(part!.properties).toEqual({ Quality: 192 });
  });

  test('one that is too long is refused', () => {
    const metric: Metric = { field: 'bytes', value: new Uint8Array(MOST_PARTS + 1) };
    expect(() => partsOf(metric, DataType.UInt8Array, NONE)).toThrow(/more than/);
  });
});

describe('datasets of Sparkplug', () => {
  const cell = fc.oneof(
    fc.nat(0xffffffff).map((value) => ({ field: 'int', value })),
    fc.maxSafeNat().map((value) => ({ field: 'long', value })),
    fc.double({ noNaN: true }).map((value) => ({ field: 'double', value })),
    fc.float({ noNaN: true }).map((value) => ({ field: 'float', value })),
    fc.boolean().map((value) => ({ field: 'boolean', value })),
    fc.string({ unit: 'grapheme' }).map((value) => ({ field: 'string', value })),
    fc.constant({ field: 'none' } as { field: string; value?: number }),
  );
  const table = fc.nat(4).chain((wide) =>
    fc.record({
      columns: fc.array(fc.string({ unit: 'grapheme' }), { minLength: wide, maxLength: wide }),
      types: fc.array(fc.nat(34), { minLength: wide, maxLength: wide }),
      rows: fc.array(fc.array(cell, { minLength: wide, maxLength: wide }), { maxLength: 5 }),
    }),
  );
  const encode = ({ columns, types, rows }: typeof table extends fc.Arbitrary<infer T> ? T : never) =>
    tahuDataSet({
      num_of_columns: columns.length,
      columns,
      types,
      rows: rows.map((cells) => ({
        elements: cells.map(({ field, value }) => (field === 'none' ? {} : { [`${field}_value`]: value })),
      })),
    });

  test('what the public schema writes is read', () => {
    fc.assert(
      fc.property(table, (given) => {
        expect(decodeDataSet(encode(given))).toEqual(given);
      }),
    );
  });

  test('below its metric: row/column, signed as the column says', () => {
    const dataset_value = encode({
      columns: ['P', 'on'],
      types: [DataType.Int16, DataType.Boolean],
      rows: [
        [
          { field: 'int', value: 0xffff },
          { field: 'boolean', value: true },
        ],
        [
          { field: 'int', value: 3 },
          { field: 'boolean', value: false },
        ],
      ],
    });
    const metric = received({ name: 'T', datatype: DataType.DataSet, dataset_value });
    expect(numbers(partsOf(metric, DataType.DataSet, NONE))).toEqual([
      ['0/P', -1],
      ['0/on', 1],
      ['1/P', 3],
      ['1/on', 0],
    ]);
  });

  test('types that are packed are read as well', () => {
    expect(decodeDataSet(Uint8Array.of(0x12, 1, 0x61, 0x12, 1, 0x62, 0x1a, 2, 3, 11))).toEqual({
      columns: ['a', 'b'],
      types: [3, 11],
      rows: [],
    });
  });

  test.each([
    ['a type too many', { columns: ['a'], types: [1, 2] }],
    ['a row that is too short', { columns: ['a'], types: [1], rows: [{ elements: [] }] }],
  ])('%s is refused', (_name, given) => {
    expect(() => decodeDataSet(tahuDataSet(given))).toThrow(RangeError);
  });
});

describe('templates of Sparkplug', () => {
  const pump = tahuTemplate({
    version: '1',
    is_definition: true,
    metrics: [
      { name: 'Hz', datatype: DataType.Float, is_null: true },
      { name: 'Rev', datatype: DataType.Int16, is_null: true },
    ],
    parameters: [{ name: 'maker', type: DataType.String, string_value: 'X' }],
  });
  const definitions = new Map([['Pump', decodeTemplate(pump)]]);
  const instance = (metrics: object[], more: object = {}) =>
    received({
      name: 'P1',
      datatype: DataType.Template,
      timestamp: 5,
      template_value: tahuTemplate({ template_ref: 'Pump', is_definition: false, metrics, ...more }),
    });

  test('a definition says what its instances carry, and has no values', () => {
    expect(decodeTemplate(pump)).toMatchObject({ version: '1', isDefinition: true });
    const metric = received({ name: 'Pump', datatype: DataType.Template, template_value: pump });
    expect(partsOf(metric, DataType.Template, NONE)).toEqual([]);
  });

  test('an instance: its members by name, their types from the definition when they have none', () => {
    const metric = instance([
      { name: 'Hz', float_value: 42.5 },
      { name: 'Rev', int_value: 0xffff, timestamp: 6 },
    ]);
    const parts = partsOf(metric, DataType.Template, definitions);
    expect(numbers(parts)).toEqual([
      ['Hz', 42.5],
      ['Rev', -1],
    ]);
    expect(parts.map(({ timestamp }) => timestamp)).toEqual([5, 6]);
  });

  test('templates, arrays and datasets below a template stand below its member', () => {
    const inner = tahuTemplate({
      template_ref: 'Pump',
      metrics: [{ name: 'Hz', float_value: 1 }],
    });
    const metric = instance([
      { name: 'spare', datatype: DataType.Template, template_value: inner },
      { name: 'log', datatype: DataType.UInt8Array, bytes_value: Uint8Array.of(4, 5) },
    ]);
    expect(numbers(partsOf(metric, DataType.Template, definitions))).toEqual([
      ['spare/Hz', 1],
      ['log/0', 4],
      ['log/1', 5],
    ]);
  });

  test('nested deeper than anybody means, it is refused', () => {
    let bytes = tahuTemplate({ metrics: [{ name: 'x', double_value: 1 }] });
    for (let k = 0; k < 20; k++)
      bytes = tahuTemplate({ metrics: [{ name: 'x', datatype: DataType.Template, template_value: bytes }] });
    const metric = received({ name: 'P', datatype: DataType.Template, template_value: bytes });
    expect(() => partsOf(metric, DataType.Template, NONE)).toThrow(/nested/);
  });

  test('a null has no parts', () => {
    const metric = received({ name: 'P1', datatype: DataType.Template, is_null: true });
    expect(partsOf(metric, DataType.Template, definitions)).toEqual([]);
  });

  test('arbitrary bytes are taken apart or refused, of whatever kind they are said to be', () => {
    const field = fc.constantFrom('bytes' as const, 'dataset' as const, 'template' as const);
    const seeds = [
      pump,
      tahuDataSet({ columns: ['a'], types: [3], rows: [{ elements: [{ int_value: 1 }] }] }),
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.tuple(fc.constantFrom(...seeds), fc.nat(), fc.nat(255)).map(([seed, at, byte]) => {
        const hit = seed.slice();
        hit[at % hit.length] = byte;
        return hit;
      }),
    );
    fc.assert(
      fc.property(field, fc.nat(40), bytes, (kind, datatype, value) => {
        const metric: Metric = { name: 'm', field: kind, value };
        if (!isStructured(metric, datatype)) return;
        try {
          expect(partsOf(metric, datatype, definitions).length).toBeLessThanOrEqual(MOST_PARTS);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
