import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordAll } from '#test/support/broker.ts';
import { startMosquitto } from '#test/support/mosquitto.ts';
import { tapWire } from '#test/support/mqttWire.ts';
import { until } from '#test/support/until.ts';
import { tahuDecode } from '#test/twin/wire/tahu.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { decodePayload } from '#twin/wire/sparkplug/payload.ts';
import { aSession, bdSeq, GROUP, HOST, type Life, liveOnce, NODE, own, type Step } from './life.ts';

/**
 * The statements of Sparkplug B 3.0 on an edge node's session, by their ids, on what one gateway wrote to a real
 * broker. `docs/sparkplug-edge.md` lists them all; `statements.test.ts` holds the list and these names together.
 */
let life: Life;
beforeAll(async () => {
  life = await liveOnce();
});
afterAll(() => life.end());

const births = () => life.published('NBIRTH');
const datas = () => life.published('NDATA');
const deaths = () => life.published('NDEATH');
const wills = () => life.connects().map(({ will }) => will!);
/** The types of what the gateway wrote between two steps of its life. */
const between = (from: Step, to: Step) =>
  life.wire.packets.slice(life.at[from], life.at[to]).map((packet) => {
    return packet.type === 'publish' ? packet.topic.split('/')[2] : packet.type;
  });

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
      expect(tahuDecode(payload).metrics).toEqual([
        {
          name: 'bdSeq',
          timestamp: expect.any(String),
          datatype: DataType.Int64,
          long_value: expect.any(String),
        },
      ]);
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
  test('tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq, tck-id-topics-nbirth-bdseq-increment: by one from CONNECT to CONNECT, 0 after 255, though the broker was away between', async () => {
    const broker = await startMosquitto();
    let attempts = 0;
    const session = aSession(broker.url, {
      hostId: undefined,
      firstBdSeq: 255,
      keepBdSeq: async () => {
        attempts++;
      },
    });
    // it finds its way back long before the gateway's next attempt
    const recorder = await recordAll(broker.url);
    const heard = () => recorder.messages('NBIRTH', NODE).map(bdSeq);
    session.connect();
    await until('the birth', () => heard().length === 1);
    await broker.stop();
    await until('attempts in vain', () => attempts >= 3, 15_000);
    await broker.start();
    await until('the next birth', () => heard().length === 2, 15_000);
    expect(heard()).toEqual([255, 0]);
    await session.close();
    await recorder.close();
    await broker.remove();
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
  test('tck-id-message-flow-edge-node-birth-publish-phid-wait-timestamp: an online older than the last STATE does not count, one of its time does', () => {
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
  test('tck-id-topic-structure, tck-id-topic-structure-namespace-a, tck-id-topic-structure-namespace-device-id-non-associated-message-types', () => {
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
  test.each(['', 'a/b', 'a+', '#', 'a\0', 'a\ud83d'])(
    'tck-id-topic-structure-namespace-valid-group-id, tck-id-topic-structure-namespace-valid-edge-node-id, tck-id-intro-group-id-string, tck-id-intro-group-id-chars, tck-id-intro-edge-node-id-string, tck-id-intro-edge-node-id-chars: %j is refused',
    (group) => {
      expect(() => aSession('mqtt://127.0.0.1:1', { group })).toThrow('is no Sparkplug id');
    },
  );
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
  test('tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311: before its birth it goes without DISCONNECT, so its will is its NDEATH', async () => {
    const broker = await startMosquitto();
    const wire = await tapWire(broker.url);
    const recorder = await recordAll(broker.url);
    const session = aSession(wire.url);
    session.connect();
    await until('the subscription', () => wire.packets.length === 2);
    await session.close();
    await until('the will', () => recorder.messages('NDEATH', NODE).length === 1);
    expect(wire.packets.map(({ type }) => type)).toEqual(['connect', 'subscribe']);
    await recorder.close();
    await wire.close();
    await broker.remove();
  });
  test('tck-id-operational-behavior-edge-node-intentional-disconnect-ndeath, tck-id-operational-behavior-edge-node-intentional-disconnect-packet, tck-id-payloads-ndeath-will-message-publisher, tck-id-payloads-ndeath-will-message-publisher-disconnect-mqtt311', () => {
    expect(between('the cable is cut', 'closed')).toEqual(['NDEATH', 'disconnect']);
  });
});
