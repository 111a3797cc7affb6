import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
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
