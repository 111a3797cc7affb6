import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { startBroker } from '#server/broker/embedded.ts';
import { connectHost, holdsBack } from '#server/sparkplug/connection.ts';
import { Random } from '#sim/random.ts';
import { recordAll } from '#test/support/broker.ts';
import { mosquittoPath, startMosquitto } from '#test/support/mosquitto.ts';
import { MqttPackets } from '#test/support/mqttPackets.ts';
import { Network } from '#test/support/network.ts';
import { until } from '#test/support/until.ts';
import { DAY } from '#twin/units.ts';
import { nodeTopic, stateTopic } from '#twin/wire/sparkplug/topics.ts';

const PINGRESP = 13;

interface TestBroker {
  url: string;
  /** ends it and starts it again on the same port */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

const BROKERS: Record<string, (() => Promise<TestBroker>) | undefined> = {
  aedes: async () => {
    let broker = await startBroker(0);
    const { url, port } = broker;
    return {
      url,
      async restart() {
        await broker.close();
        broker = await startBroker(port);
      },
      remove: () => broker.close(),
    };
  },
  mosquitto: mosquittoPath()
    ? async () => {
        const broker = await startMosquitto();
        return {
          url: broker.url,
          async restart() {
            await broker.stop();
            await broker.start();
          },
          remove: () => broker.remove(),
        };
      }
    : undefined,
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

for (const [name, start] of Object.entries(BROKERS)) {
  const title = start
    ? `the host's connection to ${name}`
    : `${name} is not installed: its tests are left out`;
  describe.skipIf(!start)(title, () => {
    const aBroker = async () => {
      const broker = await start!();
      open.push({ close: () => broker.remove() });
      return broker;
    };
    const aHost = async (
      url: string,
      given: { groups?: string[]; hostId?: string; now?: () => number } = {},
    ) => {
      const states: boolean[] = [];
      const received: string[] = [];
      const troubles: string[] = [];
      const kept: string[] = [];
      const connection = await connectHost({
        url,
        mqtt: {},
        hostId: given.hostId ?? 'city',
        groups: given.groups ?? [],
        now: given.now ?? Date.now,
        receive: (topic, _payload, retained) => (retained ? kept : received).push(topic),
        onState: (connected, detail) => {
          states.push(connected);
          if (!connected) troubles.push(detail);
        },
      });
      open.push(connection);
      return { connection, states, received, troubles, kept };
    };
    const record = async (url: string) => {
      const recorder = await recordAll(url);
      open.push(recorder);
      return recorder;
    };
    /** What a broker says of the host to one who comes now. */
    const retained = async (url: string) => {
      const late = await recordAll(url, stateTopic('city'));
      await until('the retained STATE', () => late.heard.length > 0);
      await late.close();
      expect(late.heard[0]!.retain).toBe(true);
      return late.states('city')[0]!;
    };

    test('says online when it listens, kept for those who come later', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      const { states, received } = await aHost(broker.url);
      await until('STATE', () => recorder.states('city').length > 0);
      expect(recorder.heard[0]!.qos).toBe(1);
      expect(await retained(broker.url)).toEqual(recorder.states('city')[0]);
      expect(states).toEqual([true]);
      await recorder.client.publishAsync(nodeTopic('G', 'NDATA', 'n'), 'x');
      await until('data', () => received.length === 1);
    });

    test('tells what the broker kept from what is said now', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      await recorder.client.publishAsync(nodeTopic('G', 'NBIRTH', 'n'), 'x', { qos: 1, retain: true });
      const { kept, received } = await aHost(broker.url);
      await until('what was kept', () => kept.length > 0);
      await recorder.client.publishAsync(nodeTopic('G', 'NDATA', 'n'), 'x', { qos: 1, retain: true });
      await until('data', () => received.length === 1);
      expect([kept, received]).toEqual([[nodeTopic('G', 'NBIRTH', 'n')], [nodeTopic('G', 'NDATA', 'n')]]);
    });

    test('hears only the groups it was given', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      const { received } = await aHost(broker.url, { groups: ['east', 'west'] });
      for (const group of ['north', 'east', 'west']) {
        await recorder.client.publishAsync(nodeTopic(group, 'NDATA', 'n'), 'x', { qos: 1 });
      }
      await until('data', () => received.length === 2);
      expect(received).toEqual(['spBv1.0/east/NDATA/n', 'spBv1.0/west/NDATA/n']);
    });

    test('killed without a word, its will says offline with the timestamp of its birth', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      await aHost(broker.url);
      await until('the birth', () => recorder.states('city').length === 1);
      // a second client of the same id takes the place of the first, which the broker then treats as lost
      const usurper = await mqtt.connectAsync(broker.url, { clientId: 'host-city', reconnectPeriod: 0 });
      await until('the will', () => recorder.states('city').some(({ online }) => !online));
      const { timestamp } = recorder.states('city')[0]!;
      expect(recorder.states('city')[1]).toEqual({ online: false, timestamp });
      await usurper.endAsync(true);
      await until('the host again', () => recorder.states('city').at(-1)!.online);
      expect(recorder.states('city').at(-1)!.timestamp).toBeGreaterThan(timestamp);
    });

    test('held, it says offline and hears nothing; let go, it is born anew', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      const { connection, states, received } = await aHost(broker.url);
      await until('the birth', () => recorder.states('city').length === 1);
      connection.hold(true);
      connection.hold(true);
      await until('the end', () => recorder.states('city').length === 2);
      expect(recorder.states('city')[1]!.online).toBe(false);
      expect((await retained(broker.url)).online).toBe(false);
      await recorder.client.publishAsync(nodeTopic('G', 'NDATA', 'n'), 'x', { qos: 1 });
      expect([connection.held, states, received]).toEqual([true, [true, false], []]);
      connection.hold(false);
      await until('the host again', () => recorder.states('city').at(-1)!.online);
      expect(recorder.states('city').at(-1)!.timestamp).toBeGreaterThanOrEqual(
        recorder.states('city')[1]!.timestamp,
      );
      await recorder.client.publishAsync(nodeTopic('G', 'NDATA', 'n'), 'x', { qos: 1 });
      await until('data', () => received.length === 1);
      expect([connection.held, states]).toEqual([false, [true, false, true]]);
    });

    test('said to be offline by somebody else, it says online again at once', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      await aHost(broker.url);
      await until('the birth', () => recorder.states('city').length === 1);
      const { timestamp } = recorder.states('city')[0]!;
      for (const lie of [JSON.stringify({ online: false, timestamp }), 'garbage']) {
        const before = recorder.heard.length;
        await recorder.client.publishAsync(stateTopic('city'), lie, { qos: 1, retain: true });
        await until('the answer', () => recorder.heard.length >= before + 2);
        expect(JSON.parse(recorder.heard.at(-1)!.payload.toString())).toEqual({ online: true, timestamp });
      }
    });

    test('its clock set back between two connections, it is born after its last birth all the same', async () => {
      const broker = await aBroker();
      let ahead = 10_000;
      const { states } = await aHost(broker.url, { now: () => Date.now() + ahead });
      const { timestamp } = await retained(broker.url);
      ahead = 0;
      await broker.restart();
      await until('the return', () => states.length === 3, 15_000);
      expect(await retained(broker.url)).toEqual({ online: true, timestamp: timestamp + 1 });
    });

    test('started with a clock a day behind its last words, it is born after them, by a will of the same time', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      const said = Date.now() + DAY;
      const last = JSON.stringify({ online: false, timestamp: said });
      await recorder.client.publishAsync(stateTopic('city'), last, { qos: 1, retain: true });
      const { states, troubles } = await aHost(broker.url);
      const isBornAfter = () =>
        recorder.states('city').some(({ online, timestamp }) => online && timestamp === said + 1);
      await until('the birth after them', isBornAfter);
      await until('its connection', () => states.at(-1) === true);
      for (const trouble of troubles) expect(trouble).toMatch(/clock.*set back/);
      const usurper = await mqtt.connectAsync(broker.url, { clientId: 'host-city', reconnectPeriod: 0 });
      await until('the will', () => recorder.states('city').at(-1)!.online === false);
      expect(recorder.states('city').at(-1)!.timestamp).toBe(said + 1);
      await usurper.endAsync(true);
    });

    test('a STATE that the broker kept with a time that is none does not move it', async () => {
      const broker = await aBroker();
      const recorder = await record(broker.url);
      for (const timestamp of ['1e300', '"tomorrow"', '-5', 'null']) {
        const garbage = `{"online":false,"timestamp":${timestamp}}`;
        await recorder.client.publishAsync(stateTopic('city'), garbage, { qos: 1, retain: true });
        const { connection } = await aHost(broker.url);
        await until('the birth', () => recorder.states('city').at(-1)!.online);
        expect(recorder.states('city').at(-1)!.timestamp).toBeLessThanOrEqual(Date.now());
        await connection.close();
      }
    });

    test('leaving on purpose, it says offline', async () => {
      const broker = await aBroker();
      const { connection } = await aHost(broker.url);
      await connection.close();
      expect(await retained(broker.url)).toMatchObject({ online: false });
    });

    test('after the broker was away it is back, with a birth of its own', async () => {
      const broker = await aBroker();
      const { connection, states, received } = await aHost(broker.url);
      await broker.restart();
      await until('the return', () => states.length === 3, 15_000);
      expect(states).toEqual([true, false, true]);
      expect(await retained(broker.url)).toMatchObject({ online: true });
      const recorder = await record(broker.url);
      await recorder.client.publishAsync(nodeTopic('G', 'NDATA', 'n'), 'x');
      await until('data', () => received.length === 1);
      connection.publish(nodeTopic('G', 'NCMD', 'n'), Uint8Array.of(1));
      await until('a command', () => recorder.heard.some(({ topic }) => topic.includes('NCMD')));
    });
  });
}

describe('a broker that is not there', () => {
  test('rejects with its reason, and leaves nothing behind', async () => {
    const broker = await startBroker(0);
    await broker.close();
    await expect(
      connectHost({
        url: broker.url,
        mqtt: {},
        hostId: 'city',
        groups: [],
        now: Date.now,
        receive: () => undefined,
        onState: () => undefined,
      }),
    ).rejects.toThrow(/ECONNREFUSED/);
  });

  test('a port that is taken is told', async () => {
    const broker = await startBroker(0);
    await expect(startBroker(broker.port)).rejects.toThrow(/EADDRINUSE/);
    await broker.close();
  });

  test('the embedded broker ends at once, though somebody connected and never spoke', async () => {
    const broker = await startBroker(0);
    const idle = connectTcp(broker.port, '127.0.0.1');
    await new Promise((done) => idle.once('connect', done));
    const gone = new Promise((done) => idle.once('close', done));
    await broker.close();
    await gone;
  });
});

test('a broker that answers no ping for all it has to say is still there', async () => {
  const broker = await startBroker(0);
  open.push(broker);
  let unanswered = 0;
  const way = createServer((near) => {
    const far = connectTcp(broker.port, '127.0.0.1');
    const packets = new MqttPackets();
    near.pipe(far);
    far.on('data', (bytes: Buffer) => {
      for (const packet of packets.take(bytes)) {
        if (packet.bytes[0]! >> 4 === PINGRESP) unanswered++;
        else near.write(packet.bytes);
      }
    });
    for (const end of [near, far])
      end.on('error', () => {}).on('close', () => [near, far].map((s) => s.destroy()));
  }).listen(0, '127.0.0.1');
  await until('the way', () => way.address() !== null);
  open.push({ close: async () => void way.close() });
  const states: boolean[] = [];
  open.push(
    await connectHost({
      url: `mqtt://127.0.0.1:${(way.address() as AddressInfo).port}`,
      mqtt: { keepalive: 1 },
      hostId: 'city',
      groups: [],
      now: Date.now,
      receive: () => undefined,
      onState: (connected) => states.push(connected),
    }),
  );
  const { client } = await recordAll(broker.url);
  open.push({ close: () => client.endAsync(true) });
  const talk = setInterval(() => client.publish(nodeTopic('G', 'NDATA', 'n'), 'x'), 50);
  open.push({ close: async () => clearInterval(talk) });
  await until('three pings', () => unanswered === 3);
  expect(states).toEqual([true]);
});

test('knows how far it is behind with what the broker has for it', async () => {
  const broker = await startBroker(0);
  open.push(broker);
  const network = await Network.open(broker.url, new Random(1));
  open.push(network);
  const host = await connectHost({
    url: network.url,
    mqtt: {},
    hostId: 'city',
    groups: [],
    now: Date.now,
    receive: () => undefined,
    onState: () => undefined,
  });
  open.push(host);
  expect(host.lag).toBe(0);
  const words = await recordAll(broker.url, 'shuijing/echo/#');
  open.push(words);
  await until('two words to itself', () => words.heard.length > 1);
  network.set('silent');
  await until('two seconds behind', () => host.lag > 2000);
  network.set('open');
  await until('no longer behind', () => host.lag < 1000);
  host.hold(true);
  expect(host.lag).toBe(0);
});

test('a host that is far behind is held, and let go as soon as it has left', () => {
  expect([0, 44_000, 46_000].map((lag) => holdsBack(false, 0, lag))).toEqual([false, false, true]);
  expect(holdsBack(true, 0, 46_000)).toBe(false);
});

test('a host is held when its memory is four fifths full, and let go when two fifths are free', () => {
  expect([0, 0.5, 0.79, 0.81, 1].map((pressure) => holdsBack(false, pressure, 0))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect([1, 0.7, 0.61, 0.59, 0].map((pressure) => holdsBack(true, pressure, 0))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
