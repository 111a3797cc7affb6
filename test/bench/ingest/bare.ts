import { setTimeout as pause } from 'node:timers/promises';
import mqtt from 'mqtt';
import { startBroker } from '#server/broker/embedded.ts';
import { decodePayload } from '#twin/wire/sparkplug/payload.ts';

/** NDATA messages of the running city, as they are on the wire. */
export async function recordMessages(mqttUrl: string, count: number): Promise<Buffer[]> {
  const client = await mqtt.connectAsync(mqttUrl);
  const recorded: Buffer[] = [];
  client.on('message', (_topic, payload) => {
    if (recorded.length < count) recorded.push(payload);
  });
  await client.subscribeAsync('spBv1.0/+/NDATA/+');
  while (recorded.length < count) await pause(50);
  await client.endAsync(true);
  return recorded;
}

const PUBLISHERS = 20;

/**
 * The limit: the same messages, as fast as they go, through the same kind of broker to a subscriber that only decodes
 * them. Broker, publishers and subscriber share this process, as broker and host share the server. Messages a second.
 */
export async function bareSubscribe(messages: readonly Buffer[], seconds: number): Promise<number> {
  const broker = await startBroker(0);
  const subscriber = await mqtt.connectAsync(broker.url);
  let decoded = 0;
  subscriber.on('message', (_topic, payload) => {
    decodePayload(payload);
    decoded++;
  });
  await subscriber.subscribeAsync('spBv1.0/#');
  const publishers = await Promise.all(
    Array.from({ length: PUBLISHERS }, () => mqtt.connectAsync(broker.url)),
  );
  const end = Date.now() + seconds * 1000;
  let published = 0;
  while (Date.now() < end) {
    for (const publisher of publishers)
      publisher.publish('spBv1.0/bench/NDATA/x', messages[published++ % messages.length]!);
    // what is on its way stays bounded, so that all that is published is decoded
    while (published - decoded > 2000) await pause(0);
    if (published % (PUBLISHERS * 10) === 0) await pause(0);
  }
  const rate = decoded / seconds;
  for (const client of [...publishers, subscriber]) client.end(true);
  await broker.close();
  return rate;
}
