import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Delivery } from '#edge/delivery.ts';
import { createGateway, type Gateway, takeInputs } from '#edge/gateway.ts';
import { clientIdOf, EdgeSession, parseState, type SessionOptions } from '#edge/node/session.ts';
import { FrameQueue } from '#edge/queue/queue.ts';
import { Replayer } from '#edge/replay.ts';
import { startBroker } from '#server/broker/embedded.ts';
import { brokerWithHost } from '#test/support/broker.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { DataType } from '#twin/wire/sparkplug/datatypes.ts';
import { encodePayload, type Metric, type Payload } from '#twin/wire/sparkplug/payload.ts';
import { nodeTopic, stateTopic } from '#twin/wire/sparkplug/topics.ts';

const HOST = 'city';
const NODE = 'SM-0001';
const ROOM = templateById('tank:LO3');
const P_OUT = ROOM.index.get('LO/P_OUT')!;
const P_SET = ROOM.index.get('LO/P_SET')!;

let house: Awaited<ReturnType<typeof brokerWithHost>>;
const open: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  house = await brokerWithHost(HOST);
});
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
  await house.close();
});

function aSession(given: Partial<SessionOptions> = {}) {
  const calls: string[] = [];
  const session = new EdgeSession({
    url: house.broker.url,
    mqtt: {},
    group: 'G',
    node: NODE,
    hostId: HOST,
    template: ROOM,
    firstBdSeq: 3,
    now: Date.now,
    steady: () => performance.now(),
    random: () => 0,
    birthSpreadMs: 10,
    current: () => ({
      values: new Float64Array(ROOM.points.length).fill(0.5),
      times: new Float64Array(ROOM.points.length).fill(1_780_000_000_000),
    }),
    onBorn: () => calls.push('born'),
    onBroken: () => calls.push('broken'),
    onCarried: () => undefined,
    onRebirth: () => calls.push('rebirth'),
    ...given,
  });
  open.push(session);
  session.connect();
  return { session, calls };
}

const births = () => house.recorder.messages('NBIRTH', NODE);
const deaths = () => house.recorder.messages('NDEATH', NODE);
const datas = () => house.recorder.messages('NDATA', NODE);
const bdSeq = (payload: Payload) => payload.metrics.find(({ name }) => name === 'bdSeq')?.value;
const born = (count: number) => until(`birth ${count}`, () => births().length >= count);
const oneValue = (time: number, value = 0.5) => ({
  time,
  points: Uint16Array.of(P_OUT),
  values: Float64Array.of(value),
});
const command = (metrics: Metric[], retain = false) =>
  house.recorder.client.publishAsync(
    nodeTopic('G', 'NCMD', NODE),
    Buffer.from(encodePayload({ timestamp: Date.now(), metrics })),
    { qos: 0, retain },
  );
const rebirth: Metric = {
  name: 'Node Control/Rebirth',
  datatype: DataType.Boolean,
  field: 'boolean',
  value: true,
};

describe('STATE of a host', () => {
  test.each<[string, ReturnType<typeof parseState>]>([
    ['{"online":true,"timestamp":5}', { online: true, timestamp: 5 }],
    ['{"online":false,"timestamp":0,"more":1}', { online: false, timestamp: 0 }],
    ['ONLINE', null],
    ['null', null],
    ['[]', null],
    ['{"online":"true","timestamp":5}', null],
    ['{"online":true}', null],
  ])('%s', (text, wanted) => {
    expect(parseState(new TextEncoder().encode(text))).toEqual(wanted);
  });
});

describe('an edge node', () => {
  test('has another client id than any of another group', () => {
    expect(clientIdOf('a-b', 'c')).not.toBe(clientIdOf('a', 'b-c'));
  });

  test('waits for its host, then is born with the bdSeq of its will, every metric dated', async () => {
    const { session, calls } = aSession();
    await until('the connection', () => session.phase === 'waiting');
    expect(session.send([oneValue(1)], false)).toBe(false);
    await house.say(true, 100);
    await born(1);
    const [nbirth] = births() as [Payload];
    expect(nbirth.seq).toBe(0);
    expect(bdSeq(nbirth)).toBe(3);
    expect(nbirth.metrics.filter(({ name }) => name === 'Node Control/Rebirth')).toHaveLength(1);
    // the two of the protocol are of now, so they come last
    expect(nbirth.metrics.slice(0, -2).map(({ name }) => name)).toEqual(ROOM.points.map(({ name }) => name));
    for (const { timestamp, datatype } of nbirth.metrics) {
      expect(timestamp).toBeGreaterThan(0);
      expect(datatype).toBeGreaterThan(0);
    }
    const aliases = nbirth.metrics.flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
    expect(new Set(aliases).size).toBe(aliases.length);
    const heard = house.recorder.heard.find(({ topic }) => topic.includes('NBIRTH'))!;
    expect([heard.qos, heard.retain]).toEqual([0, false]);
    expect(calls).toEqual(['born']);
  });

  test('does not wait for another host, nor for an online of before the last STATE', async () => {
    await house.say(false, 200);
    const { session } = aSession();
    await until('the connection', () => session.phase === 'waiting');
    await house.recorder.client.publishAsync('spBv1.0/STATE/other', '{"online":true,"timestamp":300}', {
      qos: 1,
    });
    await house.say(true, 199);
    await until('the old STATE', () => house.recorder.states(HOST).length === 2);
    await house.say(true, 200);
    await born(1);
    expect(births()).toHaveLength(1);
  });

  test('stays connected and waits while its host is offline', async () => {
    await house.say(false, 200);
    const { session } = aSession();
    await until('the connection', () => session.phase === 'waiting');
    for (const timestamp of [201, 202]) await house.say(false, timestamp);
    await house.say(true, 203);
    await born(1);
    expect(bdSeq(births()[0]!)).toBe(3);
    expect(deaths()).toHaveLength(0);
  });

  test('counts its messages modulo 256 after the birth', async () => {
    await house.say(true, 100);
    const { session } = aSession();
    await born(1);
    for (let k = 1; k <= 300; k++) expect(session.send([oneValue(k)], false)).toBe(true);
    await until('all data', () => datas().length === 300);
    expect(datas().map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, k) => (k + 1) % 256));
    const [metric] = datas()[0]!.metrics;
    expect(metric).toEqual({ alias: P_OUT + 1, timestamp: 1, field: 'double', value: 0.5 });
  });

  test('marks what is of the past as historical, and a missing value as null', async () => {
    await house.say(true, 100);
    const { session } = aSession();
    await born(1);
    session.send([oneValue(1000), oneValue(3000, Number.NaN)], true);
    await until('the data', () => datas().length === 1);
    expect(datas()[0]!.metrics).toEqual([
      { alias: P_OUT + 1, timestamp: 1000, historical: true, field: 'double', value: 0.5 },
      { alias: P_OUT + 1, timestamp: 3000, historical: true, field: 'none', isNull: true },
    ]);
  });

  test('is born again on request, in the same session', async () => {
    await house.say(true, 100);
    const { session, calls } = aSession();
    await born(1);
    session.send([oneValue(1)], false);
    await command([rebirth]);
    await born(2);
    expect([births()[1]!.seq, bdSeq(births()[1]!)]).toEqual([0, 3]);
    session.send([oneValue(2)], false);
    await until('data', () => datas().length === 2);
    expect(datas()[1]!.seq).toBe(1);
    expect(calls).toEqual(['born', 'rebirth']);
  });

  test('obeys nothing but a rebirth: no value reaches the equipment this way', async () => {
    await command([rebirth], true);
    await house.say(true, 100);
    const { calls } = aSession();
    await born(1);
    await house.recorder.client.publishAsync(nodeTopic('G', 'NCMD', NODE), Buffer.from([0x12, 0x7f]));
    await command([{ ...rebirth, value: false }]);
    await command([{ name: 'LO/P_SET', field: 'double', value: 0.45 }]);
    await command([{ alias: P_SET + 1, field: 'double', value: 0.46 }]);
    await command([rebirth]);
    await until('the rebirth', () => calls.length >= 2);
    expect(calls).toEqual(['born', 'rebirth']);
  });

  test('says its death before it leaves, and its will stays unsaid', async () => {
    await house.say(true, 100);
    const { session } = aSession();
    await born(1);
    await session.close();
    await until('the death', () => deaths().length > 0);
    expect(bdSeq(deaths()[0]!)).toBe(3);
    expect(deaths()[0]!.seq).toBeUndefined();
    expect(deaths()).toHaveLength(1);
    expect(session.send([oneValue(1)], false)).toBe(false);
  });

  test('leaves when its host goes offline, sends nothing after its death, and comes back for it', async () => {
    await house.say(true, 100);
    const { session, calls } = aSession();
    await born(1);
    await house.say(false, 100);
    await until('the death', () => deaths().length === 1);
    expect(session.send([oneValue(1)], false)).toBe(false);
    await until('the next connection', () => session.phase === 'waiting');
    await house.say(true, 101);
    await born(2);
    expect(births().map(bdSeq)).toEqual([3, 4]);
    expect(datas()).toHaveLength(0);
    expect(calls).toEqual(['born', 'broken', 'born']);
  });

  test('what the broker keeps of its host counts in a new connection, though it is older than what was heard before', async () => {
    await house.say(true, 2000);
    const proxy = await aProxy(house.broker.port);
    open.push(proxy);
    const { session } = aSession({ url: proxy.url });
    await born(1);
    // its host's clock was set back by a second
    await house.say(true, 1000);
    await house.say(false, 1000);
    expect(session.phase).toBe('born');
    proxy.cut();
    await until('the next connection', () => session.phase === 'waiting');
    await house.say(true, 999);
    expect(births()).toHaveLength(1);
    await house.say(true, 1001);
    await born(2);
  });

  test('a broker that comes back without a STATE, as one that was killed with the server: it keeps what it measures', async () => {
    let broker = await startBroker(0);
    open.push({ close: () => broker.close() });
    const say = async (timestamp: number) => {
      const host = await mqtt.connectAsync(broker.url);
      const state = JSON.stringify({ online: true, timestamp });
      await host.publishAsync(stateTopic(HOST), state, { qos: 1, retain: true });
      await host.endAsync();
    };
    await say(2000);
    const { session, calls } = aSession({ url: broker.url });
    await until('the birth', () => calls.length === 1);
    await broker.close();
    broker = await startBroker(broker.port);
    await until('the next connection', () => session.phase === 'waiting');
    expect(session.send([oneValue(1)], false)).toBe(false);
    await say(1000);
    await until('the next birth', () => session.send([oneValue(1)], false));
    expect(calls).toEqual(['born', 'broken', 'born']);
  });

  test('the number of a further connection is kept before it is opened', async () => {
    await house.say(true, 100);
    const proxy = await aProxy(house.broker.port);
    open.push(proxy);
    const asked: number[] = [];
    let kept: () => void = () => undefined;
    const { session } = aSession({
      url: proxy.url,
      keepBdSeq: () => {
        asked.push(session.nextBdSeq);
        return new Promise((done) => {
          kept = done;
        });
      },
    });
    await born(1);
    proxy.cut();
    await until('the question', () => asked.length === 1);
    expect([asked, births().length]).toEqual([[5], 1]);
    kept();
    await born(2);
    expect(births().map(bdSeq)).toEqual([3, 4]);
  });

  test('a broken connection says its will, and the next birth has the next bdSeq', async () => {
    await house.say(true, 100);
    const proxy = await aProxy(house.broker.port);
    open.push(proxy);
    const { calls } = aSession({ url: proxy.url, firstBdSeq: 255 });
    await born(1);
    proxy.cut();
    await until('the will', () => deaths().length === 1);
    await born(2);
    expect(bdSeq(deaths()[0]!)).toBe(255);
    expect(births().map(bdSeq)).toEqual([255, 0]);
    expect(calls).toEqual(['born', 'broken', 'born']);
  });

  test('keeps trying a broker that is not there, and can be closed meanwhile', async () => {
    const nowhere = createServer().listen(0, '127.0.0.1');
    await until('a port', () => nowhere.address() !== null);
    const { port } = nowhere.address() as { port: number };
    await new Promise((done) => nowhere.close(done));
    const { session, calls } = aSession({ url: `mqtt://127.0.0.1:${port}` });
    await new Promise((done) => setTimeout(done, 100));
    expect(session.phase).toBe('connecting');
    expect(calls).toEqual([]);
    await session.close();
  });

  test('can be closed while a broker that never answers holds it', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await until('a port', () => silent.address() !== null);
    const { session } = aSession({ url: `mqtt://127.0.0.1:${(silent.address() as { port: number }).port}` });
    await new Promise((done) => setTimeout(done, 50));
    await session.close();
    silent.close();
  });
});

describe('nothing is lost', () => {
  test('over broken connections, an absent host and rebirths, every frame appended is heard', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'shuijing-replay-'));
    const proxy = await aProxy(house.broker.port);
    open.push(proxy);
    const delivery = new Delivery(1, 60_000);
    const queue = await FrameQueue.open({
      dir,
      stepsOf: () => ROOM.points.map(({ resolution }) => resolution),
      maxBytes: 1e8,
      maxAgeMs: 1e12,
      now: Date.now,
      syncMs: 5,
      segmentBytes: 20_000,
      isUnsent: (station, time) => delivery.isUnsent(station, time),
      onError: (error) => {
        throw error;
      },
    });
    const fail = (message: string) => expect.unreachable(message);
    const replayer = new Replayer(queue, delivery, { now: Date.now, valuesPerSecond: 1e6, onError: fail });
    const gateway: Gateway = createGateway(
      { number: 0, wire: 0, code: NODE, template: ROOM.id },
      1,
      ({ current }) =>
        aSession({
          url: proxy.url,
          current: () => current,
          onBorn: () => replayer.request(gateway),
          onBroken: () => delivery.doubt(0, Date.now()),
          onRebirth: () => {
            delivery.doubt(0, Date.now());
            replayer.request(gateway);
          },
        }).session,
    );
    const produced = new Map<string, number>();
    const append = queue.append.bind(queue);
    queue.append = (frame) => {
      frame.points.forEach((point, i) => {
        produced.set(`${point}@${frame.time}`, frame.values[i]!);
      });
      return append(frame);
    };
    let sample = 0;
    const start = Date.now() - 100_000;
    const produce = async (count: number) => {
      for (let k = 0; k < count; k++, sample++) {
        const values = Float64Array.from(
          ROOM.points,
          ({ resolution }, i) => ((sample + i) % 50) * 10 * resolution,
        );
        takeInputs(gateway, start + sample * 100, values, {
          queue,
          delivery,
          reportMs: 100,
          steady: Date.now,
        });
        await new Promise((done) => setTimeout(done, 2));
      }
    };
    const missing = () => {
      const seen = new Set<string>();
      for (const { metrics } of [...births(), ...datas()])
        for (const { alias, timestamp } of metrics) seen.add(`${Number(alias) - 1}@${timestamp}`);
      return [...produced.keys()].filter((key) => !seen.has(key));
    };

    await produce(20);
    await house.say(true, 100);
    await born(1);
    await produce(30);
    proxy.cut();
    await produce(30);
    await born(2);
    await command([rebirth]);
    await produce(20);
    proxy.swallow = true;
    await produce(20);
    proxy.cut();
    proxy.swallow = false;
    await house.say(false, 100);
    await produce(30);
    await house.say(true, 101);
    await born(4);
    await produce(20);
    await until('everything', () => missing().length === 0, 15_000);
    expect(produced.size).toBeGreaterThan(150 * 50);
    await until('the end of the replay', () => !delivery.owes(0));
    expect(delivery.unsent[0]).toBe(0);
    const live = datas().flatMap(({ metrics }) => metrics.filter(({ historical }) => !historical));
    expect(live.length).toBeLessThan(produced.size);

    await replayer.stop();
    await gateway.session.close();
    await queue.close();
    await rm(dir, { recursive: true });
  });
});

/** A way to the broker that can be cut, or that can swallow what the gateway says, as a dead link does. */
async function aProxy(port: number) {
  const pairs = new Set<[Socket, Socket]>();
  const server: Server = createServer((near) => {
    const far = connectTcp(port, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', (bytes) => proxy.swallow || far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        for (const other of pair) other.destroy();
        pairs.delete(pair);
      });
    }
  }).listen(0, '127.0.0.1');
  await until('the proxy', () => server.address() !== null);
  const proxy = {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    swallow: false,
    cut() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
    async close() {
      proxy.cut();
      await new Promise((done) => server.close(done));
    },
  };
  return proxy;
}
