import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import type { Metric } from '#twin/wire/sparkplug/payload.ts';
import { type MessageType, nodeTopic, parseTopic } from '#twin/wire/sparkplug/topics.ts';
import { aHost, aNode } from '../aHost.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 5, 1) });
});
afterEach(() => {
  vi.useRealTimers();
});

const NODE: MessageType[] = ['NBIRTH', 'NDEATH', 'NDATA', 'NCMD'];
const DEVICE: MessageType[] = ['DBIRTH', 'DDEATH', 'DDATA', 'DCMD'];
const metrics: Metric[] = [{ name: 'a', datatype: DataType.Double, field: 'double', value: 1 }];

describe('topics, at the host', () => {
  test.each([
    ['tck-id-topics-nbirth-topic', 'NBIRTH'],
    ['tck-id-topics-ndata-topic', 'NDATA'],
    ['tck-id-topics-ndeath-topic', 'NDEATH'],
    ['tck-id-topic-structure', 'NBIRTH'],
  ] as const)('%s: spBv1.0/group/%s/node', (_id, type) => {
    expect(parseTopic(`spBv1.0/G/${type}/n`)).toEqual({ group: 'G', type, node: 'n' });
  });

  test.each([
    ['tck-id-topics-dbirth-topic', 'DBIRTH'],
    ['tck-id-topics-ddata-topic', 'DDATA'],
    ['tck-id-topics-ddeath-topic', 'DDEATH'],
  ] as const)('%s: spBv1.0/group/%s/node/device', (_id, type) => {
    expect(parseTopic(`spBv1.0/G/${type}/n/d`)).toEqual({ group: 'G', type, node: 'n', device: 'd' });
  });

  test('tck-id-topic-structure-namespace-a: no other namespace is heard', () => {
    for (const namespace of ['spAv1.0', 'spBv1.1', 'SPBV1.0', '']) {
      const { host, count } = aHost();
      host.receive(`${namespace}/G/NBIRTH/n`, new Uint8Array(0));
      expect([count('unreadableTopic'), host.nodes.size]).toEqual([1, 0]);
    }
  });

  test('tck-id-topic-structure-namespace-device-id-associated-message-types: a device has a place in D-topics', () => {
    for (const type of DEVICE) {
      expect(parseTopic(`spBv1.0/G/${type}/n`)).toBeNull();
      expect(parseTopic(`spBv1.0/G/${type}/n/d`)?.device).toBe('d');
    }
  });

  test('tck-id-topic-structure-namespace-device-id-non-associated-message-types: and none in N-topics', () => {
    for (const type of NODE) {
      expect(parseTopic(`spBv1.0/G/${type}/n/d`)).toBeNull();
      expect(parseTopic(nodeTopic('G', type, 'n'))).toEqual({ group: 'G', type, node: 'n' });
    }
  });

  test.each([
    'tck-id-intro-group-id-string',
    'tck-id-intro-edge-node-id-string',
    'tck-id-intro-device-id-string',
    'tck-id-topic-structure-namespace-valid-group-id',
    'tck-id-topic-structure-namespace-valid-edge-node-id',
    'tck-id-topic-structure-namespace-valid-device-id',
  ])('%s: ids are any UTF-8 text between the slashes', () => {
    const { hear, seen } = aHost();
    const node = aNode('泵房 №1', 'Xiàmén $');
    hear(node.message('NBIRTH', { seq: 0, metrics }), node.message('DBIRTH', { seq: 1, metrics }, '表 🚰'));
    expect(seen.map(({ node: key, name }) => [key, name])).toEqual([
      ['Xiàmén $/泵房 №1', 'a'],
      ['Xiàmén $/泵房 №1', '表 🚰/a'],
    ]);
  });

  test.each([
    'tck-id-topic-structure-namespace-unique-edge-node-descriptor',
    'tck-id-topic-structure-namespace-duplicate-device-id-across-edge-node',
    'tck-id-payloads-nbirth-edge-node-descriptor',
  ])('%s: group and node together tell nodes apart; two may have devices of one name', () => {
    const { host, hear, seen } = aHost();
    for (const node of [aNode('n', 'G'), aNode('n', 'H'), aNode('m', 'G')])
      hear(
        node.message('NBIRTH', { seq: 0, metrics: [] }),
        node.message('DBIRTH', { seq: 1, metrics }, 'PLC'),
      );
    expect(host.nodes.size).toBe(3);
    expect(seen.map(({ node }) => node)).toEqual(['G/n', 'H/n', 'G/m']);
  });

  test.each(['tck-id-case-sensitivity-sparkplug-ids', 'tck-id-case-sensitivity-metric-names'])(
    '%s: what differs only by case is never confused',
    () => {
      const { hear, seen, died } = aHost();
      const [low, high] = [aNode('sm-1'), aNode('SM-1')];
      const both: Metric[] = [
        { name: 'p', alias: 1, datatype: DataType.Double, field: 'double', value: 1 },
        { name: 'P', alias: 2, datatype: DataType.Double, field: 'double', value: 2 },
      ];
      hear(
        low.message('NBIRTH', { seq: 0, metrics: both }),
        high.message('NBIRTH', { seq: 0, metrics: both }),
      );
      hear(
        low.message('DBIRTH', { seq: 1, metrics }, 'plc'),
        low.message('DBIRTH', { seq: 2, metrics }, 'PLC'),
      );
      expect(seen.map(({ node, name, value }) => `${node} ${name}=${value}`)).toEqual([
        'G/sm-1 p=1',
        'G/sm-1 P=2',
        'G/SM-1 p=1',
        'G/SM-1 P=2',
        'G/sm-1 plc/a=1',
        'G/sm-1 PLC/a=1',
      ]);
      hear(low.message('NDEATH', { metrics: [] }));
      expect(died).toEqual(['G/sm-1']);
    },
  );
});
