import * as tahu from 'sparkplug-client';
import { afterEach, describe, expect, test } from 'vitest';
import { mosquittoPath, startMosquitto } from '#test/support/mosquitto.ts';
import { until } from '#test/support/until.ts';
import { hostOn, startWitness } from './conformance/witness.ts';

/** npm sparkplug-client 3.2.4, Eclipse Tahu's own client, as a gateway that knows nothing of us. */
const BROKERS: Record<string, (() => Promise<{ url: string; close(): Promise<void> }>) | undefined> = {
  aedes: () => startWitness(),
  mosquitto: mosquittoPath()
    ? async () => {
        const broker = await startMosquitto();
        return { url: broker.url, close: () => broker.remove() };
      }
    : undefined,
};

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.close();
});

type Client = ReturnType<typeof tahu.newClient>;
type Payload = Parameters<Client['publishNodeBirth']>[0];
type Metrics = NonNullable<Payload['metrics']>;

const nodeMetrics = (): Metrics => [
  { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
  { name: 'pressure', type: 'Double', value: 0.42 },
  { name: 'level', type: 'Int16', value: -3 },
  { name: 'count', type: 'UInt32', value: 4_000_000_000 },
  { name: 'running', type: 'Boolean', value: true },
  { name: 'label', type: 'String', value: '泵' },
];
const values = (host: { seen: { name: string; value: number }[] }) =>
  Object.fromEntries(host.seen.map(({ name, value }) => [name, value]));

for (const [broker, start] of Object.entries(BROKERS)) {
  const title = start ? `a gateway of sparkplug-client on ${broker}` : `${broker} is not installed`;
  describe.skipIf(!start)(title, () => {
    /** Host and gateway; the gateway sends its births whenever it connects, or a rebirth is asked. */
    const aGateway = async (given: { device?: Metrics; silentAtFirst?: boolean } = {}) => {
      const server = await start!();
      open.push(server);
      const host = await hostOn(server.url);
      open.push(host);
      const client = tahu.newClient({
        serverUrl: server.url,
        username: '',
        password: '',
        groupId: 'Plant',
        edgeNode: 'GW-1',
        clientId: 'tahu-gateway',
        version: 'spBv1.0',
        publishDeath: true,
      });
      open.push({ close: () => client.stop() });
      const asked: unknown[] = [];
      const births = () => {
        client.publishNodeBirth({ timestamp: Date.now(), metrics: nodeMetrics() });
        if (given.device) client.publishDeviceBirth('PLC', { timestamp: Date.now(), metrics: given.device });
      };
      client.on('ncmd', ({ metrics }) => {
        asked.push(metrics);
        births();
      });
      await new Promise<void>((done) => client.on('birth', () => done()));
      if (!given.silentAtFirst) births();
      return { host, client, asked };
    };
    const said = (...metrics: Metrics) => ({ timestamp: Date.now(), metrics });

    test('its numbers, signs and booleans arrive as they were meant', async () => {
      const { host, client } = await aGateway();
      await until('the birth', () => host.seen.length === 5);
      expect(values(host)).toEqual({
        pressure: 0.42,
        level: -3,
        count: 4_000_000_000,
        running: 1,
        label: Number.NaN,
      });
      client.publishNodeData(said({ name: 'level', type: 'Int16', value: -32768 }));
      await until('the value', () => host.seen.length === 6);
      expect(host.seen.at(-1)).toMatchObject({
        node: 'Plant/GW-1',
        name: 'level',
        value: -32768,
        birth: false,
      });
      expect(host.faults).toEqual([]);
    });

    test('speaking before its birth, it understands what we ask for and is born', async () => {
      const { host, client, asked } = await aGateway({ silentAtFirst: true });
      const pressure = { name: 'pressure', type: 'Double' as const, value: 0.5 };
      // it subscribes to commands only after it says that it may be born
      const talking = setInterval(() => client.publishNodeData(said(pressure)), 50);
      open.push({ close: () => clearInterval(talking) });
      await until('the birth', () => host.host.nodes.get('Plant/GW-1')?.born === true);
      expect(asked[0]).toMatchObject([{ name: 'Node Control/Rebirth', type: 'Boolean', value: true }]);
    });

    test('a device below it: birth without that of its node, data, death', async () => {
      const { host, client } = await aGateway({
        silentAtFirst: true,
        device: [{ name: 'flow', type: 'Float', value: 1.5 }],
      });
      const talking = setInterval(
        () => client.publishDeviceBirth('PLC', said({ name: 'flow', type: 'Float', value: 0.5 })),
        50,
      );
      await until('both births', () => host.seen.some(({ name, birth }) => name === 'PLC/flow' && birth));
      clearInterval(talking);
      client.publishDeviceData('PLC', said({ name: 'flow', type: 'Float', value: 2.5 }));
      await until('the value', () => values(host)['PLC/flow'] === 2.5);
      client.publishDeviceDeath('PLC', { timestamp: Date.now() });
      await until('the death', () => host.deadDevices.length === 1);
      expect(host.deadDevices).toEqual([['PLC/flow']]);
      expect(host.died).toEqual([]);
    });

    test('more messages than there are numbers, without a fault', async () => {
      const { host, client } = await aGateway();
      for (let value = 0; value < 600; value++)
        client.publishNodeData(said({ name: 'pressure', type: 'Double', value }));
      await until('all values', () => host.seen.length === 605);
      expect(host.seen.slice(5).map(({ value }) => value)).toEqual(Array.from({ length: 600 }, (_, k) => k));
      expect(host.faults).toEqual([]);
    });

    test.each(['DEFLATE', 'GZIP'] as const)('payloads compressed with %s', async (algorithm) => {
      const { host, client } = await aGateway();
      const pressure = { name: 'pressure', type: 'Double' as const, value: 0.77 };
      client.publishNodeData(said(pressure), { compress: true, algorithm });
      await until('the value', () => values(host).pressure === 0.77);
      // the number is inside the compressed payload
      client.publishNodeData(said({ ...pressure, value: 0.78 }), { compress: true });
      await until('the value', () => values(host).pressure === 0.78);
      expect(host.faults).toEqual([]);
    });

    test('history that it marks is historical', async () => {
      const { host, client } = await aGateway();
      const time = Date.now() - 60_000;
      client.publishNodeData(
        said({ name: 'pressure', type: 'Double', value: 0.1, timestamp: time, isHistorical: true }),
      );
      await until('the value', () => host.seen.length === 6);
      expect(host.seen.at(-1)).toMatchObject({ value: 0.1, time, historical: true });
    });

    test('templates and datasets become parts', async () => {
      const { host, client } = await aGateway();
      await until('the birth', () => host.seen.length === 5);
      const pump = (value: number) => ({
        name: 'P1',
        type: 'Template' as const,
        value: {
          templateRef: 'Pump',
          isDefinition: false,
          metrics: [{ name: 'Hz', type: 'Float' as const, value }],
        },
      });
      const table = {
        name: 'T',
        type: 'DataSet' as const,
        value: {
          numOfColumns: 2,
          types: ['Int32' as const, 'Double' as const],
          columns: ['a', 'b'],
          rows: [
            [-7, 0.5],
            [8, 1.5],
          ],
        },
      };
      client.publishDeviceBirth('PLC', said(pump(50), table));
      client.publishDeviceData('PLC', said(pump(45)));
      await until('the data', () => values(host)['PLC/P1/Hz'] === 45);
      expect(values(host)).toMatchObject({
        'PLC/T/0/a': -7,
        'PLC/T/0/b': 0.5,
        'PLC/T/1/a': 8,
        'PLC/T/1/b': 1.5,
      });
      expect(host.faults).toEqual([]);
    });

    test('leaving on purpose, its death counts', async () => {
      const { host, client } = await aGateway();
      await until('the birth', () => host.seen.length === 5);
      client.stop();
      await until('the death', () => host.died.length === 1);
      expect(host.count('deathMismatch')).toBe(0);
      expect(host.host.nodes.get('Plant/GW-1')?.born).toBe(false);
    });
  });
}
