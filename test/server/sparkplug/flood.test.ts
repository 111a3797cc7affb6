import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { aHost, aNode, dataOf } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a host, of gateways that flood', () => {
  test('takes the burst, then the rate, and counts the rest', () => {
    const { hear, values, count } = aHost({ burst: 50 });
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 500));
    expect(values()).toHaveLength(50);
    expect(count('flooding')).toBe(450);
    vi.advanceTimersByTime(500);
    hear(...dataOf(node, 200));
    expect(values()).toHaveLength(100);
    expect(count('sequenceGap')).toBe(0);
  });

  test('a node that was passed over is asked for its birth once it is quieter', () => {
    const { hear, published } = aHost({ burst: 50 });
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 500));
    vi.advanceTimersByTime(5000);
    expect(published).toHaveLength(0);
    hear(...dataOf(node, 3));
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(1);
  });

  test('data weighs by its size: a few large messages are as many small ones', () => {
    const { hear, values } = aHost({ burst: 50 });
    const node = aNode();
    hear(node.birth());
    const large = () => node.data({ 0: 1 }, { uuid: 'x'.repeat(20_000) });
    hear(large(), large(), large(), ...dataOf(node, 20));
    expect(values()).toHaveLength(12);
  });

  test('a flood of births is a flood too', () => {
    const { hear, seen, count } = aHost({ burst: 50 });
    const node = aNode();
    for (let k = 0; k < 500; k++) hear(node.birth({ a: k }));
    expect(seen).toHaveLength(50);
    expect(count('flooding')).toBe(450);
  });

  test('others are not disturbed', () => {
    const { hear, values } = aHost({ burst: 50 });
    const [loud, quiet] = [aNode('loud'), aNode('quiet')];
    hear(loud.birth(), quiet.birth(), ...dataOf(loud, 500));
    const before = values().length;
    hear(...dataOf(quiet, 10));
    expect(values()).toHaveLength(before + 10);
  });
});
