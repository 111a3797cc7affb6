import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMosquitto, type TestMosquitto } from '#test/support/mosquitto.ts';
import { tapWire, type Wire } from '#test/support/mqttWire.ts';
import { until } from '#test/support/until.ts';
import { decodePayload } from '#twin/wire/sparkplug/payload.ts';

/** The gateway's program by itself, as it runs on any broker. */
let broker: TestMosquitto;
let wire: Wire;
const folder = mkdtempSync(join(tmpdir(), 'shuijing-alone-'));
const running: ChildProcess[] = [];
beforeAll(async () => {
  broker = await startMosquitto();
  wire = await tapWire(broker.url);
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await wire.close();
  await broker.remove();
  rmSync(folder, { recursive: true, force: true });
});

function start(): ChildProcess {
  const args = ['--import', 'tsx', 'bin/edge.ts', '--group', 'G', '--node', 'N', '--no-primary-host'];
  const child = spawn(process.execPath, [...args, '--data-dir', folder, '--report', '1000'], {
    env: { ...process.env, MQTT_URL: wire.url },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout!.resume();
  running.push(child);
  return child;
}
const published = (type: string) =>
  wire.packets.flatMap((packet) =>
    packet.type === 'publish' && packet.topic === `spBv1.0/G/${type}/N`
      ? [decodePayload(packet.payload)]
      : [],
  );
const bdSeqs = () =>
  published('NBIRTH').map(({ metrics }) => metrics.find(({ name }) => name === 'bdSeq')?.value);

/** Another one on the folder of one that runs says who is there, and leaves it alone. */
async function isRefused(holder: ChildProcess): Promise<void> {
  const third = start();
  let said = '';
  third.stdout!.on('data', (text) => {
    said += String(text);
  });
  expect(await new Promise((done) => third.once('exit', done))).toBe(1);
  expect(JSON.parse(said)).toEqual({
    failed: `the data folder ${folder} is in use by process ${holder.pid}`,
  });
}

test('is born, sends, is killed as soon as it is born and comes back with the next bdSeq', async () => {
  const first = start();
  await until('a birth', () => published('NBIRTH').length === 1, 30_000);
  first.kill('SIGKILL');
  const second = start();
  await until('the next birth', () => published('NBIRTH').length === 2, 30_000);
  await until('data', () => published('NDATA').length >= 3, 30_000);
  expect(bdSeqs()).toEqual([0, 1]);
  await isRefused(second);
  const ended = new Promise((done) => second.once('exit', done));
  second.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(published('NDEATH')).toHaveLength(1);
  expect(wire.packets.at(-1)?.type).toBe('disconnect');
});
