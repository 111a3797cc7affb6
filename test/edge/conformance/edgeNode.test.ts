import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordAll } from '#test/support/broker.ts';
import { startMosquitto } from '#test/support/mosquitto.ts';
import { tapWire } from '#test/support/mqttWire.ts';
import { until } from '#test/support/until.ts';
import { tahuDecode } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { decodePayload, type Metric, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { aSession, DATA_MESSAGES, GROUP, HOST, type Life, liveOnce, NODE, ROOM, type Step } from './life.ts';

/**
 * The statements of Sparkplug B 3.0 on edge nodes, by their ids, on what one gateway wrote to a real broker.
 * `docs/sparkplug-edge.md` lists them all; `statements.test.ts` holds the list and these names together.
 */
let life: Life;
beforeAll(async () => {
  life = await liveOnce();
});
afterAll(() => life.end());

const births = () => life.published('NBIRTH');
const datas = () => life.published('NDATA');
const deaths = () => life.published('NDEATH');
const own = (message: Payload, name: string): Metric | undefined =>
  message.metrics.find((metric) => metric.name === name);
const bdSeq = (message: Payload) => own(message, 'bdSeq')?.value;
const wills = () => life.connects().map(({ will }) => will!);
/** The types of what the gateway wrote between two steps of its life. */
const between = (from: Step, to: Step) =>
  life.wire.packets.slice(life.at[from], life.at[to]).map((packet) => {
    return packet.type === 'publish' ? packet.topic.split('/')[2] : packet.type;
  });
const isRecent = (time: number | undefined) => {
  expect(time).toBeGreaterThan(Date.now() - 120_000);
  expect(time).toBeLessThanOrEqual(Date.now());
};

describe('connecting', () => {
  test('tck-id-principles-persistence-clean-session-311', () => {
    expect(life.connects().length).toBe(3);
    for (const { clean, protocol } of life.connects()) expect([protocol, clean]).toEqual([4, true]);
  });
  test('tck-id-message-flow-edge-node-birth-publish-connect, tck-id-principles-birth-certificates-order', () => {
    for (const { connection } of life.connects()) {
      const kinds = life.wire.packets.filter((packet) => packet.connection === connection);
      expect(kinds[0]!.type).toBe('connect');
      const first = kinds.find(({ type }) => type === 'publish') as { topic: string };
      expect(first.topic).toContain('/NBIRTH/');
    }
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message, tck-id-payloads-ndeath-will-message', () => {
    for (const will of wills()) expect(will).toBeDefined();
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message-topic, tck-id-topics-ndeath-topic', () => {
    for (const { topic } of [...wills(), ...deaths()]) expect(topic).toBe(`spBv1.0/${GROUP}/NDEATH/${NODE}`);
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message-payload, tck-id-topics-ndeath-payload', () => {
    for (const { payload } of [...wills(), ...deaths()])
      expect(decodePayload(payload).metrics.map(({ name }) => name)).toEqual(['bdSeq']);
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq, tck-id-topics-nbirth-bdseq-increment', () => {
    const told = wills().map(({ payload }) => own(decodePayload(payload), 'bdSeq'));
    expect(told.map((metric) => metric?.value)).toEqual([0, 1, 2]);
    for (const metric of told) expect([metric?.datatype, metric?.field]).toEqual([DataType.Int64, 'long']);
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message-qos, tck-id-payloads-ndeath-will-message-qos', () => {
    for (const { qos } of [...wills(), ...deaths()]) expect(qos).toBe(1);
  });
  test('tck-id-message-flow-edge-node-birth-publish-will-message-will-retained, tck-id-payloads-ndeath-will-message-retain', () => {
    for (const { retain } of [...wills(), ...deaths()]) expect(retain).toBe(false);
  });
  test('tck-id-message-flow-edge-node-ncmd-subscribe, tck-id-topics-ncmd-topic, tck-id-operational-behavior-primary-application-state-with-multiple-servers-state-subs: at QoS 1, before the birth', () => {
    for (const { connection } of life.connects()) {
      const kinds = life.wire.packets.filter((packet) => packet.connection === connection);
      const subscribe = kinds.findIndex(({ type }) => type === 'subscribe');
      expect(subscribe).toBeLessThan(kinds.findIndex(({ type }) => type === 'publish'));
      expect(kinds[subscribe]).toMatchObject({
        topics: [
          { topic: `spBv1.0/${GROUP}/NCMD/${NODE}`, qos: 1 },
          { topic: `spBv1.0/STATE/${HOST}`, qos: 1 },
        ],
      });
    }
  });
  test('tck-id-operational-behavior-primary-application-state-with-multiple-servers-single-server: one connection at a time', () => {
    expect(life.wire.mostOpen()).toBe(1);
  });
});

describe('waiting for the primary host', () => {
  test('tck-id-message-flow-edge-node-birth-publish-phid-wait, tck-id-operational-behavior-edge-node-birth-sequence-wait', () => {
    expect(life.wire.packets.slice(0, life.at.connected).map(({ type }) => type)).toEqual([
      'connect',
      'subscribe',
    ]);
    expect(between('another host is online', 'its host is online')).toEqual(['NBIRTH']);
  });
  test('tck-id-message-flow-edge-node-birth-publish-phid-wait-id: another host does not count', () => {
    expect(between('connected', 'another host is online')).toEqual([]);
  });
  test('tck-id-message-flow-edge-node-birth-publish-phid-wait-online: a retained offline does not count', () => {
    expect(between('its host is offline', 'connected again')).toEqual(['connect', 'subscribe']);
  });
  test('tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp: an online older than the last STATE does not count', () => {
    expect(between('connected again', 'an old online')).toEqual([]);
    expect(between('an old online', 'its host is back')).toEqual(['NBIRTH']);
  });
  test('tck-id-message-flow-edge-node-birth-publish-phid-offline, tck-id-operational-behavior-edge-node-termination-host-offline: death, then disconnect', () => {
    expect(between('an old offline', 'its host is offline').slice(0, 2)).toEqual(['NDEATH', 'disconnect']);
  });
  test('tck-id-operational-behavior-edge-node-termination-host-offline-reconnect', () => {
    expect(between('an old offline', 'connected again').slice(2)).toEqual(['connect', 'subscribe']);
  });
  test('tck-id-operational-behavior-edge-node-termination-host-offline-timestamp: an older offline ends nothing', () => {
    expect(between('rebirth', 'an old offline')).toEqual([]);
  });
  test('without a primary host, a node is born as soon as it listens', async () => {
    const broker = await startMosquitto();
    const wire = await tapWire(broker.url);
    const recorder = await recordAll(broker.url);
    const session = aSession(wire.url, { hostId: undefined });
    session.connect();
    await until('the birth', () => recorder.messages('NBIRTH', NODE).length === 1);
    expect(wire.packets[1]).toMatchObject({ topics: [{ topic: `spBv1.0/${GROUP}/NCMD/${NODE}`, qos: 1 }] });
    await session.close();
    await recorder.close();
    await wire.close();
    await broker.remove();
  });
});

describe('topics and ids', () => {
  test('tck-id-topic-structure, tck-id-topic-structure-namespace-a, tck-id-topic-structure-namespace-device-id-associated-message-types', () => {
    expect(new Set(life.published().map(({ topic }) => topic))).toEqual(
      new Set(['NBIRTH', 'NDATA', 'NDEATH'].map((type) => `spBv1.0/${GROUP}/${type}/${NODE}`)),
    );
  });
  test('tck-id-message-flow-edge-node-birth-publish-nbirth-topic, tck-id-topics-nbirth-topic', () => {
    for (const { topic } of births()) expect(topic).toBe(`spBv1.0/${GROUP}/NBIRTH/${NODE}`);
  });
  test('tck-id-topics-ndata-topic', () => {
    for (const { topic } of datas()) expect(topic).toBe(`spBv1.0/${GROUP}/NDATA/${NODE}`);
  });
  test.each(['', 'a/b', 'a+', '#', 'a\0'])(
    'tck-id-topic-structure-namespace-valid-group-id, tck-id-topic-structure-namespace-valid-edge-node-id, tck-id-intro-group-id-string, tck-id-intro-group-id-chars, tck-id-intro-edge-node-id-string, tck-id-intro-edge-node-id-chars: %j is refused',
    (group) => {
      expect(() => aSession('mqtt://127.0.0.1:1', { group })).toThrow('is no Sparkplug id');
    },
  );
});

describe('NBIRTH', () => {
  test('tck-id-topics-nbirth-mqtt, tck-id-payloads-nbirth-qos, tck-id-payloads-nbirth-retain, tck-id-message-flow-edge-node-birth-publish-nbirth-qos, tck-id-message-flow-edge-node-birth-publish-nbirth-retained', () => {
    for (const { qos, retain } of births()) expect([qos, retain]).toEqual([0, false]);
    for (const heard of life.heard.filter(({ topic }) => topic.includes('/NBIRTH/')))
      expect([heard.qos, heard.retain]).toEqual([0, false]);
  });
  test('tck-id-topics-nbirth-seq-num, tck-id-payloads-nbirth-seq, tck-id-payloads-sequence-num-zero-nbirth, tck-id-message-flow-edge-node-birth-publish-nbirth-payload-seq', () => {
    expect(births().map(({ message }) => message.seq)).toEqual([0, 0, 0, 0]);
  });
  test('tck-id-topics-nbirth-timestamp, tck-id-payloads-nbirth-timestamp, tck-id-payloads-timestamp-in-UTC', () => {
    for (const { message } of births()) isRecent(message.timestamp);
  });
  test('tck-id-message-flow-edge-node-birth-publish-nbirth-payload, tck-id-topics-nbirth-metrics, tck-id-payloads-metric-datatype-req, tck-id-payloads-metric-datatype-value', () => {
    const known: number[] = Object.values(DataType).filter((type) => type !== DataType.Unknown);
    for (const metric of births().flatMap(({ message }) => message.metrics)) {
      expect(metric.name).toBeTruthy();
      expect(known).toContain(metric.datatype);
    }
  });
  test('tck-id-operational-behavior-data-publish-nbirth-values: a value, or null without one', () => {
    for (const { message } of births()) {
      const empty = message.metrics.filter(({ isNull }) => isNull);
      expect(empty.map(({ name }) => name)).toEqual([ROOM.points.at(-1)!.name]);
      for (const { isNull, value } of message.metrics) expect(isNull === true).toBe(value === undefined);
    }
  });
  test('tck-id-topics-nbirth-metric-reqs, tck-id-operational-behavior-data-publish-nbirth: all that data ever speaks of', () => {
    for (const { message } of births())
      expect(message.metrics.slice(2).map(({ name }) => name)).toEqual(ROOM.points.map(({ name }) => name));
    const born = new Set(births()[0]!.message.metrics.map(({ alias }) => alias));
    for (const { message } of datas()) for (const { alias } of message.metrics) expect(born).toContain(alias);
  });
  test('tck-id-topics-nbirth-bdseq-included, tck-id-payloads-nbirth-bdseq, tck-id-message-flow-edge-node-birth-publish-nbirth-payload-bdSeq', () => {
    for (const { message } of births())
      expect(own(message, 'bdSeq')).toMatchObject({ datatype: DataType.Int64, field: 'long' });
  });
  test('tck-id-topics-nbirth-bdseq-matching, tck-id-payloads-nbirth-bdseq-repeat: the one of the will of its connection', () => {
    for (const { connection, message } of births()) {
      const { will } = life.connects().find((connect) => connect.connection === connection)!;
      expect(bdSeq(message)).toBe(bdSeq(decodePayload(will!.payload)));
    }
  });
  test('tck-id-topics-nbirth-rebirth-metric, tck-id-payloads-nbirth-rebirth-req, tck-id-operational-behavior-data-commands-rebirth-name, tck-id-operational-behavior-data-commands-rebirth-name-aliases, tck-id-operational-behavior-data-commands-rebirth-datatype, tck-id-operational-behavior-data-commands-rebirth-value', () => {
    for (const { message } of births()) {
      const { timestamp, ...metric } = own(message, 'Node Control/Rebirth')!;
      isRecent(timestamp);
      expect(metric).toEqual({
        name: 'Node Control/Rebirth',
        datatype: DataType.Boolean,
        field: 'boolean',
        value: false,
      });
    }
  });
  test('tck-id-payloads-name-requirement, tck-id-payloads-alias-uniqueness, tck-id-payloads-alias-birth-requirement, tck-id-case-sensitivity-metric-names', () => {
    for (const { message } of births()) {
      const points = message.metrics.slice(2);
      expect(new Set(points.map(({ alias }) => alias)).size).toBe(ROOM.points.length);
      const names = message.metrics.map(({ name }) => name!.toLowerCase());
      expect(new Set(names).size).toBe(names.length);
    }
  });
  test('tck-id-payloads-name-birth-data-requirement, tck-id-payloads-metric-timestamp-in-UTC', () => {
    for (const { message } of [...births(), ...datas()])
      for (const { timestamp } of message.metrics) expect(timestamp).toBeGreaterThan(Date.UTC(2026, 0, 1));
  });
  test('tck-id-payloads-propertyset-keys-array-size, tck-id-payloads-propertyset-values-array-size, tck-id-payloads-metric-propertyvalue-type-type, tck-id-payloads-metric-propertyvalue-type-value, tck-id-payloads-metric-propertyvalue-type-req, tck-id-payloads-metric-datatype-value-type: as the public schema reads them', () => {
    const { metrics } = tahuDecode(births()[0]!.payload);
    const units = metrics.filter(({ properties }: { properties?: object }) => properties);
    expect(units.length).toBeGreaterThan(10);
    for (const { name, datatype, properties } of units) {
      expect(datatype).toBe(DataType.Double);
      const unit = ROOM.points[ROOM.index.get(name)!]!.unit;
      expect(properties).toEqual({
        keys: ['engUnit'],
        values: [{ type: DataType.String, string_value: unit }],
      });
    }
  });
  test('historical values are not among a birth’s', () => {
    for (const { message } of births())
      for (const { historical } of message.metrics) expect(historical).not.toBe(true);
  });
});

describe('NDATA', () => {
  test('tck-id-topics-ndata-mqtt, tck-id-payloads-ndata-qos, tck-id-payloads-ndata-retain', () => {
    for (const { qos, retain } of datas()) expect([qos, retain]).toEqual([0, false]);
  });
  test('tck-id-topics-ndata-seq-num, tck-id-payloads-ndata-seq, tck-id-payloads-ndata-seq-inc, tck-id-payloads-sequence-num-always-included, tck-id-payloads-sequence-num-incrementing: one more each, 0 after 255', () => {
    const first = datas().slice(0, DATA_MESSAGES + 1);
    expect(first.map(({ message }) => message.seq)).toEqual(
      Array.from({ length: DATA_MESSAGES + 1 }, (_, k) => (k + 1) % 256),
    );
  });
  test('tck-id-topics-ndata-timestamp, tck-id-payloads-ndata-timestamp', () => {
    for (const { message } of datas()) isRecent(message.timestamp);
  });
  test('tck-id-topics-ndata-payload, tck-id-payloads-alias-data-cmd-requirement, tck-id-payloads-metric-datatype-not-req: the alias alone, and the value', () => {
    expect(datas()[0]!.message.metrics).toEqual([
      { alias: 1, timestamp: Date.UTC(2026, 5, 1) + 2000, field: 'double', value: 0.001 },
      { alias: 2, timestamp: Date.UTC(2026, 5, 1) + 2000, field: 'double', value: 1 },
    ]);
  });
  test('tck-id-payloads-ndata-order: none before the birth of its connection', () => {
    for (const { connection } of life.connects()) {
      const types = life.published().filter((packet) => packet.connection === connection);
      expect(types[0]?.topic).toContain('NBIRTH');
    }
  });
  test('tck-id-operational-behavior-data-publish-nbirth-order: in one message, and from one to the next', () => {
    const live = datas()
      .slice(0, DATA_MESSAGES)
      .flatMap(({ message }) => message.metrics.map(({ timestamp }) => timestamp!));
    expect(live).toEqual([...live].sort((a, b) => a - b));
  });
  test('what is of the past says so, each metric', () => {
    const { message } = datas()[DATA_MESSAGES]!;
    expect(message.metrics.map(({ historical }) => historical)).toEqual([true, true, true, true]);
    for (const { message: live } of datas().slice(0, DATA_MESSAGES))
      for (const { historical } of live.metrics) expect(historical).not.toBe(true);
  });
});

describe('rebirth and death', () => {
  test('tck-id-operational-behavior-data-commands-rebirth-action-1, tck-id-operational-behavior-data-commands-rebirth-action-2: a birth follows, data goes on from there', () => {
    expect(between('historical data', 'rebirth')).toEqual(['NBIRTH', 'NDATA']);
    expect(datas().at(-1)!.message.seq).toBe(1);
  });
  test('tck-id-operational-behavior-data-commands-rebirth-action-3: with the bdSeq of the same connection', () => {
    expect(births().map(({ message }) => bdSeq(message))).toEqual([0, 0, 1, 2]);
  });
  test('tck-id-topics-ndeath-seq, tck-id-payloads-ndeath-seq', () => {
    for (const { payload } of [...wills(), ...deaths()]) expect(decodePayload(payload).seq).toBeUndefined();
  });
  test('tck-id-payloads-ndeath-bdseq: what is heard of each death matches its birth, the will’s too', () => {
    const heard = life.heard.filter(({ topic }) => topic.includes('/NDEATH/'));
    expect(heard.map(({ payload }) => bdSeq(decodePayload(payload)))).toEqual([0, 1, 2]);
    for (const { qos, retain } of heard) expect([qos, retain]).toEqual([1, false]);
  });
  test('tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath, tck-id-operational-behavior-edge-node-intentional-disconnect-packet, tck-id-payloads-ndeath-will-message-publisher, tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311', () => {
    expect(between('the cable is cut', 'closed')).toEqual(['NDEATH', 'disconnect']);
  });
});
