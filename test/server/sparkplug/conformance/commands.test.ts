import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestNode } from '#test/support/sparkplug.ts';
import { until } from '#test/support/until.ts';
import { tahuDecode } from '#test/twin/wire/tahu.ts';
import { hostOn, type Message, startWitness, type Witness } from './witness.ts';

const CLIENT = 'host-city';
const open: { close(): Promise<void> }[] = [];
let witness: Witness;
let gateway: MqttClient;

beforeEach(async () => {
  witness = await startWitness();
  open.push(witness);
  const host = await hostOn(witness.url);
  open.push(host);
  gateway = await mqtt.connectAsync(witness.url, { clientId: 'gateway' });
  open.push({ close: () => gateway.endAsync(true) });
});
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

interface Command {
  timestamp?: string;
  seq?: string;
  metrics: {
    name?: string;
    alias?: string;
    timestamp?: string;
    datatype?: number;
    boolean_value?: boolean;
  }[];
}
const commands = (): Message[] => witness.published(CLIENT).filter(({ topic }) => !topic.includes('/STATE/'));

/** What the host sends to a node that speaks before its birth, as the public schema reads it. */
async function aRebirthRequest() {
  const node = new TestNode(Date.now, 'SM-0001', '一区 west');
  const { topic, bytes } = node.data();
  await gateway.publishAsync(topic, Buffer.from(bytes));
  await until('the command', () => commands().length > 0);
  const message = commands()[0]!;
  return { message, command: tahuDecode(message.payload) as Command };
}

describe('a command of the host, on the wire', () => {
  test.each(['tck-id-topics-ncmd-topic', 'tck-id-operational-behavior-data-commands-ncmd-verb'])(
    '%s: an NCMD on spBv1.0/group/NCMD/node, whatever the ids are',
    async () => {
      const { message } = await aRebirthRequest();
      expect(message.topic).toBe('spBv1.0/一区 west/NCMD/SM-0001');
    },
  );

  test.each(['tck-id-topics-ncmd-mqtt', 'tck-id-payloads-ncmd-qos', 'tck-id-payloads-ncmd-retain'])(
    '%s: at QoS 0, not retained',
    async () => {
      const { message } = await aRebirthRequest();
      expect(message).toMatchObject({ qos: 0, retain: false });
    },
  );

  test.each([
    'tck-id-topics-ncmd-timestamp',
    'tck-id-payloads-ncmd-timestamp',
    'tck-id-payloads-name-cmd-requirement',
  ])('%s: payload and metric have the time it was sent, in UTC', async () => {
    const before = Date.now();
    const { command } = await aRebirthRequest();
    for (const { timestamp } of [command, ...command.metrics]) {
      expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
      expect(Number(timestamp)).toBeLessThanOrEqual(Date.now());
    }
  });

  test('tck-id-payloads-ncmd-seq: no sequence number', async () => {
    expect((await aRebirthRequest()).command.seq).toBeUndefined();
  });

  test.each([
    'tck-id-topics-ncmd-payload',
    'tck-id-operational-behavior-data-commands-ncmd-rebirth-verb',
    'tck-id-operational-behavior-data-commands-ncmd-rebirth-name',
    'tck-id-operational-behavior-data-commands-ncmd-rebirth-value',
    'tck-id-operational-behavior-data-commands-ncmd-metric-name',
    'tck-id-operational-behavior-data-commands-ncmd-metric-value',
  ])('%s: the one metric Node Control/Rebirth, by its name, Boolean, true', async () => {
    const BOOLEAN = 11;
    const { command } = await aRebirthRequest();
    expect(command.metrics).toEqual([
      { name: 'Node Control/Rebirth', timestamp: expect.any(String), datatype: BOOLEAN, boolean_value: true },
    ]);
  });

  test('a number that is missing: the request comes once the time allowed has passed', async () => {
    const node = new TestNode(Date.now);
    const [birth, , two] = [node.birth(), node.data(), node.data()];
    for (const { topic, bytes } of [birth, two])
      await gateway.publishAsync(topic, Buffer.from(bytes), { qos: 1 });
    await until('the command', () => commands().length > 0);
    expect(commands().map(({ topic }) => topic)).toEqual(['spBv1.0/G/NCMD/SM-0001']);
  });

  test('one request is pending per node, however much it sends', async () => {
    const node = new TestNode(Date.now);
    for (let k = 0; k < 50; k++) {
      const { topic, bytes } = node.data();
      await gateway.publishAsync(topic, Buffer.from(bytes), { qos: 1 });
    }
    await until('the command', () => commands().length > 0);
    // a second node's request passes the same queue after any that the first would have had
    const other = new TestNode(Date.now, 'SM-0002').data();
    await gateway.publishAsync(other.topic, Buffer.from(other.bytes), { qos: 1 });
    await until('the other command', () => commands().length > 1);
    expect(commands().map(({ topic }) => topic)).toEqual([
      'spBv1.0/G/NCMD/SM-0001',
      'spBv1.0/G/NCMD/SM-0002',
    ]);
  });
});
