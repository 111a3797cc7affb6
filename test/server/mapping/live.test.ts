import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '#server/main.ts';
import { readSettings } from '#server/settings.ts';
import { type Recorder, recordAll } from '#test/support/broker.ts';
import { embeddedFolder } from '#test/support/embedded.ts';
import { startMosquitto, type TestMosquitto } from '#test/support/mosquitto.ts';
import { until } from '#test/support/until.ts';
import { Quality } from '#twin/state/quality.ts';
import { type AdoptRequest, dataHealth, historyAnswer, unregisteredStation } from '#twin/wire/api.ts';

/** A gateway that speaks JSON, on mosquitto, before the whole server: unknown, adopted, live, in the history. */
let broker: TestMosquitto;
let gateway: Recorder;
let server: RunningServer;
let folder: string;

const MAPPING = `
sources:
  - topic: east/{room}/telemetry
    station: JS-{room}
    time: { path: $.t, format: s }
    quality: { path: $.ok, good: [true] }
    points:
      - { point: LO/P_OUT, path: $.p, unit: bar }
      - { point: F_IN, path: $.flow, unit: L/s }
      - { point: LO/P9/HZ, path: $.ninth }
  - topic: east/{room}/buffered
    station: JS-{room}
    each: $.samples[*]
    time: { path: $.t, format: s }
    points:
      - { point: LO/P_OUT, path: $.p, unit: bar }
`;

beforeAll(async () => {
  broker = await startMosquitto();
  gateway = await recordAll(broker.url);
  folder = await embeddedFolder();
  writeFileSync(join(folder, 'mapping.yaml'), MAPPING);
  const settings = readSettings({
    PORT: '0',
    MQTT_URL: broker.url,
    DATA_DIR: folder,
    JSON_MAPPING: join(folder, 'mapping.yaml'),
    LOG_LEVEL: 'silent',
  });
  server = await startServer(settings, () => undefined);
});
afterAll(async () => {
  await server?.stop();
  await gateway?.close();
  await broker?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const seconds = () => Math.floor(Date.now() / 1000);
const say = (topic: string, payload: unknown) =>
  gateway.client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), {
    qos: 1,
  });
const ask = async (path: string) => (await fetch(`${server.url}${path}`)).json();
const health = async () => dataHealth.parse(await ask('/api/health/data'));
/** Values of a point by the second, between two seconds, with their quality. */
async function kept(
  name: string,
  from: number,
  to: number,
): Promise<[t: number, value: number, quality: number][]> {
  const query = `points=${name}&from=${from * 1000}&to=${to * 1000}&buckets=${to - from}`;
  const answer = historyAnswer.parse(await ask(`/api/stations/JS-7/history?${query}`));
  const { t, mean, quality } = answer.series[0]!;
  return t.map((time, i) => [time / 1000, Number(mean[i]!.toFixed(6)), quality[i]!]);
}

test('a gateway that speaks JSON is understood from its first message to its history', async () => {
  await until('the subscription', async () => {
    await say('east/7/telemetry', { t: seconds(), ok: true, p: 4.5, flow: 2 });
    return (await health()).stations.unregistered === 1;
  });
  const [unknown] = unregisteredStation.array().parse(await ask('/api/unregistered'));
  expect(unknown).toMatchObject({ code: 'JS-7', group: 'json' });
  expect(unknown!.metrics.map(({ name, value }) => [name, value])).toEqual([
    ['LO/P_OUT', '0.45'],
    ['F_IN', '7.2'],
  ]);

  const request: AdoptRequest = {
    code: 'JS-7',
    name: { zh: '七号泵房', en: 'Pump room 7' },
    kind: 'tank',
    district: '350203',
    supplyZone: 'Z1',
    lon: 118.1,
    lat: 24.47,
    sets: [{ zone: 'LO', pumps: 3 }],
    mapping: { 'LO/P_OUT': 'LO/P_OUT', F_IN: 'F_IN' },
  };
  const adopted = await fetch(`${server.url}/api/stations/adopt`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify(request),
  });
  expect(await adopted.json()).toEqual({ code: 'JS-7' });

  const live = seconds();
  await say('east/7/telemetry', { t: live, ok: true, p: 4.6, flow: 3, ninth: 50 });
  await until('the pressure', async () => (await kept('LO/P_OUT', live, live + 1)).length === 1);
  expect(await kept('LO/P_OUT', live, live + 1)).toEqual([[live, 0.46, Quality.good]]);
  expect(await kept('F_IN', live, live + 1)).toEqual([[live, 10.8, Quality.good]]);
  // the state of a station is looked at once a second, and the first look may come after the value was kept
  await until('a live station', async () => (await health()).stations.live === 1);
  const now = await health();
  expect([now.faults.unknownMetric, now.stations.unregistered]).toEqual([1, 0]);

  await say('east/7/telemetry', { t: live + 1, ok: false, p: 9.9, flow: 3 });
  await say('east/7/telemetry', 'no json');
  await say('east/7/telemetry', { t: 'noon', p: 1 });
  await until('both are counted', async () => (await health()).faults.unreadablePayload === 2);
  const samples = Array.from({ length: 30 }, (_, k) => ({ t: live - 600 + k * 10, p: 3 + k / 10 }));
  await say('east/7/buffered', { samples });
  await say('east/7/buffered', { samples });
  await until('the past', async () => (await kept('LO/P_OUT', live - 600, live - 300)).length === 30);
  expect(await kept('LO/P_OUT', live - 600, live - 300)).toEqual(
    samples.map(({ t, p }) => [t, Number((p / 10).toFixed(6)), Quality.good]),
  );
  // of bad quality: known to be bad, and no value of the history
  expect(await kept('LO/P_OUT', live + 1, live + 2)).toEqual([]);
});
