import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EdgeNode } from '#server/sparkplug/nodeTable.ts';
import type { Message } from '#test/support/sparkplug.ts';
import { tahuDataSet, tahuEncode, tahuTemplate } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import type { Metric } from '#twin/wire/sparkplug/payload.ts';
import { aHost, aNode, dataOf } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a host, of nodes it does not know', () => {
  test('asks a node that sends before its birth for one, once', () => {
    const { host, hear, published, count } = aHost();
    const node = aNode();
    hear(...dataOf(node, 5));
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(1);
    expect(published[0]!.topic).toBe('spBv1.0/G/NCMD/SM-0001');
    const [metric] = published[0]!.payload.metrics;
    expect(metric).toMatchObject({ name: 'Node Control/Rebirth', datatype: DataType.Boolean, value: true });
    expect(metric!.timestamp).toBeGreaterThan(0);
    expect(count('unknownNode')).toBe(5);
    expect(count('rebirthRequested')).toBe(1);
    host.stop();
  });

  test('asks again after twenty seconds without an answer, and not after the birth', () => {
    const { hear, published } = aHost();
    const node = aNode();
    hear(node.data());
    vi.advanceTimersByTime(19_000);
    hear(node.data());
    expect(published).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    hear(node.data());
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(2);
    hear(node.birth(), node.data());
    vi.advanceTimersByTime(60_000);
    expect(published).toHaveLength(2);
  });

  test('spreads its requests over all nodes', () => {
    const { hear, published } = aHost({ rebirthsPerSecond: 10 });
    for (let k = 0; k < 50; k++) hear(aNode(`SM-${k}`).data());
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(10);
    vi.advanceTimersByTime(4000);
    expect(published).toHaveLength(50);
    expect(new Set(published.map(({ topic }) => topic)).size).toBe(50);
  });

  test('stopped, it asks for nothing more', () => {
    const { host, hear, published } = aHost();
    hear(aNode().data());
    host.stop();
    vi.advanceTimersByTime(60_000);
    expect(published).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a birth of a device before its node asks for the whole birth', () => {
    const { hear, published, seen } = aHost();
    const node = aNode();
    hear(node.message('DBIRTH', { seq: 4, metrics: [{ name: 'a', field: 'double', value: 1 }] }, 'PLC'));
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(1);
    expect(seen).toEqual([]);
  });

  test('ids that differ only by case, or by group, are different nodes', () => {
    const { host, hear, seen, died } = aHost();
    const nodes = [aNode('sm-1'), aNode('SM-1'), aNode('SM-1', 'H')];
    for (const node of nodes) hear(node.birth());
    expect(host.nodes.size).toBe(3);
    hear(nodes[0]!.death());
    expect(died).toEqual(['G/sm-1']);
    expect(seen.map(({ node }) => node)).toEqual(['G/sm-1', 'G/SM-1', 'H/SM-1']);
  });

  test('invented ids fill no memory, and real nodes keep their place', () => {
    const { host, hear } = aHost();
    const real = aNode('SM-0001');
    hear(real.birth());
    const bytes = new Uint8Array(0);
    for (let k = 0; k < 50_000; k++) host.receive(`spBv1.0/G/NDEATH/x${k}`, bytes);
    expect(host.nodes.size).toBeLessThanOrEqual(20_000);
    expect(host.nodes.get('G/SM-0001')?.born).toBe(true);
    const late = aNode('SM-0002');
    hear(late.birth());
    expect(host.nodes.get('G/SM-0002')?.born).toBe(true);
  });
});

describe('a host, of the order of messages', () => {
  test('takes what comes in order, over the end of the numbers', () => {
    const { hear, values, faults } = aHost();
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 600));
    expect(values()).toEqual(Array.from({ length: 600 }, (_, k) => k + 1));
    expect(faults).toEqual([]);
  });

  test('holds back what came too early and takes it in its place', () => {
    const { hear, values, faults, published } = aHost();
    const node = aNode();
    const [one, two, three, four] = dataOf(node, 4) as [Message, Message, Message, Message];
    hear(node.birth(), one, three, four);
    expect(values()).toEqual([1]);
    hear(two);
    expect(values()).toEqual([1, 2, 3, 4]);
    vi.advanceTimersByTime(60_000);
    expect([faults, published]).toEqual([[], []]);
  });

  test('whatever the order within the time allowed, values come out in theirs', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }).chain((size) =>
          fc.shuffledSubarray(
            Array.from({ length: size }, (_, k) => k),
            { minLength: size },
          ),
        ),
        (order) => {
          const { hear, values, host } = aHost();
          const node = aNode();
          const birth = node.birth();
          const messages = dataOf(node, order.length);
          hear(birth, ...order.map((k) => messages[k]!));
          expect(values()).toEqual(messages.map((_, k) => k + 1));
          host.stop();
        },
      ),
    );
  });

  test('after the time allowed it takes what it has and asks for a birth', () => {
    const { hear, values, count, published } = aHost();
    const node = aNode();
    const birth = node.birth();
    const [one, , three, four] = dataOf(node, 4) as [Message, Message, Message, Message];
    hear(birth, one, four, three);
    vi.advanceTimersByTime(1999);
    expect(values()).toEqual([1]);
    vi.advanceTimersByTime(1000);
    expect(values()).toEqual([1, 3, 4]);
    expect(count('sequenceGap')).toBe(1);
    expect(published).toHaveLength(1);
    hear(node.data({ 0: 5 }));
    expect(values()).toEqual([1, 3, 4, 5]);
  });

  test('a message that comes twice counts once', () => {
    const { hear, values, count } = aHost();
    const node = aNode();
    const [one, two] = dataOf(node, 2) as [Message, Message];
    hear(node.birth(), one, one, two, one);
    expect(values()).toEqual([1, 2]);
    expect(count('duplicate')).toBe(2);
  });

  test('a node that began anew without a birth is asked for one, and none of its values is thrown away', () => {
    const { hear, values, published } = aHost();
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 100));
    node.seq = 0;
    hear(...dataOf(node, 20));
    vi.advanceTimersByTime(3000);
    expect(published).toHaveLength(1);
    expect(values().slice(100)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1));
  });

  test('messages without a number are taken as they come', () => {
    const { hear, values, faults } = aHost();
    const node = aNode();
    const bare = (value: number) =>
      node.message('NDATA', { metrics: [{ alias: 0, field: 'double', value }] });
    hear(node.birth(), bare(1), bare(2));
    expect(values()).toEqual([1, 2]);
    expect(faults).toEqual([]);
  });

  test('after the broker was away, numbers start anew and each node is asked for its birth', () => {
    const { host, hear, values, count, published } = aHost();
    const [one, other] = [aNode('SM-1'), aNode('SM-2')];
    hear(one.birth(), other.birth(), ...dataOf(one, 3));
    host.disconnected();
    one.seq += 40;
    hear(one.data({ 0: 99 }), one.data({ 0: 100 }), other.birth(), other.data({ 0: 7 }));
    expect(values()).toEqual([1, 2, 3, 99, 100, 7]);
    vi.advanceTimersByTime(5000);
    expect(published.map(({ topic }) => topic)).toEqual(['spBv1.0/G/NCMD/SM-1']);
    expect(count('sequenceGap')).toBe(0);
  });
});

describe('a host, of deaths and births', () => {
  test('a death counts if it is of this birth', () => {
    const { hear, died, count } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1 }, 7), node.death(6));
    expect([died, count('deathMismatch')]).toEqual([[], 1]);
    hear(node.death(7), node.death(7));
    expect(died).toEqual(['G/SM-0001']);
  });

  test('the will of the session before, coming after the new birth, kills nothing', () => {
    const { hear, died, values } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1 }, 1), node.birth({ a: 1 }, 2), node.death(1), node.data({ 0: 5 }));
    expect(died).toEqual([]);
    expect(values()).toEqual([5]);
  });

  test('data after a death ask for a birth', () => {
    const { hear, values, published, count } = aHost();
    const node = aNode();
    hear(node.birth(), node.death(), node.data());
    vi.advanceTimersByTime(1000);
    expect([values(), published.length, count('unknownNode')]).toEqual([[], 1, 1]);
  });

  test('what was held back when the birth comes that was asked for is taken before it, by its own table', () => {
    const { hear, seen } = aHost();
    const node = aNode();
    const birth = node.birth({ a: 0 });
    const [, two, three] = dataOf(node, 3) as [Message, Message, Message];
    hear(birth, three, two, node.birth({ b: 9 }), node.data({ 0: 10 }));
    expect(seen.map(({ name, value }) => `${name}=${value}`)).toEqual(['a=0', 'a=2', 'a=3', 'b=9', 'b=10']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what was held back is taken before its node dies', () => {
    const { hear, values, count } = aHost();
    const node = aNode();
    const [, two] = dataOf(node, 2) as [Message, Message];
    hear(node.birth(), two, node.death());
    vi.advanceTimersByTime(10_000);
    expect([values(), count('sequenceGap')]).toEqual([[2], 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a birth in the middle replaces the table; one that was asked for is no fault', () => {
    const { hear, host, seen, count } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1, b: 2 }), node.birth({ b: 3 }), node.data({ 0: 4 }));
    expect(seen.at(-1)).toMatchObject({ name: 'b', value: 4 });
    expect(count('birthRepeated')).toBe(1);
    host.askRebirth(host.nodes.get('G/SM-0001') as EdgeNode);
    hear(node.birth({ b: 3 }));
    expect(count('birthRepeated')).toBe(1);
  });

  test('metrics of a device stand under its name', () => {
    const { hear, seen, faults } = aHost();
    const node = aNode();
    const metrics = (value: number, name?: string): Metric[] => [
      { ...(name && { name, datatype: DataType.Double }), alias: 9, field: 'double', value },
    ];
    hear(
      node.birth(),
      node.message('DBIRTH', { seq: 1, metrics: metrics(1, 'P') }, 'PLC'),
      node.message('DDATA', { seq: 2, metrics: metrics(2) }, 'PLC'),
      node.message('DDATA', { seq: 3, metrics: [{ name: 'P', field: 'double', value: 3 }] }, 'PLC'),
      node.message('DDEATH', { seq: 4, metrics: [] }, 'PLC'),
    );
    expect(seen.slice(1).map(({ name, value }) => [name, value])).toEqual([
      ['PLC/P', 1],
      ['PLC/P', 2],
      ['PLC/P', 3],
    ]);
    expect(faults).toEqual([]);
  });
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
    const { host, count, published } = aHost();
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

  test('its own commands, heard back, are nothing', () => {
    const { host, hear, faults } = aHost();
    hear(aNode().message('NCMD', { metrics: [] }), aNode().message('DCMD', { metrics: [] }, 'PLC'));
    expect([host.nodes.size, faults]).toEqual([0, []]);
  });

  test('whatever bytes come on whatever topic, it stays up and tells NaN from numbers', () => {
    const { host } = aHost({ floodBurst: 10_000 });
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

describe('a host, of gateways that flood', () => {
  test('takes the burst, then the rate, and counts the rest', () => {
    const { hear, values, count } = aHost({ floodBurst: 50 });
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 500));
    expect(values()).toHaveLength(49);
    expect(count('flooding')).toBe(451);
    vi.advanceTimersByTime(500);
    hear(...dataOf(node, 200));
    expect(values()).toHaveLength(99);
    expect(count('sequenceGap')).toBe(0);
  });

  test('a node that was passed over is asked for its birth once it is quieter', () => {
    const { hear, published } = aHost({ floodBurst: 50 });
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 500));
    vi.advanceTimersByTime(5000);
    expect(published).toHaveLength(0);
    hear(...dataOf(node, 3));
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(1);
  });

  test('a flood of births is a flood too', () => {
    const { hear, seen, count } = aHost({ floodBurst: 50 });
    const node = aNode();
    for (let k = 0; k < 500; k++) hear(node.birth());
    expect(seen).toHaveLength(50);
    expect(count('flooding')).toBe(450);
  });

  test('others are not disturbed', () => {
    const { hear, values } = aHost({ floodBurst: 50 });
    const [loud, quiet] = [aNode('loud'), aNode('quiet')];
    hear(loud.birth(), quiet.birth(), ...dataOf(loud, 500));
    const before = values().length;
    hear(...dataOf(quiet, 10));
    expect(values()).toHaveLength(before + 10);
  });
});
