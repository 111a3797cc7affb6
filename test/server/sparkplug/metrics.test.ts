import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tahuDataSet, tahuEncode, tahuTemplate } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import type { Metric } from '#twin/wire/sparkplug/payload.ts';
import { aHost, aNode } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a host, of metrics', () => {
  test('data are by alias or by name, their type is that of the birth', () => {
    const { hear, seen, faults } = aHost();
    const node = aNode();
    hear(
      node.message('NBIRTH', {
        seq: 0,
        metrics: [
          { name: 'a', alias: 5, datatype: DataType.Int16, field: 'int', value: 1 },
          { name: 'b', datatype: DataType.Boolean, field: 'boolean', value: true },
        ],
      }),
      node.message('NDATA', {
        seq: 1,
        metrics: [
          { alias: 5, field: 'int', value: 0xffff },
          { name: 'b', field: 'boolean', value: false },
          { name: 'a', field: 'none', isNull: true },
          { alias: 5, field: 'int', value: 2, historical: true },
        ],
      }),
    );
    expect(seen.map(({ name, value, historical }) => [name, value, historical])).toEqual([
      ['a', 1, false],
      ['b', 1, false],
      ['a', -1, false],
      ['b', 0, false],
      ['a', Number.NaN, false],
      ['a', 2, true],
    ]);
    expect(faults).toEqual([]);
  });

  test('an alias that no birth named: what is known is taken, and a birth is asked for', () => {
    const { hear, values, count, published } = aHost();
    const node = aNode();
    hear(node.birth(), node.data({ 0: 1, 77: 2 }));
    vi.advanceTimersByTime(1000);
    expect([values(), count('unknownAlias'), published.length]).toEqual([[1], 1, 1]);
  });

  test("the protocol's own metrics in data are no values and no fault", () => {
    const { hear, seen, published, faults } = aHost();
    const node = aNode();
    const rebirth: Metric = { name: 'Node Control/Rebirth', alias: 8, field: 'boolean', value: false };
    hear(
      node.message('NBIRTH', { seq: 0, metrics: [{ ...rebirth, datatype: DataType.Boolean }] }),
      node.message('NDATA', { seq: 1, metrics: [{ alias: 8, field: 'boolean', value: false }] }),
      node.message('NDATA', { seq: 2, metrics: [rebirth] }),
    );
    vi.advanceTimersByTime(1000);
    expect([seen, published, faults]).toEqual([[], [], []]);
  });

  test('a data type that no specification has is counted, its number is taken', () => {
    const { hear, seen, count } = aHost();
    const node = aNode();
    hear(
      node.message('NBIRTH', { seq: 0, metrics: [{ name: 'a', datatype: 99, field: 'double', value: 3 }] }),
    );
    expect(count('unknownDatatype')).toBe(1);
    expect(seen).toMatchObject([{ name: 'a', value: 3 }]);
  });

  test('a payload that cannot be read is counted and a birth asked for; a death is only counted', () => {
    const { host, hear, count, published } = aHost();
    hear(aNode('B').birth());
    host.receive('spBv1.0/G/NDATA/A', Uint8Array.of(0x12, 0x7f));
    host.receive('spBv1.0/G/NDEATH/B', Uint8Array.of(0x12, 0x7f));
    vi.advanceTimersByTime(1000);
    expect(count('unreadablePayload')).toBe(2);
    expect(published.map(({ topic }) => topic)).toEqual(['spBv1.0/G/NCMD/A']);
  });

  test.each([
    'spBv1.0',
    'spBv1.0/G/XDATA/n',
    'spBv1.0/G/NDATA/n/device',
    'spBv1.0/G/DDATA/n',
    'spBv1.0//NDATA/n',
    `spBv1.0/G/NDATA/${'n'.repeat(600)}`,
  ])('%s is no topic of its', (topic) => {
    const { host, count } = aHost();
    host.receive(topic, new Uint8Array(0));
    expect(count('unreadableTopic')).toBe(1);
    expect(host.nodes.size).toBe(0);
  });

  test('what a broker kept from some other day is counted, and nothing else', () => {
    const { host, seen, died, count } = aHost();
    const node = aNode();
    const [birth, death] = [node.birth(), node.death()];
    host.receive(birth.topic, birth.bytes, true);
    expect([host.nodes.size, seen]).toEqual([0, []]);
    host.receive(birth.topic, birth.bytes);
    host.receive(death.topic, death.bytes, true);
    expect([died, count('retainedMessage')]).toEqual([[], 2]);
  });

  test('its own commands, heard back, are nothing', () => {
    const { host, hear, faults } = aHost();
    hear(aNode().message('NCMD', { metrics: [] }), aNode().message('DCMD', { metrics: [] }, 'PLC'));
    expect([host.nodes.size, faults]).toEqual([0, []]);
  });

  test('whatever bytes come on whatever topic, it stays up and tells NaN from numbers', () => {
    const { host } = aHost({ burst: 10_000 });
    const type = fc.constantFrom('NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH', 'NCMD', 'STATE');
    const node = aNode('fuzz');
    const template_value = tahuTemplate({ template_ref: 'Pump', metrics: [{ name: 'Hz', float_value: 1 }] });
    const dataset_value = tahuDataSet({
      columns: ['a'],
      types: [3],
      rows: [{ elements: [{ int_value: 1 }] }],
    });
    const structured = tahuEncode({
      seq: 1,
      metrics: [
        { name: 'P', alias: 1, datatype: DataType.Template, template_value },
        { name: 'T', alias: 2, datatype: DataType.DataSet, dataset_value },
        { name: 'A', alias: 3, datatype: DataType.Int16Array, bytes_value: Uint8Array.of(1, 2, 3, 4) },
      ],
    });
    const compressed = tahuEncode({ uuid: 'SPBV1.0_COMPRESSED', body: deflateSync(structured) });
    const seeds = [node.birth().bytes, node.data().bytes, node.death().bytes, structured, compressed];
    fc.assert(
      fc.property(
        type,
        fc.nat(seeds.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        (kind, seed, hits) => {
          const bytes = seeds[seed]!.slice();
          for (const [at, byte] of hits) bytes[at % bytes.length] = byte;
          const device = kind.startsWith('D') ? '/d' : '';
          expect(() => host.receive(`spBv1.0/G/${kind}/fuzz${device}`, bytes)).not.toThrow();
        },
      ),
      { numRuns: 4000 },
    );
    host.stop();
  });
});
