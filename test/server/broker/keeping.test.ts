import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, expect, test } from 'vitest';
import { startBroker } from '#server/broker/embedded.ts';
import { KEPT, type Kept } from '#server/broker/limits.ts';
import { RefusalLog } from '#server/refusals.ts';
import { until } from '#test/support/until.ts';
import { stateTopic } from '#twin/wire/sparkplug/topics.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function aBroker(kept: Partial<Kept>) {
  const refused = new RefusalLog();
  const broker = await startBroker(0, { refused, kept: { ...KEPT, ...kept } });
  open.push(() => broker.close());
  const join = async (clientId: string, clean = true): Promise<MqttClient> => {
    const client = await mqtt.connectAsync(broker.url, { clientId, clean, reconnectPeriod: 0 });
    open.push(() => client.endAsync(true));
    return client;
  };
  /** What is heard by a client on this topic, payload by payload. */
  const listen = async (client: MqttClient, topic: string) => {
    const heard: string[] = [];
    client.on('message', (name, payload) => heard.push(`${name}=${payload.toString().slice(0, 8)}`));
    await client.subscribeAsync(topic, { qos: 1 });
    return heard;
  };
  return { refused, join, listen, url: broker.url };
}

const retain = (client: MqttClient, topic: string, payload: string) =>
  client.publishAsync(topic, payload, { qos: 1, retain: true });

test('retained messages are bounded in number; one that goes makes room, and who is there hears all', async () => {
  const { refused, join, listen } = await aBroker({ retained: 3 });
  const writer = await join('writer');
  const present = await listen(await join('present'), 'r/#');
  for (const topic of ['r/1', 'r/2', 'r/3', 'r/4', 'r/3']) await retain(writer, topic, 'a');
  expect(refused.totals.mqttRetainedFull).toBe(1);
  await until('what is handed on', () => present.length === 5);
  await retain(writer, 'r/1', '');
  await retain(writer, 'r/5', 'b');
  const later = await listen(await join('later'), 'r/#');
  await until('what is retained', () => later.length === 3);
  expect(later.sort()).toEqual(['r/2=a', 'r/3=a', 'r/5=b']);
  expect(refused.totals.mqttRetainedFull).toBe(1);
});

test('and in bytes; of a topic whose new message has no room the old one does not stand for it', async () => {
  const { refused, join, listen } = await aBroker({ retainedBytes: 10_000 });
  const writer = await join('writer');
  await retain(writer, 'r/1', 'old');
  await retain(writer, 'r/2', 'x'.repeat(5000));
  await retain(writer, 'r/1', 'y'.repeat(5000));
  expect(refused.totals.mqttRetainedFull).toBe(1);
  const later = await listen(await join('later'), 'r/#');
  await until('what is retained', () => later.length > 0);
  await retain(writer, 'r/3', 'z');
  await until('what is said after it', () => later.length > 1);
  expect(later).toEqual(['r/2=xxxxxxxx', 'r/3=z']);
});

test("a host's STATE has room, whatever others retain", async () => {
  const { refused, join, listen } = await aBroker({ retained: 1 });
  const writer = await join('writer');
  for (const topic of ['r/1', 'r/2', 'r/3']) await retain(writer, topic, 'a');
  await retain(writer, stateTopic('city'), 'online');
  expect(refused.totals.mqttRetainedFull).toBe(2);
  const later = await listen(await join('later'), stateTopic('city'));
  await until('STATE', () => later.length === 1);
});

test('what waits for a client that is away is bounded, and there is room again when it has had it', async () => {
  const { refused, join, listen, url } = await aBroker({ queued: 10 });
  const away = await join('away', false);
  await away.subscribeAsync('q/#', { qos: 1 });
  await away.endAsync();
  const writer = await join('writer');
  const present = await listen(await join('present'), 'q/#');
  const say = async (count: number) => {
    for (let k = 0; k < count; k++) await writer.publishAsync('q/a', String(k), { qos: 1 });
  };
  for (const refusals of [5, 10]) {
    await say(15);
    expect(refused.totals.mqttQueueFull).toBe(refusals);
    const back = mqtt.connect(url, { clientId: 'away', clean: false, reconnectPeriod: 0 });
    const heard: string[] = [];
    back.on('message', (_topic, payload) => heard.push(payload.toString()));
    await until('what waited', () => heard.length === 10);
    await say(20);
    await until('what is said to one who is there', () => heard.length === 30);
    expect(heard.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, k) => String(k)));
    await back.endAsync();
  }
  expect(present).toHaveLength(70);
});

test('all clients that are away share one room in bytes; those who are there hear everything', async () => {
  const { refused, join, listen } = await aBroker({ queuedBytes: 50_000 });
  for (const id of ['one', 'two']) {
    const away = await join(id, false);
    await away.subscribeAsync('q/#', { qos: 1 });
    await away.endAsync();
  }
  const writer = await join('writer');
  const present = await listen(await join('present'), 'q/#');
  for (let k = 0; k < 20; k++) await writer.publishAsync('q/a', 'x'.repeat(4000), { qos: 1 });
  expect(refused.totals.mqttQueueFull).toBeGreaterThan(20);
  expect(refused.totals.mqttQueueFull).toBeLessThan(35);
  await until('what is said to one who is there', () => present.length === 20);
});
