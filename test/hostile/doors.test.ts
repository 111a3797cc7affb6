import { connect as connectTcp, type Socket } from 'node:net';
import mqtt from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import { guardedServer, type Patience } from '#server/api/guard.ts';
import { startBroker } from '#server/broker/embedded.ts';
import { LARGEST_MESSAGE_BYTES } from '#server/broker/limits.ts';
import { RefusalLog } from '#server/refusals.ts';
import { recordAll } from '#test/support/broker.ts';
import { until } from '#test/support/until.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

describe('the embedded broker', () => {
  const aBroker = async (mostConnections?: number) => {
    const refused = new RefusalLog();
    const broker = await startBroker(0, { refused, ...(mostConnections && { mostConnections }) });
    open.push(broker);
    return { broker, refused };
  };
  const aClient = async (url: string, clientId: string) => {
    const client = await mqtt.connectAsync(url, { clientId, reconnectPeriod: 0 });
    client.on('error', () => undefined);
    open.push({ close: () => client.end(true) });
    return client;
  };

  test('ends the connection of a message of 100 MB before it has gathered it; others do not notice', async () => {
    const { broker, refused } = await aBroker();
    const recorder = await recordAll(broker.url);
    open.push(recorder);
    const neighbour = await aClient(broker.url, 'neighbour');
    const hostile = await aClient(broker.url, 'hostile');
    const before = process.memoryUsage().arrayBuffers;
    const gone = new Promise<void>((done) => hostile.once('close', () => done()));
    const payload = Buffer.alloc(100e6);
    hostile.publish('spBv1.0/G/NDATA/SM-0001', payload);
    await gone;
    expect(refused.totals.mqttPacketTooLarge).toBe(1);
    // beside the sender's own hundred there is not another one
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(payload.length + 60e6);
    await neighbour.publishAsync('spBv1.0/G/NDATA/SM-0002', 'x', { qos: 1 });
    await until('the neighbour', () => recorder.heard.length === 1);
  });

  test('passes on a message that is as large as allowed', async () => {
    const { broker, refused } = await aBroker();
    const recorder = await recordAll(broker.url);
    open.push(recorder);
    const client = await aClient(broker.url, 'large');
    await client.publishAsync('a', Buffer.alloc(LARGEST_MESSAGE_BYTES), { qos: 1 });
    await until('the message', () => recorder.heard[0]?.payload.length === LARGEST_MESSAGE_BYTES);
    expect(refused.totals.mqttPacketTooLarge).toBe(0);
  });

  test('takes so many connections and no more, and takes others once there is room', async () => {
    const { broker, refused } = await aBroker(2);
    const [first] = [await aClient(broker.url, 'a'), await aClient(broker.url, 'b')];
    await expect(mqtt.connectAsync(broker.url, { reconnectPeriod: 0 }, false)).rejects.toThrow();
    expect(refused.totals.mqttConnectionsFull).toBe(1);
    await first!.endAsync(true);
    await until('room', () =>
      aClient(broker.url, 'c').then(
        () => true,
        () => false,
      ),
    );
  });

  test.each([
    ['bytes that are no MQTT', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a length without end', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['a publish before a connect', Buffer.from([0x30, 3, 0, 1, 97])],
  ])('outlives %s', async (_name, bytes) => {
    const { broker } = await aBroker();
    const raw = connectTcp(broker.port, '127.0.0.1');
    open.push({ close: () => raw.destroy() });
    raw.on('error', () => undefined);
    raw.write(bytes);
    const client = await aClient(broker.url, 'good');
    await client.publishAsync('a', 'b', { qos: 1 });
  });
});

describe('the web server', () => {
  const aServer = async (patience: Partial<Patience> = {}) => {
    const refused = new RefusalLog();
    const server = guardedServer(
      (request, response) => request.resume().on('end', () => response.end('well')),
      refused,
      patience,
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    open.push({
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    });
    const { port } = server.address() as { port: number };
    const raw = (text: string) => {
      const socket = connectTcp(port, '127.0.0.1');
      open.push({ close: () => socket.destroy() });
      return { socket, answer: answerOf(socket, text) };
    };
    return { refused, raw, url: `http://127.0.0.1:${port}/` };
  };

  /** All that the server says until it ends the connection. */
  const answerOf = (socket: Socket, text: string) =>
    new Promise<string>((done) => {
      let heard = '';
      socket.on('data', (data) => {
        heard += data;
      });
      socket.on('error', () => undefined);
      socket.on('close', () => done(heard));
      socket.write(text);
    });

  test('a request whose headers never end is ended, and others are answered meanwhile', async () => {
    const { refused, raw, url } = await aServer({ headersMs: 300 });
    const slow = Array.from({ length: 50 }, () => raw('GET / HTTP/1.1\r\nHost: x\r\nX-A: ').answer);
    expect(await (await fetch(url)).text()).toBe('well');
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(refused.totals.httpTooSlow).toBe(50);
  });

  test('a body that never ends as well', async () => {
    const { refused, raw } = await aServer({ headersMs: 200, requestMs: 300 });
    const { answer } = raw('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx');
    expect(await answer).toMatch(/^HTTP\/1.1 408 /);
    expect(refused.totals.httpTooSlow).toBe(1);
  });

  test('headers above 16 kB, and bytes that are no HTTP, are answered with what is wrong', async () => {
    const { refused, raw } = await aServer();
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`).answer).toMatch(
      / 431 /,
    );
    expect(await raw('\0\u0001\u0002 nonsense\r\n\r\n').answer).toMatch(/ 400 /);
    expect(refused.totals).toMatchObject({ httpHeaderTooLarge: 1, httpMalformed: 1 });
  });

  test('a connection on which nothing moves is ended', async () => {
    const { raw } = await aServer({ idleMs: 200 });
    await raw('').answer;
  });

  test('a live socket that nobody can serve yet is told so', async () => {
    const { raw } = await aServer();
    const upgrade = 'GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    expect(await raw(upgrade).answer).toMatch(/^HTTP\/1.1 503 /);
  });

  describe('with all places taken', () => {
    /** Three connections in the places of a server that has three, the first one first. */
    const aFullServer = async (...texts: string[]) => {
      const server = await aServer({ connections: 3 });
      const held: ReturnType<typeof server.raw>[] = [];
      for (const text of texts) {
        const open = server.raw(text);
        await new Promise((done) => open.socket.once('connect', done));
        held.push(open);
      }
      return { ...server, held };
    };
    const ASKING = 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ';
    const HALF = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx';

    test.each([
      ['has not come to the end of its question', ASKING],
      ['has not sent the end of what it says', HALF],
      ['says nothing', ''],
    ])('who asks gets the place of the one who %s for longest, each counted', async (_what, text) => {
      const { refused, url, held } = await aFullServer(text, text, text);
      for (let k = 0; k < 2; k++)
        expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('well');
      expect(await held[0]!.answer).toBe('');
      expect(held[2]!.socket.destroyed).toBe(false);
      expect(refused.totals.httpConnectionsFull).toBeGreaterThan(0);
    });

    test('who was answered and keeps the connection is asked to leave after those who ask for longer', async () => {
      const { held, url } = await aFullServer('GET / HTTP/1.1\r\nHost: x\r\n\r\n', ASKING, ASKING);
      await until('the answer', () => held[0]!.socket.bytesRead > 0);
      await fetch(url, { headers: { connection: 'close' } });
      expect(await held[1]!.answer).toBe('');
      expect(held[0]!.socket.destroyed).toBe(false);
    });
  });
});
