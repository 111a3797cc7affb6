import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { listenToJson } from '#server/mapping/connection.ts';
import { until } from '#test/support/until.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

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
    onRefused: (filter) => void refused.push(filter),
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
