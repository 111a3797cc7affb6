import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import mqtt from 'mqtt';
import { startBroker } from '#server/broker/embedded.ts';
import { RefusalLog } from '#server/refusals.ts';
import { until } from '#test/support/until.ts';
import { failuresOf, rssMB, settledRssMB } from './memory.ts';

const MESSAGES = 50;
const BYTES = 100_000_000;
const MOST_GROWTH_MB = 100;

/** Fifty connections, one after the other, that each begin a message of 100 MB and send what the broker takes of it. */
export async function largeMessages() {
  const refused = new RefusalLog();
  const broker = await startBroker(0, { refused });
  const listener = await mqtt.connectAsync(broker.url, { clientId: 'listener' });
  let heard = 0;
  listener.on('message', () => heard++);
  await listener.subscribeAsync('neighbour', { qos: 1 });
  const before = settledRssMB();
  let highest = before;
  for (let k = 0; k < MESSAGES; k++) {
    await sendLarge(broker.port, `large-${k}`);
    await listener.publishAsync('neighbour', String(k), { qos: 1 });
    highest = Math.max(highest, rssMB());
  }
  await until('the neighbour', () => heard === MESSAGES);
  await listener.endAsync(true);
  await broker.close();
  return {
    messages: MESSAGES,
    bytesEach: BYTES,
    refused: refused.totals.mqttPacketTooLarge,
    neighbourHeard: heard,
    highestRssGrowthMB: highest - before,
    failures: failuresOf({
      'each is refused and counted': refused.totals.mqttPacketTooLarge === MESSAGES,
      'memory is bounded': highest - before <= MOST_GROWTH_MB,
    }),
  };
}

/** CONNECT, then PUBLISH with a length of 100 MB and its bytes piece by piece, until the connection is ended. */
async function sendLarge(port: number, id: string): Promise<void> {
  const socket = connectTcp(port, '127.0.0.1');
  const gone = new Promise<void>((done) => socket.once('close', () => done()));
  socket.on('error', () => undefined);
  const connect = Buffer.concat([
    Buffer.from([0x10, 12 + id.length, 0, 4]),
    Buffer.from('MQTT'),
    Buffer.from([4, 2, 0, 60, 0, id.length]),
    Buffer.from(id),
  ]);
  socket.write(connect);
  await once(socket, 'data');
  const length: number[] = [];
  for (let rest = BYTES; rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
  socket.write(Buffer.from([0x30, ...length, 0, 1, 97]));
  const piece = Buffer.alloc(64 * 1024);
  for (let sent = 0; sent < BYTES && !socket.destroyed; sent += piece.length)
    await new Promise<void>((done) => socket.write(piece, () => done()));
  await gone;
}
