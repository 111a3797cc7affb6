import { createServer, request as httpRequest, type Server } from 'node:http';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { CloseCode, LiveHub } from '#server/live/hub.ts';
import { Subscriber } from '#server/live/subscriber.ts';
import { Topic, type TopicSource } from '#server/live/topic.ts';
import { RefusalLog } from '#server/refusals.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { until } from '#test/support/until.ts';
import { type LiveNotice, liveNotice } from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';

const resolution = () => 0.001;
const sheetOf = (...values: number[]): Sheet => ({
  rows: values.length,
  columns: 1,
  values: Float64Array.from(values),
});

/** A topic whose sheet the test changes. */
function aSource(name: string, ...values: number[]) {
  const source: TopicSource & { show: Sheet } = {
    name,
    resolution,
    show: sheetOf(...values),
    sheet: () => source.show,
  };
  return source;
}

/** What a browser makes of what it hears: notices, and a sheet per topic. */
class TestReader {
  readonly notices: LiveNotice[] = [];
  readonly sheets = new Map<string, Sheet>();
  readonly kinds: string[] = [];

  hear(data: Uint8Array | string): void {
    if (typeof data === 'string') {
      this.notices.push(liveNotice.parse(JSON.parse(data)));
      return;
    }
    const message = decodeSheet(
      data,
      (topic) => this.sheets.get(topic),
      () => resolution,
    );
    this.kinds.push(message.kind);
    if (message.kind === 'snapshot') this.sheets.set(message.topic, message.sheet);
  }

  values(topic: string): number[] | undefined {
    const sheet = this.sheets.get(topic);
    return sheet && [...sheet.values].map((value) => Number(value.toFixed(3)));
  }
}

describe('the live socket', () => {
  let server: Server;
  let hub: LiveHub;
  let refused: RefusalLog;
  let sources: Map<string, ReturnType<typeof aSource>>;
  const sockets: WebSocket[] = [];

  beforeEach(async () => {
    server = createServer((_request, response) => response.end('http'));
    sources = new Map(['overview', 'station:SM-1'].map((name, i) => [name, aSource(name, 1 + i, 2 + i)]));
    refused = new RefusalLog();
    hub = new LiveHub({
      server,
      path: '/live',
      refused,
      admits: () => true,
      now: Date.now,
      tickMs: 5,
      source: (topic) => sources.get(topic),
      hello: () => ({ notice: 'hello', serverTime: 5, stationsRevision: 3 }),
      maxClients: 3,
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    hub.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  const port = () => (server.address() as { port: number }).port;
  const open = (path = '/live') => {
    const socket = new WebSocket(`ws://127.0.0.1:${port()}${path}`);
    sockets.push(socket);
    const reader = new TestReader();
    socket.on('message', (data: Buffer, binary) => reader.hear(binary ? data : data.toString()));
    let ended = false;
    socket.on('error', () => undefined);
    let closeCode = 0;
    socket.on('close', (code) => {
      ended = true;
      closeCode = code;
    });
    const watch = (...topics: string[]) => socket.send(JSON.stringify({ watch: topics }));
    return { socket, reader, watch, ended: () => ended, closeCode: () => closeCode };
  };
  const greeted = async (client: ReturnType<typeof open>) => {
    await until('hello', () => client.reader.notices.length > 0);
    return client;
  };

  test('greets, then sends a snapshot of what is watched, then what changes', async () => {
    const { reader, watch } = await greeted(open());
    expect(reader.notices).toEqual([{ notice: 'hello', serverTime: 5, stationsRevision: 3 }]);
    watch('overview');
    await until('the snapshot', () => reader.values('overview') !== undefined);
    expect(reader.values('overview')).toEqual([1, 2]);
    sources.get('overview')!.show = sheetOf(1, 2.5);
    await until('the delta', () => reader.values('overview')![1] === 2.5);
    expect(reader.kinds).toEqual(['snapshot', 'delta']);
  });

  test('watching replaces what was watched before', async () => {
    const { reader, watch } = await greeted(open());
    watch('overview');
    await until('the overview', () => reader.sheets.has('overview'));
    watch('station:SM-1');
    await until('the station', () => reader.sheets.has('station:SM-1'));
    sources.get('overview')!.show = sheetOf(9, 9);
    sources.get('station:SM-1')!.show = sheetOf(7, 7);
    await until('the delta', () => reader.values('station:SM-1')![0] === 7);
    expect(reader.values('overview')).toEqual([1, 2]);
  });

  test('who comes later gets a snapshot, who was there only deltas; both see the same', async () => {
    const first = await greeted(open());
    first.watch('overview');
    await until('the first', () => first.reader.sheets.has('overview'));
    const second = await greeted(open());
    second.watch('overview');
    await until('the second', () => second.reader.sheets.has('overview'));
    sources.get('overview')!.show = sheetOf(3, 4);
    await until('both', () =>
      [first, second].every(({ reader }) => reader.values('overview')!.join() === '3,4'),
    );
    expect(first.reader.kinds.filter((kind) => kind === 'snapshot')).toHaveLength(1);
  });

  test('a new shape is a new snapshot', async () => {
    const { reader, watch } = await greeted(open());
    watch('overview');
    await until('the snapshot', () => reader.sheets.has('overview'));
    sources.get('overview')!.show = sheetOf(1, 2, 3);
    await until('three rows', () => reader.values('overview')!.length === 3);
    expect(reader.kinds).toEqual(['snapshot', 'snapshot']);
  });

  test('after a lost connection the next one starts with the latest values', async () => {
    const lost = await greeted(open());
    lost.watch('overview');
    await until('the snapshot', () => lost.reader.sheets.has('overview'));
    lost.socket.terminate();
    await until('its end', () => hub.clients === 0);
    sources.get('overview')!.show = sheetOf(8, 9);
    const again = await greeted(open());
    again.watch('overview');
    await until('the latest', () => again.reader.values('overview')?.join() === '8,9');
  });

  test('a topic nobody has is told, the others are watched all the same', async () => {
    const { reader, watch } = await greeted(open());
    watch('station:nowhere', 'overview');
    await until('both', () => reader.notices.length === 2 && reader.sheets.has('overview'));
    expect(reader.notices[1]).toEqual({ notice: 'unknown-topic', topic: 'station:nowhere' });
  });

  test.each([
    '',
    'watch',
    '{}',
    '{"watch":"overview"}',
    `{"watch":${JSON.stringify(new Array(17).fill('overview'))}}`,
  ])('a message like %j is told to be wrong, and nothing changes', async (text) => {
    const { socket, reader, watch } = await greeted(open());
    watch('overview');
    await until('the snapshot', () => reader.sheets.has('overview'));
    socket.send(text);
    await until('the notice', () => reader.notices.length === 2);
    expect(reader.notices[1]).toMatchObject({ notice: 'bad-message' });
    sources.get('overview')!.show = sheetOf(5, 5);
    await until('the delta', () => reader.values('overview')![0] === 5);
  });

  test('a message too long, or too many clients, ends only that connection', async () => {
    const long = await greeted(open());
    long.socket.send('x'.repeat(20_000));
    await until('its end', long.ended);
    await Promise.all([greeted(open()), greeted(open()), greeted(open())]);
    const fourth = open();
    await until('its refusal', fourth.ended);
    expect(fourth.closeCode()).toBe(CloseCode.full);
    expect(hub.clients).toBe(3);
    expect(refused.totals.liveClientsFull).toBe(1);
  });

  test('who talks without end is told to go; the others do not notice', async () => {
    const other = await greeted(open());
    other.watch('overview');
    const talker = await greeted(open());
    for (let k = 0; k < 200; k++) talker.watch('overview');
    await until('its end', talker.ended);
    expect(talker.closeCode()).toBe(CloseCode.tooManyMessages);
    expect(refused.totals.liveTooManyMessages).toBe(1);
    await until('the overview', () => other.reader.sheets.has('overview'));
    expect(hub.clients).toBe(1);
  });

  test('another path is no live socket', async () => {
    const stranger = open('/other');
    await until('its refusal', stranger.ended);
    const { reader } = await greeted(open('/live?from=page'));
    expect(reader.notices).toHaveLength(1);
  });

  test.each(['//', '/\\', 'http://[', '*'])('an upgrade of %j does not end the process', async (target) => {
    const raw = connectTcp(port(), '127.0.0.1');
    raw.on('error', () => undefined);
    const gone = new Promise((done) => raw.once('close', done));
    raw.write(
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await gone;
    const status = await new Promise((done) =>
      httpRequest({ port: port(), host: '127.0.0.1' }, ({ statusCode }) => done(statusCode)).end(),
    );
    expect(status).toBe(200);
  });

  test('tells all its clients', async () => {
    const clients = await Promise.all([greeted(open()), greeted(open())]);
    hub.notifyAll({ notice: 'stations', stationsRevision: 4 });
    await until('the notices', () => clients.every(({ reader }) => reader.notices.length === 2));
  });
});

describe('a slow reader', () => {
  /** A socket that keeps what is sent until the test lets it go. */
  function aSlowSocket() {
    const socket = {
      OPEN: 1,
      readyState: 1,
      bufferedAmount: 0,
      sent: 0,
      kept: [] as (Uint8Array | string)[],
      terminated: 0,
      send(data: Uint8Array | string) {
        socket.sent++;
        socket.kept.push(data);
        socket.bufferedAmount += data.length;
      },
      terminate() {
        socket.terminated++;
        socket.readyState = 3;
      },
      drain(reader: TestReader) {
        for (const data of socket.kept.splice(0)) reader.hear(data);
        socket.bufferedAmount = 0;
      },
    };
    return socket;
  }
  const ROWS = 20_000;
  const allOf = (value: number) => new Array<number>(ROWS).fill(value);

  function scene() {
    const clock = new VirtualClock();
    const slow = aSlowSocket();
    const quick = aSlowSocket();
    const source = aSource('overview', ...allOf(0));
    const topic = new Topic(source);
    for (const socket of [slow, quick]) topic.join(new Subscriber(socket as unknown as WebSocket, clock.now));
    const readers = { slow: new TestReader(), quick: new TestReader() };
    const tick = (value: number) => {
      source.show = sheetOf(...allOf(value));
      topic.tick(clock.pass(250));
      quick.drain(readers.quick);
    };
    return { clock, slow, quick, topic, tick, readers };
  }

  test('never holds more than the limit and one message, and then gets the latest values at once', () => {
    const { slow, tick, readers } = scene();
    for (let k = 1; k <= 100; k++) tick(k);
    expect(slow.bufferedAmount).toBeLessThan(256 * 1024 + 8 * ROWS);
    expect(slow.sent).toBeLessThan(20);
    slow.drain(readers.slow);
    tick(101);
    slow.drain(readers.slow);
    expect(readers.slow.values('overview')).toEqual(allOf(101));
    expect(readers.slow.kinds.at(-1)).toBe('snapshot');
    expect(readers.quick.values('overview')).toEqual(allOf(101));
    expect(readers.quick.kinds.filter((kind) => kind === 'snapshot')).toHaveLength(1);
  });

  test('that stays slow for half a minute is disconnected; one that recovers in time is not', () => {
    const { slow, clock, tick, readers } = scene();
    for (let k = 1; k <= 60; k++) tick(k);
    clock.pass(10_000);
    tick(61);
    expect(slow.terminated).toBe(0);
    slow.drain(readers.slow);
    for (let k = 62; k <= 100; k++) tick(k);
    clock.pass(20_000);
    tick(101);
    expect(slow.terminated).toBe(0);
    clock.pass(20_000);
    tick(102);
    expect(slow.terminated).toBe(1);
  });

  test('that asks for notices and never reads them is disconnected', () => {
    const socket = aSlowSocket();
    const subscriber = new Subscriber(socket as unknown as WebSocket, () => 0);
    for (let k = 0; k < 100_000; k++) subscriber.notify({ notice: 'unknown-topic', topic: 'x'.repeat(80) });
    expect(socket.terminated).toBe(1);
    expect(socket.bufferedAmount).toBeLessThan(2 * 1024 * 1024);
  });

  test('that has gone gets nothing', () => {
    const { slow, tick } = scene();
    slow.readyState = 3;
    tick(1);
    expect(slow.sent).toBe(0);
  });
});
