import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '#test/support/sparkplug.ts';
import { aHost, aNode, dataOf } from './aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
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

  test('a gap whose request for a birth was lost is asked for again, until the birth comes', () => {
    const { hear, published } = aHost();
    const node = aNode();
    const [one, , ...rest] = dataOf(node, 40) as Message[];
    hear(node.birth(), one!);
    for (const message of rest) {
      hear(message);
      vi.advanceTimersByTime(2000);
    }
    // 76 seconds of data in order after the gap: asked when it was given up, and every twenty seconds since
    expect(published).toHaveLength(4);
    hear(node.birth(), ...dataOf(node, 2));
    vi.advanceTimersByTime(60_000);
    hear(node.data());
    vi.advanceTimersByTime(1000);
    expect(published).toHaveLength(4);
  });

  test('a connection that is lost twice at once leaves no node unasked', () => {
    const { host, hear, published } = aHost();
    const node = aNode();
    hear(node.birth(), node.data());
    host.disconnected();
    hear(node.data());
    host.disconnected();
    hear(node.data());
    vi.advanceTimersByTime(1000);
    expect(published.length).toBeGreaterThan(0);
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
