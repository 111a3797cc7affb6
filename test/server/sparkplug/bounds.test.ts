import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Unregistered } from '#server/registry/unregistered.ts';
import { readPayload } from '#server/sparkplug/compressed.ts';
import { type EdgeNode, MOST_NODES, MOST_UNBORN, NodeTable, newNode } from '#server/sparkplug/nodeTable.ts';
import { MOST_HELD_BYTES, Sequence } from '#server/sparkplug/sequence.ts';
import type { DataFault } from '#twin/wire/api.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { encodePayload } from '#twin/wire/sparkplug/payload.ts';
import { aHost, aNode } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the table of nodes', () => {
  test('those that are not alive make room, the oldest first; the living keep their places', () => {
    const forgotten: string[] = [];
    const table = new NodeTable((node) => forgotten.push(node.node));
    const alive = table.of('G', 'alive')!;
    table.lives(alive);
    for (let k = 0; k < MOST_UNBORN; k++) table.of('G', `x${k}`);
    expect([table.full, forgotten]).toEqual([true, []]);
    table.of('G', 'one more');
    expect(forgotten).toEqual(['x0']);
    table.died(alive);
    for (let k = 0; k <= MOST_UNBORN; k++) table.of('G', `y${k}`);
    expect(forgotten.at(-1)).toBe('alive');
    expect(table.byKey.size).toBe(MOST_UNBORN + 1);
  });

  test('full of the living it takes no other', () => {
    const table = new NodeTable(() => undefined);
    for (let k = 0; k < MOST_NODES; k++) table.lives(table.of('G', `n${k}`)!);
    expect(table.of('G', 'new')).toBeUndefined();
    expect(table.of('G', 'n7')?.node).toBe('n7');
    table.died(table.of('G', 'n7')!);
    expect(table.of('G', 'new')?.node).toBe('new');
  });

  test('invented nodes are counted when they cost others their places, and asked for nothing once forgotten', () => {
    const { hear, count, published, host } = aHost({ rebirthsPerSecond: 1 });
    for (let k = 0; k < MOST_UNBORN + 500; k++) hear(aNode(`x${k}`).data());
    expect(host.nodes.size).toBe(MOST_UNBORN);
    expect(count('nodesFull')).toBe(500);
    vi.advanceTimersByTime(3500);
    expect(published.map(({ topic }) => topic.split('/').at(-1))).toEqual(['x500', 'x501', 'x502']);
    host.stop();
  });

  test('devices of one node are bounded as well', () => {
    const { hear, host, count } = aHost({ burst: 10_000 });
    const node = aNode();
    hear(node.birth());
    for (let k = 1; k <= 1200; k++) hear(node.message('DBIRTH', { seq: k % 256, metrics: [] }, `d${k}`));
    expect(host.nodes.get('G/SM-0001')!.devices.size).toBe(1000);
    expect(count('nodesFull')).toBe(200);
  });
});

describe('what waits for a missing message', () => {
  test('is bounded in bytes over all nodes; past that it is taken as it is', () => {
    const faults: DataFault[] = [];
    const applied: string[] = [];
    const asked: string[] = [];
    const sequence = new Sequence({
      reorderTimeoutMs: 2000,
      apply: (node) => applied.push(node.node),
      gap: (node) => asked.push(node.node),
      guard: (_node, work) => work(),
      fault: (fault) => faults.push(fault),
    });
    const born = (id: string): EdgeNode => ({ ...newNode('G', id), born: true, seq: 0 });
    const [a, b, c] = [born('a'), born('b'), born('c')];
    const large = {
      type: 'NDATA' as const,
      device: undefined,
      metrics: [],
      timestamp: 0,
      fingerprint: 1,
      weight: 0.6 * MOST_HELD_BYTES,
    };
    sequence.take(a, 2, large);
    expect(faults).toEqual([]);
    sequence.take(b, 2, large);
    expect([faults, applied, asked]).toEqual([['reorderFull', 'sequenceGap'], ['b'], ['b']]);
    // what was taken, or void, leaves room
    sequence.forget(a);
    sequence.take(c, 2, large);
    sequence.take(c, 1, { ...large, weight: 10 });
    sequence.take(b, 4, large);
    expect(faults).toHaveLength(2);
    sequence.forget(b);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a payload', () => {
  test('weighs what it takes in memory, packed or not, empty metrics as well', () => {
    const metrics = Array.from({ length: 10_000 }, () => ({ field: 'none' as const }));
    const plain = encodePayload({ seq: 1, metrics });
    const packed = encodePayload({ uuid: 'SPBV1.0_COMPRESSED', body: deflateSync(plain), metrics: [] });
    expect(packed.length).toBeLessThan(plain.length / 10);
    expect(readPayload(packed, 2 ** 20).weight).toBe(readPayload(plain, 2 ** 20).weight);
    expect(readPayload(packed, 2 ** 20).weight).toBeGreaterThan(1e6);
  });

  test('is bounded, unpacked as well; the next message of its node is taken', () => {
    const { host, hear, count, seen } = aHost({ burst: 20_000 });
    const node = aNode();
    hear(node.birth());
    const bomb = encodePayload({
      uuid: 'SPBV1.0_COMPRESSED',
      body: deflateSync(new Uint8Array(64 * 2 ** 20)),
      metrics: [],
    });
    expect(bomb.length).toBeLessThan(100_000);
    for (const bytes of [bomb, new Uint8Array(9 * 2 ** 20)]) host.receive('spBv1.0/G/NDATA/SM-0001', bytes);
    expect(count('unreadablePayload')).toBe(2);
    hear(node.data({ 0: 7 }));
    expect(seen.at(-1)).toMatchObject({ value: 7 });
    host.stop();
  });
});

describe('nodes that are no station yet', () => {
  const definition = { name: 'a', datatype: DataType.Double, unit: null, point: -1 };
  const alive = (id: string, group = 'G'): EdgeNode => ({ ...newNode(group, id), born: true });

  test('of one id in two groups the first that lives is listed, and its values are its own', () => {
    const list = new Unregistered();
    const [first, second] = [alive('n', 'G'), alive('n', 'H')];
    expect(list.born(first, [definition], true, 1)).toBeUndefined();
    expect(list.born(second, [definition], true, 2)).toBe('groupConflict');
    list.heard(first, [{ definition, value: 5, time: 1, historical: false }], 3);
    list.heard(second, [{ definition, value: 6, time: 1, historical: false }], 4);
    expect(list.list()).toMatchObject([{ group: 'G', lastMessage: 3, metrics: [{ value: '5' }] }]);
    first.born = false;
    expect(list.born(second, [definition], true, 5)).toBeUndefined();
    expect(list.list()).toMatchObject([{ group: 'H' }]);
  });

  test('ids that differ by case are two', () => {
    const list = new Unregistered();
    for (const id of ['sm-1', 'SM-1']) list.born(alive(id), [definition], true, 1);
    expect(list.list().map(({ code }) => code)).toEqual(['sm-1', 'SM-1']);
  });

  test('the list is bounded, and says so', () => {
    const list = new Unregistered();
    const told = Array.from({ length: 5001 }, (_, k) => list.born(alive(`n${k}`), [], true, 1));
    expect([list.size, told.at(-1), told.at(-2)]).toEqual([5000, 'strangersFull', undefined]);
  });
});
