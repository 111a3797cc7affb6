import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { startBroker } from '#server/broker/embedded.ts';
import { listenToJson } from '#server/mapping/connection.ts';
import { recordAll } from '#test/support/broker.ts';
import { mosquittoPath, startMosquitto } from '#test/support/mosquitto.ts';
import { until } from '#test/support/until.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const PUBLISH = 0x32;
const PUBLISHED_AGAIN = PUBLISH | 0x08;

/** A QoS 1 publication below `free/a`, its payload one digit. */
const publication = (kind: number, id: number, payload: number): Buffer => {
  const topic = Buffer.from('free/a');
  return Buffer.concat([
    Buffer.from([kind, 2 + topic.length + 2 + 1, 0, topic.length]),
    topic,
    Buffer.from([0, id]),
    Buffer.from(String(payload)),
  ]);
};

/** A broker that says to each connection, which it takes for one session, what was written for it; then it breaks the first. */
async function aBrokerThatSays(...said: Buffer[][]): Promise<string> {
  let connections = 0;
  const server = createServer((socket) => {
    const mine = said[connections++] ?? [];
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (bytes[0]! >> 4 === 1) socket.write(Buffer.from([0x20, 2, 1, 0]));
      if (bytes[0]! >> 4 !== 8) return;
      socket.write(Buffer.concat([Buffer.from([0x90, 3, bytes[2]!, bytes[3]!, 1]), ...mine]));
      if (connections === 1) setTimeout(() => socket.destroy(), 100);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(() => new Promise<void>((done) => server.close(() => done())));
  return `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
}

/** A broker that lets nobody read what begins with `closed`. */
async function aBroker(): Promise<string> {
  const aedes = await Aedes.createBroker();
  aedes.authorizeSubscribe = (_client, subscription, done) =>
    done(null, subscription.topic.startsWith('closed') ? null : subscription);
  const server = createServer(aedes.handle);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(() => new Promise<void>((done) => aedes.close(() => server.close(() => done()))));
  return `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('a topic that the broker does not let us read is said, the others are heard', async () => {
  const url = await aBroker();
  const refused: string[] = [];
  const heard: string[] = [];
  const json = listenToJson({
    url,
    mqtt: {},
    clientId: 'server-json',
    filters: ['closed/+/data', 'free/+/data'],
    receive: (topic) => void heard.push(topic),
    onRepeated: () => undefined,
    onRefused: (filter) => void refused.push(filter),
    isFull: () => false,
    onTrouble: () => undefined,
  });
  open.push(() => json.close());
  await until('the refusal', () => refused.length === 1);
  expect(refused).toEqual(['closed/+/data']);
  const gateway = await mqtt.connectAsync(url);
  open.push(() => gateway.endAsync(true));
  await until('what is free', async () => {
    await gateway.publishAsync('free/a/data', '{}', { qos: 1 });
    return heard.length > 0;
  });
});

test('what a broker delivers again in a session is taken once', async () => {
  const heard: string[] = [];
  const repeated: string[] = [];
  const json = listenToJson({
    url: await aBrokerThatSays(
      [publication(PUBLISH, 1, 5), publication(PUBLISH, 2, 6)],
      // neither was acknowledged in time; the third was lost on its way the first time
      [
        publication(PUBLISHED_AGAIN, 1, 5),
        publication(PUBLISHED_AGAIN, 2, 6),
        publication(PUBLISHED_AGAIN, 3, 7),
        publication(PUBLISH, 1, 5),
      ],
    ),
    mqtt: {},
    clientId: 'server-json',
    filters: ['free/#'],
    receive: (_topic, payload) => void heard.push(Buffer.from(payload).toString()),
    onRepeated: (topic) => void repeated.push(topic),
    onRefused: () => undefined,
    isFull: () => false,
    onTrouble: () => undefined,
  });
  open.push(() => json.close());
  await until('what came after', () => heard.length >= 4);
  expect(heard).toEqual(['5', '6', '7', '5']);
  expect(repeated).toEqual(['free/a', 'free/a']);
});

test('held it takes nothing, nor acknowledges it; let go, it hears what was said at QoS 1 meanwhile', async () => {
  const broker = await startBroker(0);
  open.push(() => broker.close());
  const heard: string[] = [];
  const json = listenToJson({
    url: broker.url,
    mqtt: {},
    clientId: 'server-json',
    filters: ['free/#'],
    receive: (_topic, payload) => void heard.push(Buffer.from(payload).toString()),
    onRepeated: () => expect.unreachable(),
    onRefused: () => expect.unreachable(),
    isFull: () => false,
    onTrouble: () => undefined,
  });
  open.push(() => json.close());
  const gateway = await mqtt.connectAsync(broker.url);
  open.push(() => gateway.endAsync(true));
  const say = (value: number) => gateway.publishAsync('free/a', String(value), { qos: 1 });
  let said = 0;
  await until('all since the subscription', async () => {
    if (heard.length === 0) await say(said++);
    return heard.at(-1) === String(said - 1);
  });
  for (let round = 0; round < 2; round++) {
    json.hold(true);
    json.hold(true);
    const others = await recordAll(broker.url, 'free/#');
    open.push(() => others.close());
    heard.length = 0;
    for (const value of [1, 2, 3]) await say(value);
    await until('that others hear it', () => others.heard.length === 3);
    expect(heard).toEqual([]);
    json.hold(false);
    await until('what was said meanwhile', () => heard.length >= 3);
    await say(4);
    await until('what is said now', () => heard.length >= 4);
    expect(heard).toEqual(['1', '2', '3', '4']);
  }
});

test('held and let go in one breath, and while its broker is away, it listens', async () => {
  const heard: string[] = [];
  let broker = await startBroker(0);
  const { url, port } = broker;
  open.push(() => broker.close());
  const json = listenToJson({
    url,
    mqtt: {},
    clientId: 'server-json',
    filters: ['free/#'],
    receive: (topic) => void heard.push(topic),
    onRepeated: () => undefined,
    onRefused: () => undefined,
    isFull: () => false,
    onTrouble: () => undefined,
  });
  open.push(() => json.close());
  const isListening = () =>
    until('a message', async () => {
      heard.length = 0;
      const gateway = await mqtt.connectAsync(url);
      await gateway.publishAsync('free/a', '1', { qos: 1 });
      await gateway.endAsync();
      return heard.length > 0;
    });
  await isListening();
  json.hold(true);
  json.hold(false);
  await isListening();
  await broker.close();
  json.hold(true);
  broker = await startBroker(port);
  json.hold(false);
  await isListening();
});

test('held while the machine of its broker is silent, it is back soon after it is let go', async () => {
  const heard: string[] = [];
  const broker = await startBroker(0);
  open.push(() => broker.close());
  /** a way to the broker: what went through it before is silent from `cut` on, what comes later is not */
  const ways: Socket[] = [];
  const proxy = createServer((from) => {
    const to = connect(broker.port, '127.0.0.1');
    ways.push(from, to);
    for (const one of [from, to]) one.on('error', () => undefined);
    from.pipe(to);
    to.pipe(from);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  open.push(() => {
    for (const way of ways) way.destroy();
    proxy.close();
  });
  const json = listenToJson({
    url: `mqtt://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    mqtt: {},
    clientId: 'server-json',
    filters: ['free/#'],
    receive: (_topic, payload) => void heard.push(String(payload)),
    onRepeated: () => undefined,
    onRefused: () => undefined,
    isFull: () => false,
    onTrouble: () => undefined,
  });
  open.push(() => json.close());
  const gateway = await mqtt.connectAsync(broker.url);
  open.push(() => gateway.endAsync(true));
  const say = (what: string) => gateway.publishAsync('free/a', what, { qos: 1 });
  await until('the subscription', async () => {
    await say('before');
    return heard.includes('before');
  });
  for (const way of ways) {
    way.unpipe();
    way.pause();
  }
  json.hold(true);
  json.hold(false);
  json.hold(true);
  json.hold(false);
  await say('after');
  await until('what is said now', () => heard.includes('after'));
});

const BROKERS: [string, () => Promise<{ url: string; end(): Promise<void> }>][] = [
  [
    'aedes',
    async () => {
      const broker = await startBroker(0);
      return { url: broker.url, end: () => broker.close() };
    },
  ],
];
if (mosquittoPath())
  BROKERS.push([
    'mosquitto',
    async () => {
      const broker = await startMosquitto();
      return { url: broker.url, end: () => broker.remove() };
    },
  ]);

test.each(BROKERS)(
  'of a burst that waited for it at %s, what there is no room for is not acknowledged: it comes when it is let go',
  async (_name, start) => {
    const broker = await start();
    open.push(() => broker.end());
    const heard: number[] = [];
    let room = Number.POSITIVE_INFINITY;
    const json = listenToJson({
      url: broker.url,
      mqtt: {},
      clientId: 'server-json',
      filters: ['free/#'],
      isFull: () => heard.length >= room,
      receive: (_topic, payload) => void heard.push(Number.parseInt(Buffer.from(payload).toString(), 10)),
      // an acknowledgement may be lost where a connection is left
      onRepeated: () => undefined,
      onRefused: () => expect.unreachable(),
      onTrouble: () => undefined,
    });
    open.push(() => json.close());
    const gateway = await mqtt.connectAsync(broker.url);
    open.push(() => gateway.endAsync(true));
    // longer than what a socket holds, all together
    const say = (k: number) => gateway.publishAsync('free/a', `${k} ${'.'.repeat(10_000)}`, { qos: 1 });
    await until('the subscription', async () => {
      if (heard.length === 0) await say(0);
      return heard.length > 0;
    });
    json.hold(true);
    const burst = Array.from({ length: 300 }, (_, k) => k + 1);
    for (const k of burst) await say(k);
    heard.length = 0;
    for (room = 50; room <= burst.length; room += 50) {
      json.hold(false);
      await until('what there is room for', () => heard.filter((k) => k > 0).length >= room);
    }
    expect(heard.filter((k) => k > 0)).toEqual(burst);
  },
);
