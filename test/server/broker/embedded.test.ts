import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type EmbeddedBroker, startBroker } from '#server/broker/embedded.ts';

/** So many messages that wait for one another that a broker which hands them on by recursion runs out of stack. */
const TALKERS = 3000;
/** More than a socket's buffers on both sides hold. */
const HELD = 120;
const LARGE = 300_000;

let broker: EmbeddedBroker;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await broker.close();
});

it('lives on when a subscriber that never reads leaves, and everyone waits behind it', {
  timeout: 60_000,
}, async () => {
  broker = await startBroker(0, { mostConnections: TALKERS + 10 });
  const deaf = await join('deaf');
  deaf.write(subscribe('slow'));
  await once(deaf, 'data');
  deaf.pause();
  const talkers: Socket[] = [];
  for (let i = 0; i < TALKERS; i++) talkers.push(await join(`talker ${i}`));
  const last = talkers.at(-1)!;
  for (const talker of talkers.slice(0, HELD)) talker.write(publish('slow', Buffer.alloc(LARGE)));
  await answer(last);
  for (const talker of talkers.slice(HELD)) talker.write(publish('nobody', Buffer.from('a')));
  await answer(last);
  deaf.destroy();
  await answer(last);
  expect(await answer(await join('latecomer'))).toEqual(PONG);
});

const PING = Buffer.from([0xc0, 0]);
const PONG = Buffer.from([0xd0, 0]);

/** The broker's answer to a ping, some time after whatever was sent before. */
async function answer(socket: Socket): Promise<Buffer> {
  let said: Buffer = Buffer.alloc(0);
  for (let i = 0; i < 5; i++) {
    socket.write(PING);
    [said] = (await once(socket, 'data')) as [Buffer];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return said;
}

/** A client of MQTT 3.1.1 with a clean session. */
async function join(id: string): Promise<Socket> {
  const socket = connect(broker.port, '127.0.0.1');
  sockets.push(socket);
  socket.write(packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text(id)])));
  await once(socket, 'data');
  return socket;
}

const subscribe = (topic: string) =>
  packet(0x82, Buffer.concat([Buffer.from([0, 1]), text(topic), Buffer.from([0])]));

const publish = (topic: string, payload: Buffer) => packet(0x30, Buffer.concat([text(topic), payload]));

function packet(type: number, body: Buffer): Buffer {
  const length: number[] = [];
  let left = body.length;
  do {
    const more = left >= 128;
    length.push((left % 128) | (more ? 128 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}
