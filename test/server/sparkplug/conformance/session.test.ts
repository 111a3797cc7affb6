import { createServer } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHost } from '#server/sparkplug/connection.ts';
import { recordAll } from '#test/support/broker.ts';
import { mosquittoPath, startMosquitto } from '#test/support/mosquitto.ts';
import { until } from '#test/support/until.ts';
import { stateTopic } from '#twin/wire/sparkplug/topics.ts';
import { hostOn, type Message, type Packet, startWitness, type Witness } from './witness.ts';

const CLIENT = 'host-city';
const TOPIC = 'spBv1.0/STATE/city';
const open: { close(): Promise<void> }[] = [];
let witness: Witness;

beforeEach(async () => {
  witness = await startWitness();
  open.push(witness);
});
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});
const opened = async <T extends { close(): Promise<void> }>(making: Promise<T>): Promise<T> => {
  const made = await making;
  open.push(made);
  return made;
};
const states = (): Message[] => witness.published(CLIENT).filter(({ topic }) => topic === TOPIC);
const parsed = ({ payload }: Message) => JSON.parse(payload.toString('utf8')) as Record<string, unknown>;
const connects = () =>
  witness.of(CLIENT).flatMap((packet) => (packet.kind === 'connect' ? [packet] : [])) as Extract<
    Packet,
    { kind: 'connect' }
  >[];
const aClient = async (clientId: string) => {
  const client = await mqtt.connectAsync(witness.url, { clientId });
  return { client, close: () => client.endAsync(true) };
};
/** A host that has said its birth. */
const aBornHost = async () => {
  const host = await opened(hostOn(witness.url));
  await until('the birth', () => states().length > 0);
  return { host, connect: connects()[0]!, birth: states()[0]! };
};

describe("the host's CONNECT", () => {
  test.each([
    'tck-id-host-topic-phid-death-required',
    'tck-id-operational-behavior-host-application-connect-will',
    'tck-id-payloads-state-will-message',
  ])('%s: it carries a will', async () => {
    const { connect } = await aBornHost();
    expect(connect.will).toBeDefined();
  });

  test.each([
    'tck-id-host-topic-phid-death-topic',
    'tck-id-operational-behavior-host-application-connect-will-topic',
  ])('%s: the will is on spBv1.0/STATE/host_id', async () => {
    const { connect } = await aBornHost();
    expect(connect.will!.topic).toBe(TOPIC);
  });

  test.each([
    'tck-id-host-topic-phid-death-qos',
    'tck-id-operational-behavior-host-application-connect-will-qos',
    'tck-id-payloads-state-will-message-qos',
  ])('%s: the will is at QoS 1', async () => {
    const { connect } = await aBornHost();
    expect(connect.will!.qos).toBe(1);
  });

  test.each([
    'tck-id-host-topic-phid-death-retain',
    'tck-id-operational-behavior-host-application-connect-will-retained',
    'tck-id-payloads-state-will-message-retain',
  ])('%s: the will is retained', async () => {
    const { connect } = await aBornHost();
    expect(connect.will!.retain).toBe(true);
  });

  test.each([
    'tck-id-host-topic-phid-death-payload',
    'tck-id-operational-behavior-host-application-connect-will-payload',
    'tck-id-payloads-state-will-message-payload',
  ])('%s: the will is JSON of online false and a timestamp, nothing else', async () => {
    const { connect } = await aBornHost();
    expect(parsed(connect.will!)).toEqual({ online: false, timestamp: expect.any(Number) });
  });

  test('tck-id-host-topic-phid-death-payload-timestamp-connect: its timestamp is UTC of that CONNECT', async () => {
    const before = Date.now();
    const { connect } = await aBornHost();
    const timestamp = parsed(connect.will!).timestamp as number;
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(connect.at);
  });

  test('tck-id-message-flow-phid-sparkplug-clean-session-311: Clean Session, at MQTT 3.1.1', async () => {
    const { connect } = await aBornHost();
    expect(connect).toMatchObject({ protocol: 4, clean: true });
  });

  test('tck-id-message-flow-phid-sparkplug-clean-session-50: Clean Start and no expiry interval, at MQTT 5.0', async () => {
    const packet = await firstPacket(5);
    // fixed header of two or three bytes, the name MQTT, version, flags, keep-alive, properties
    const name = packet.indexOf('MQTT');
    expect(packet[name + 4]).toBe(5);
    expect(packet[name + 5]! & 0x02).toBe(0x02);
    const properties = packet.subarray(name + 9, name + 9 + packet[name + 8]!);
    const EXPIRY = 0x11;
    const at = properties.indexOf(EXPIRY);
    expect(at < 0 || properties.readUInt32BE(at + 1) === 0).toBe(true);
  });
});

describe('the order of its first packets', () => {
  test.each([
    'tck-id-host-topic-phid-birth-sub-required',
    'tck-id-message-flow-phid-sparkplug-subscription',
    'tck-id-payloads-state-subscribe',
  ])('%s: it subscribes to its STATE and to the namespace before it says anything', async () => {
    await aBornHost();
    const [connect, subscribe, next] = witness.of(CLIENT);
    expect(connect!.kind).toBe('connect');
    expect(subscribe).toMatchObject({ kind: 'subscribe', topics: ['spBv1.0/#', TOPIC] });
    expect(next!.kind).toBe('publish');
  });

  test.each([
    'tck-id-principles-birth-certificates-order',
    'tck-id-host-topic-phid-birth-message',
    'tck-id-host-topic-phid-birth-required',
    'tck-id-message-flow-phid-sparkplug-state-publish',
    'tck-id-operational-behavior-host-application-connect-birth',
    'tck-id-payloads-state-birth',
  ])('%s: its first message is its birth, though a node waits for a rebirth', async () => {
    const node = await mqtt.connectAsync(witness.url, { clientId: 'node' });
    open.push({ close: () => node.endAsync(true) });
    const talking = setInterval(() => node.publish('spBv1.0/G/NDATA/n', Buffer.of(0x18, 1)), 1);
    try {
      await opened(hostOn(witness.url));
      await until('a rebirth request', () => witness.published(CLIENT).length > 1);
    } finally {
      clearInterval(talking);
    }
    expect(witness.published(CLIENT)[0]!.topic).toBe(TOPIC);
    expect(parsed(states()[0]!).online).toBe(true);
  });
});

describe('the order after a break', () => {
  const aConnection = () =>
    opened(
      connectHost({
        url: witness.url,
        mqtt: {},
        hostId: 'city',
        groups: [],
        now: Date.now,
        receive: () => undefined,
        onState: () => undefined,
      }),
    );
  /** What came from the second CONNECT on. */
  const second = () => witness.of(CLIENT).slice(witness.of(CLIENT).lastIndexOf(connects()[1]!));

  test('tck-id-message-flow-phid-sparkplug-subscription: held and let go at once, it listens again before it is born', async () => {
    const connection = await aConnection();
    await until('the birth', () => states().length === 1);
    connection.hold(true);
    connection.hold(false);
    await until('the next birth', () => connects().length === 2 && second().length >= 3);
    expect(
      second()
        .slice(0, 3)
        .map(({ kind }) => kind),
    ).toEqual(['connect', 'subscribe', 'publish']);
  });

  test('tck-id-host-topic-phid-birth-message: closed before its subscription is answered, it says its birth and then its death', async () => {
    const connection = await aConnection();
    await until('the birth', () => states().length === 1);
    witness.slow();
    witness.cut();
    await until('the next connection', () => connects().length === 2, 15_000);
    // MQTT takes what is sent in order, answered or not
    await new Promise((done) => setTimeout(done, 100));
    await connection.close();
    await until('its last word', () => second().filter(({ kind }) => kind === 'publish').length === 2);
    const said = second().flatMap((packet) => (packet.kind === 'publish' ? [parsed(packet).online] : []));
    expect(said).toEqual([true, false]);
  });
});

describe("the host's birth", () => {
  test.each([
    'tck-id-host-topic-phid-birth-topic',
    'tck-id-operational-behavior-host-application-connect-birth-topic',
  ])('%s: on spBv1.0/STATE/host_id', async () => {
    const { birth } = await aBornHost();
    expect(birth.topic).toBe(stateTopic('city'));
    expect(birth.topic).toBe('spBv1.0/STATE/city');
  });

  test.each([
    'tck-id-host-topic-phid-birth-qos',
    'tck-id-operational-behavior-host-application-connect-birth-qos',
  ])('%s: at QoS 1', async () => {
    const { birth } = await aBornHost();
    expect(birth.qos).toBe(1);
  });

  test.each([
    'tck-id-host-topic-phid-birth-retain',
    'tck-id-operational-behavior-host-application-connect-birth-retained',
  ])('%s: retained', async () => {
    const { birth } = await aBornHost();
    expect(birth.retain).toBe(true);
  });

  test.each([
    'tck-id-host-topic-phid-birth-payload',
    'tck-id-message-flow-phid-sparkplug-state-publish-payload',
    'tck-id-operational-behavior-host-application-connect-birth-payload',
    'tck-id-payloads-state-birth-payload',
  ])('%s: JSON of online true and a timestamp, nothing else', async () => {
    const { birth } = await aBornHost();
    expect(parsed(birth)).toEqual({ online: true, timestamp: expect.any(Number) });
  });

  test.each([
    'tck-id-host-topic-phid-birth-payload-timestamp',
    'tck-id-message-flow-phid-sparkplug-state-publish-payload-timestamp',
  ])('%s: the timestamp is that of the will', async () => {
    const { birth, connect } = await aBornHost();
    expect(parsed(birth).timestamp).toBe(parsed(connect.will!).timestamp);
  });

  test('tck-id-message-flow-hid-sparkplug-state-message-delivered: said to be offline, it repeats its birth at once, each time', async () => {
    const { birth } = await aBornHost();
    const other = await opened(aClient('other'));
    const { timestamp: ours } = parsed(birth) as { timestamp: number };
    let told = 1;
    for (const timestamp of [Date.now(), ours, ours - 1])
      for (const retain of [true, false]) {
        const lie = JSON.stringify({ online: false, timestamp });
        await other.client.publishAsync(TOPIC, lie, { qos: 1, retain });
        told++;
        await until('the answer', () => states().length === told);
        expect(states().at(-1)).toMatchObject({ qos: 1, retain: true });
        expect(parsed(states().at(-1)!)).toEqual(parsed(birth));
      }
  });

  test('tck-id-message-flow-hid-sparkplug-state-message-delivered: also by what its broker kept, when that comes after its birth', async () => {
    const before = await opened(aClient('before'));
    const end = JSON.stringify({ online: false, timestamp: Date.now() - 60_000 });
    await before.client.publishAsync(TOPIC, end, { qos: 1, retain: true });
    await aBornHost();
    await until('the answer', () => states().length > 1);
    for (const state of states()) expect(parsed(state)).toEqual(parsed(states()[0]!));
  });

  test('tck-id-operational-behavior-primary-application-state-with-multiple-servers-state: each new session has a birth, of its own CONNECT', async () => {
    await aBornHost();
    witness.cut();
    await until(
      'the second birth',
      () => connects().length === 2 && parsed(states().at(-1)!).online === true,
      15_000,
    );
    const [first, second] = connects();
    expect(parsed(second!.will!).timestamp).toBeGreaterThan(parsed(first!.will!).timestamp as number);
    expect(parsed(states().at(-1)!)).toEqual({ online: true, timestamp: parsed(second!.will!).timestamp });
  });
});

describe('the end of the host', () => {
  const anEndedHost = async () => {
    const host = await hostOn(witness.url);
    await until('the birth', () => states().length > 0);
    const before = Date.now();
    await host.close();
    return { death: states().at(-1)!, birth: states()[0]!, before };
  };

  test.each([
    'tck-id-intro-sparkplug-host-state',
    'tck-id-components-ph-state',
    'tck-id-conformance-primary-host',
    'tck-id-operational-behavior-host-application-termination',
  ])('%s: STATE says online while it is there, offline once it has gone', async () => {
    await anEndedHost();
    expect(states().map((state) => parsed(state).online)).toEqual([true, false]);
  });

  test('tck-id-operational-behavior-host-application-death-topic: on spBv1.0/STATE/host_id', async () => {
    expect((await anEndedHost()).death.topic).toBe(TOPIC);
  });

  test('tck-id-operational-behavior-host-application-death-payload: JSON of online false and a timestamp', async () => {
    const { death } = await anEndedHost();
    expect(parsed(death)).toEqual({ online: false, timestamp: expect.any(Number) });
  });

  test('tck-id-operational-behavior-host-application-death-qos: at QoS 1', async () => {
    expect((await anEndedHost()).death.qos).toBe(1);
  });

  test('tck-id-operational-behavior-host-application-death-retained: retained', async () => {
    expect((await anEndedHost()).death.retain).toBe(true);
  });

  test('tck-id-host-topic-phid-death-payload-timestamp-disconnect-clean: of the time it disconnects, not before its birth', async () => {
    const { death, birth, before } = await anEndedHost();
    expect(parsed(death).timestamp).toBeGreaterThanOrEqual(before);
    expect(parsed(death).timestamp).toBeGreaterThanOrEqual(parsed(birth).timestamp as number);
  });

  test('tck-id-host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet: a broker that acknowledges nothing is left without one, after the death', async () => {
    const host = await hostOn(witness.url);
    await until('the birth', () => states().length > 0);
    witness.mute();
    const before = Date.now();
    await host.close();
    const death = parsed(states().at(-1)!);
    expect(death.online).toBe(false);
    expect(death.timestamp).toBeGreaterThanOrEqual(before);
    expect(death.timestamp).toBeLessThan(before + 1000);
  });

  const withMosquitto = mosquittoPath() ? test : test.skipIf(true);
  withMosquitto(
    'tck-id-operational-behavior-host-application-disconnect-intentional: a DISCONNECT follows, so mosquitto sends no will after the death',
    async () => {
      const broker = await startMosquitto();
      open.push({ close: () => broker.remove() });
      const recorder = await opened(recordAll(broker.url));
      const host = await hostOn(broker.url);
      await host.close();
      // the broker takes a client of the same id only when the first has gone, and would send its will before
      const next = await opened(hostOn(broker.url));
      await until('the next birth', () => recorder.states('city').length >= 3);
      const said = recorder.states('city').map(({ online }) => online);
      expect(said.slice(0, 3)).toEqual([true, false, true]);
      expect(said.slice(3)).not.toContain(false);
      expect(next.faults).toEqual([]);
    },
  );
});

/** The bytes a host sends first to a server that never answers. */
async function firstPacket(protocolVersion: 4 | 5): Promise<Buffer> {
  let heard: (bytes: Buffer) => void;
  const bytes = new Promise<Buffer>((resolve) => {
    heard = resolve;
  });
  const server = createServer((socket) =>
    socket.once('data', (chunk) => {
      heard(chunk);
      socket.destroy();
    }),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const options = {
    url: `mqtt://127.0.0.1:${port}`,
    mqtt: { protocolVersion },
    hostId: 'city',
    groups: [],
    now: Date.now,
    receive: () => undefined,
    onState: () => undefined,
  };
  const refused = connectHost(options).catch(() => undefined);
  const packet = await bytes;
  await refused;
  await new Promise((done) => server.close(done));
  return packet;
}
