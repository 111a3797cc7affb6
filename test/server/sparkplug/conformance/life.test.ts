import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SparkplugHost } from '#server/sparkplug/host.ts';
import { type Message, TestNode } from '#test/support/sparkplug.ts';
import { StationState } from '#twin/overview/columns.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { aCity } from '../aCity.ts';
import { aHost, aNode } from '../aHost.ts';

const START = Date.UTC(2026, 5, 1);
beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A node with a pressure of its own, and a device below it with a level; the host and the city behind it. */
function aNodeWithDevice() {
  const city = aCity(Date.now, { 'PLC/Level': 'L1' });
  const host = new SparkplugHost({
    now: Date.now,
    publish: () => undefined,
    reorderTimeoutMs: 2000,
    rebirthsPerSecond: 100,
    flood: {
      births: { burst: 100, perSecond: 100 },
      devices: { burst: 100, perSecond: 100 },
      data: { burst: 100, perSecond: 100 },
    },
    events: city.events,
  });
  const node = new TestNode(Date.now);
  const level = (value: number) => [
    { name: 'Level', datatype: DataType.Double, field: 'double' as const, value, timestamp: Date.now() },
  ];
  const device = (type: 'DBIRTH' | 'DDATA' | 'DDEATH', seq: number, value?: number): Message =>
    node.message(
      type,
      { timestamp: Date.now(), seq, metrics: value === undefined ? [] : level(value) },
      'PLC',
    );
  const hear = (...messages: Message[]) => {
    for (const { topic, bytes } of messages) host.receive(topic, bytes);
  };
  hear(node.birth({ 'LO/P_OUT': 0.4 }, 3), device('DBIRTH', 1, 1.5));
  const sweep = () => city.overview.sweep(Date.now());
  return { city, host, node, device, hear, sweep };
}

describe('the death of a node, at the host', () => {
  const aDeath = () => {
    const given = aNodeWithDevice();
    vi.advanceTimersByTime(700);
    // the gateway's clock says something else; the time that counts is the host's own
    given.hear(given.node.death(3));
    given.sweep();
    return given;
  };

  test.each([
    'tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-offline',
    'tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-offline',
  ])("%s: the station is offline from the host's own time on", () => {
    const { city, host } = aDeath();
    expect(city.state()).toBe(StationState.offline);
    expect(city.offlineSince()).toBe(START + 700);
    expect([...host.nodes.get('G/SM-0001')!.devices.values()]).toMatchObject([{ alive: false }]);
  });

  test('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale: what the node measured is stale', () => {
    expect(aDeath().city.quality('LO/P_OUT')).toBe('stale');
  });

  test('tck-id-operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale: and what its devices measured', () => {
    expect(aDeath().city.quality('L1')).toBe('stale');
  });

  test.each([
    'tck-id-topics-nbirth-bdseq-matching',
    'tck-id-payloads-nbirth-bdseq-repeat',
    'tck-id-payloads-ndeath-bdseq',
  ])('%s: only the death with the number of the birth counts', () => {
    const { died, hear, count } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1 }, 255), node.death(254), node.death(0));
    expect([died, count('deathMismatch')]).toEqual([[], 2]);
    hear(node.death(255));
    expect(died).toEqual(['G/SM-0001']);
  });

  test.each(['tck-id-topics-ndeath-seq', 'tck-id-payloads-ndeath-seq'])(
    '%s: it has no number and counts at once, whatever waits',
    () => {
      const { died, hear, count } = aHost();
      const node = aNode();
      const birth = node.birth();
      node.data();
      hear(birth, node.data(), node.death());
      vi.advanceTimersByTime(10_000);
      expect([died.length, count('sequenceGap')]).toEqual([1, 0]);
    },
  );
});

describe('the death of a device, at the host', () => {
  test('tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-offline: the device is offline, from the time of its death on', () => {
    const { deadDevices, hear } = aHost();
    const node = aNode();
    const metrics = [{ name: 'P', datatype: DataType.Double, field: 'double' as const, value: 1 }];
    hear(
      node.birth(),
      node.message('DBIRTH', { seq: 1, metrics }, 'PLC'),
      node.message('DBIRTH', { seq: 2, metrics }, 'METER'),
      node.message('DDEATH', { seq: 3, timestamp: START + 5, metrics: [] }, 'PLC'),
    );
    expect(deadDevices).toEqual([{ node: 'G/SM-0001', names: ['PLC/P'], time: START + 5 }]);
  });

  test("tck-id-operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale: its points are stale at once, the node's own are not", () => {
    const { city, device, hear, sweep } = aNodeWithDevice();
    hear(device('DDEATH', 2));
    for (let k = 0; k < 2; k++) {
      expect([city.quality('L1'), city.quality('LO/P_OUT')]).toEqual(['stale', 'good']);
      sweep();
    }
    expect(city.state()).toBe(StationState.live);
  });

  test('its next birth makes them current again', () => {
    const { city, device, hear, sweep } = aNodeWithDevice();
    hear(device('DDEATH', 2));
    vi.advanceTimersByTime(500);
    hear(device('DBIRTH', 3, 1.6));
    sweep();
    expect([city.quality('L1'), city.value('L1')]).toEqual(['good', 1.6]);
  });

  test('a death that comes twice is one death', () => {
    const { deadDevices, hear } = aHost();
    const node = aNode();
    hear(
      node.birth(),
      node.message('DBIRTH', { seq: 1, metrics: [] }, 'PLC'),
      node.message('DDEATH', { seq: 2, metrics: [] }, 'PLC'),
      node.message('DDEATH', { seq: 3, metrics: [] }, 'PLC'),
    );
    expect(deadDevices).toHaveLength(1);
  });
});

describe('the broker is lost, at the host', () => {
  // the one statement of section 5.3 that has no id
  test('all that its nodes and their devices had said is stale two intervals later, current when they are heard again', () => {
    const { city, host, node, device, hear, sweep } = aNodeWithDevice();
    const qualities = () => [city.quality('LO/P_OUT'), city.quality('L1')];
    sweep();
    expect(qualities()).toEqual(['good', 'good']);
    host.disconnected();
    vi.advanceTimersByTime(4001);
    sweep();
    expect([city.state(), ...qualities()]).toEqual([StationState.stale, 'stale', 'stale']);
    hear(node.birth({ 'LO/P_OUT': 0.4 }, 4), device('DBIRTH', 1, 1.5));
    sweep();
    expect([city.state(), ...qualities()]).toEqual([StationState.live, 'good', 'good']);
  });
});

describe('births, at the host', () => {
  test.each([
    'tck-id-message-flow-device-birth-publish-nbirth-wait',
    'tck-id-payloads-dbirth-order',
    'tck-id-payloads-ndata-order',
    'tck-id-payloads-ddata-order',
  ])('%s: what comes before the birth of its node, or device, asks for a whole birth', () => {
    for (const type of ['NDATA', 'DDATA', 'DBIRTH', 'DDEATH'] as const) {
      const { hear, published, seen } = aHost();
      const metrics = [{ name: 'P', datatype: DataType.Double, field: 'double' as const, value: 1 }];
      hear(aNode().message(type, { seq: 0, metrics }, type === 'NDATA' ? undefined : 'PLC'));
      vi.advanceTimersByTime(500);
      expect([type, published.length, seen]).toEqual([type, 1, []]);
    }
    const { hear, published, count } = aHost();
    const node = aNode();
    const metrics = [{ name: 'P', field: 'double' as const, value: 1 }];
    hear(node.birth(), node.message('DDATA', { seq: 1, metrics }, 'PLC'));
    vi.advanceTimersByTime(500);
    expect([published.length, count('unknownNode')]).toEqual([1, 1]);
  });

  test.each([
    'tck-id-operational-behavior-data-commands-rebirth-action-2',
    'tck-id-operational-behavior-data-commands-rebirth-action-3',
  ])('%s: a birth that was asked for, with the same bdSeq, is the birth of the same session', () => {
    const { hear, host, count, died, values } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1 }, 9));
    host.askRebirth(host.nodes.get('G/SM-0001')!);
    vi.advanceTimersByTime(500);
    hear(node.birth({ a: 1 }, 9), node.data({ 0: 5 }), node.death(9));
    expect([values(), died.length, count('birthRepeated')]).toEqual([[5], 1, 0]);
  });

  test.each([
    'tck-id-operational-behavior-data-publish-nbirth',
    'tck-id-topics-nbirth-metric-reqs',
    'tck-id-operational-behavior-data-publish-dbirth',
    'tck-id-topics-dbirth-metric-reqs',
  ])('%s: a metric that no birth has announced is counted, and a birth asked for', () => {
    const { hear, count, published } = aHost();
    const node = aNode();
    hear(node.birth({ a: 1 }), node.data({ 40: 1 }));
    vi.advanceTimersByTime(500);
    expect([count('unknownAlias'), published.length]).toEqual([1, 1]);
  });

  test.each([
    'tck-id-operational-behavior-data-publish-nbirth-values',
    'tck-id-operational-behavior-data-publish-dbirth-values',
  ])('%s: a null is no value', () => {
    const { hear, seen } = aHost();
    const metrics = [{ name: 'a', datatype: DataType.Double, field: 'none' as const, isNull: true }];
    hear(
      aNode().message('NBIRTH', { seq: 0, metrics }),
      aNode().message('DBIRTH', { seq: 1, metrics }, 'PLC'),
    );
    expect(seen.map(({ name, value }) => [name, value])).toEqual([
      ['a', Number.NaN],
      ['PLC/a', Number.NaN],
    ]);
  });
});
