import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EdgeNode } from '#server/sparkplug/nodeTable.ts';
import type { Message } from '#test/support/sparkplug.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import type { Metric } from '#twin/wire/sparkplug/payload.ts';
import { aHost, aNode, dataOf } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
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

  test('a birth that a network doubled is no birth: the devices that were born since keep theirs', () => {
    const { hear, values, count, published } = aHost();
    const node = aNode();
    const birth = node.birth();
    const device = (seq: number, value: number, name?: string): Message =>
      node.message(
        name ? 'DBIRTH' : 'DDATA',
        {
          seq,
          metrics: [{ ...(name && { name, datatype: DataType.Double }), alias: 9, field: 'double', value }],
        },
        'PLC',
      );
    hear(birth, device(1, 1, 'P'), device(2, 2), birth, device(3, 3), device(4, 4));
    vi.advanceTimersByTime(5000);
    expect([values(), count('duplicate'), published]).toEqual([[2, 3, 4], 1, []]);
  });

  test('a birth that was asked for is one, even if its gateway says again what it said', () => {
    const { host, hear, seen, count } = aHost();
    const node = aNode();
    const birth = node.birth({ a: 1 });
    hear(birth);
    host.askRebirth(host.nodes.get('G/SM-0001') as EdgeNode);
    hear(birth);
    expect([seen.length, count('duplicate')]).toEqual([2, 0]);
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
