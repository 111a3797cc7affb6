import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSettings } from '#server/settings.ts';
import type { Message } from '#test/support/sparkplug.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { aHost, aNode, dataOf } from '../aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

/** As `aHost` waits for a missing message. */
const TIMEOUT = 2000;

describe('the order of messages, at the host', () => {
  test.each([
    'tck-id-payloads-sequence-num-incrementing',
    'tck-id-payloads-ndata-seq-inc',
    'tck-id-topics-ndata-seq-num',
  ])('%s: numbers grow by one and return to 0 after 255; that is no fault', () => {
    const { hear, values, faults } = aHost();
    const node = aNode();
    hear(node.birth(), ...dataOf(node, 520));
    expect(values()).toHaveLength(520);
    expect(faults).toEqual([]);
  });

  test.each([
    'tck-id-payloads-ddata-seq-inc',
    'tck-id-payloads-dbirth-seq-inc',
    'tck-id-payloads-ddeath-seq-inc',
  ])('%s: node and devices share one sequence; a gap in it is found whoever made it', () => {
    const { hear, count, published } = aHost();
    const node = aNode();
    const metrics = [{ name: 'P', datatype: DataType.Double, field: 'double' as const, value: 1 }];
    hear(
      node.birth(),
      node.message('DBIRTH', { seq: 1, metrics }, 'PLC'),
      node.message('DDATA', { seq: 2, metrics }, 'PLC'),
      node.message('DDEATH', { seq: 3, metrics: [] }, 'PLC'),
    );
    expect(count('sequenceGap')).toBe(0);
    hear(node.message('DBIRTH', { seq: 5, metrics }, 'PLC'));
    vi.advanceTimersByTime(TIMEOUT + 1000);
    expect([count('sequenceGap'), published.length]).toEqual([1, 1]);
  });

  test.each([
    'tck-id-payloads-sequence-num-req-nbirth',
    'tck-id-payloads-nbirth-seq',
    'tck-id-topics-nbirth-seq-num',
  ])('%s: the sequence goes on from the number of the birth, which may be any of 0…255', () => {
    fc.assert(
      fc.property(fc.nat(255), (seq) => {
        const { hear, values, faults } = aHost();
        const node = aNode();
        const birth = node.message('NBIRTH', {
          seq,
          metrics: [{ name: 'a', alias: 0, datatype: DataType.Double, field: 'double', value: 0 }],
        });
        node.seq = seq;
        hear(birth, ...dataOf(node, 3));
        expect(values()).toEqual([1, 2, 3]);
        expect(faults).toEqual([]);
      }),
    );
  });

  test.each([300, 5000])(
    'tck-id-operational-behavior-host-reordering-param: the time is a setting, %i ms or another',
    (time) => {
      const { reorderMs } = readSettings({ SPARKPLUG_REORDER_MS: String(time) });
      const { hear, count } = aHost({ reorderTimeoutMs: reorderMs });
      const node = aNode();
      const [, two] = dataOf(node, 2) as [Message, Message];
      hear(node.birth(), two);
      vi.advanceTimersByTime(time - 1);
      expect(count('sequenceGap')).toBe(0);
      vi.advanceTimersByTime(1);
      expect(count('sequenceGap')).toBe(1);
    },
  );

  test('tck-id-operational-behavior-host-reordering-start: a number too early starts the time that was set; until it has passed nothing is asked', () => {
    const { hear, values, published, count } = aHost();
    const node = aNode();
    const [, two] = dataOf(node, 2) as [Message, Message];
    hear(node.birth(), two);
    vi.advanceTimersByTime(TIMEOUT - 1);
    expect([values(), published.length, count('sequenceGap')]).toEqual([[], 0, 0]);
    vi.advanceTimersByTime(1);
    expect(count('sequenceGap')).toBe(1);
  });

  test('whatever wrong number comes, far ahead, behind or the same again, a rebirth is asked for', () => {
    for (const wrong of [2, 3, 40, 100, 129, 200, 250, 255, 0, 1]) {
      const { hear, published, values } = aHost();
      const node = aNode();
      hear(node.birth(), node.data({ 0: 1 }));
      node.seq = (wrong + 255) % 256;
      if (wrong === 2) node.seq = 2;
      hear(node.data({ 0: 7 }));
      expect(published).toEqual([]);
      vi.advanceTimersByTime(TIMEOUT + 1000);
      expect([wrong, published.length, values()]).toEqual([wrong, 1, [1, 7]]);
    }
  });

  test('the same message again, late or while it waits, is one message and no reason for a rebirth', () => {
    const { hear, published, values, count } = aHost();
    const node = aNode();
    const [one, two, three] = dataOf(node, 3) as [Message, Message, Message];
    hear(node.birth(), one, one, three, three, two, two, one);
    vi.advanceTimersByTime(10 * TIMEOUT);
    expect([values(), published, count('duplicate')]).toEqual([[1, 2, 3], [], 4]);
  });

  test('tck-id-operational-behavior-host-reordering-rebirth: when it has passed, a rebirth is asked for', () => {
    const { hear, published } = aHost();
    const node = aNode();
    const [, two] = dataOf(node, 2) as [Message, Message];
    hear(node.birth(), two);
    vi.advanceTimersByTime(TIMEOUT + 1000);
    expect(published.map(({ topic }) => topic)).toEqual(['spBv1.0/G/NCMD/SM-0001']);
    expect(published[0]!.payload.metrics[0]).toMatchObject({ name: 'Node Control/Rebirth', value: true });
  });

  test('tck-id-operational-behavior-host-reordering-success: what was missing comes in time: taken in order, the time is over', () => {
    const { hear, values, published, faults } = aHost();
    const node = aNode();
    const [one, two, three] = dataOf(node, 3) as [Message, Message, Message];
    hear(node.birth(), three, two);
    vi.advanceTimersByTime(TIMEOUT - 1);
    hear(one);
    expect(values()).toEqual([1, 2, 3]);
    vi.advanceTimersByTime(10 * TIMEOUT);
    expect([published, faults, vi.getTimerCount()]).toEqual([[], [], 0]);
  });

  test('more than may wait is not waited for: taken in order, counted, a rebirth asked for', () => {
    const { hear, values, count, published } = aHost();
    const node = aNode();
    const [, ...early] = dataOf(node, 70);
    hear(node.birth(), ...early);
    expect(count('reorderFull')).toBe(1);
    expect(values()).toEqual(early.map((_, k) => k + 2));
    vi.advanceTimersByTime(500);
    expect(published).toHaveLength(1);
  });
});
