import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DEMO_SEED } from '#gis/city/city.ts';
import { LockedError, takeLock } from '#server/database/lock.ts';
import { DEMO_GROUP, readSettings, type Settings } from '#server/settings.ts';
import { freePort } from './freePort.ts';
import { type Child, runTask, stopStarting, superviseChild } from './supervisor.ts';

/** Starts the house on one machine, shows its progress, and ends all of it when it ends. */

const started = Date.now();
const children: Child[] = [];
let ending: Promise<void> | undefined;

/** The sockets that end first are those that send. */
function endAll(code: number): Promise<void> {
  ending ??= (async () => {
    await stopStarting();
    for (const child of children.reverse()) await child.stop();
    process.exit(code);
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void endAll(0));

try {
  const settings = readSettings(process.env);
  lockDataDir(settings.dataDir);
  const field = settings.demo ? startField(settings) : undefined;
  // a server that cannot start is the reason to show; the field then ends with everything else
  field?.catch(() => undefined);
  const server = await superviseChild({
    name: 'server',
    file: 'server.ts',
    args: [],
    onProgress: (text) => say(String(text)),
    onLost: lost('server'),
  });
  children.push(server);
  if (field) await startGateways(settings, await field, String(server.facts.mqttUrl));
  say(`Ready after ${Math.round((Date.now() - started) / 1000)} s: ${server.facts.url}`);
  if (!settings.mqttUrl) say(`Embedded broker for your own gateways: ${server.facts.mqttUrl}`);
  if (!settings.databaseUrl) {
    say(
      'Embedded database: it survives a crash of the program, not a loss of power. DATABASE_URL names a PostgreSQL server instead.',
    );
  }
} catch (error) {
  if (!ending) say((error as Error).message);
  await endAll(1);
}

function lockDataDir(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    takeLock(join(dir, 'start.lock'));
  } catch (error) {
    if (!(error instanceof LockedError))
      throw new Error(`DATA_DIR ${dir} cannot be used: ${(error as Error).message}`);
    throw new Error(`${dir} is in use by process ${error.pid}: end it, or set DATA_DIR to another folder`);
  }
}

/** The demo's equipment: the city, once, and the plant that lives in it. */
async function startField(settings: Settings): Promise<Child> {
  const seed = settings.demoSeed ?? DEMO_SEED;
  const city = join(settings.dataDir, 'demo', `mains-${seed}.json`);
  if (!existsSync(city)) {
    await runTask({
      name: 'city',
      file: 'city.ts',
      args: ['--seed', String(seed), '--out', city],
      onProgress: (text) => say(String(text)),
    });
  }
  const stations = settings.demoStations === undefined ? [] : ['--stations', String(settings.demoStations)];
  // named, so that a plant that is started again is found where it was
  const [inputs, requests] = await Promise.all([freePort(), freePort()]);
  const sockets = ['--inputs', `tcp://127.0.0.1:${inputs}`, '--requests', `tcp://127.0.0.1:${requests}`];
  let shown = 0;
  const plant = await superviseChild({
    name: 'plant',
    file: 'plant.ts',
    args: [
      '--data-dir',
      join(settings.dataDir, 'plant'),
      '--city',
      city,
      '--with-parent',
      ...sockets,
      ...stations,
    ],
    onProgress: (share) => {
      const percent = Math.floor(Number(share) * 4) * 25;
      if (percent > shown) say(`Bringing the pump rooms to the present: ${percent} %`);
      shown = percent;
    },
    onLost: lost('plant'),
  });
  children.push(plant);
  return plant;
}

async function startGateways(settings: Settings, plant: Child, mqttUrl: string): Promise<void> {
  const { inputs, requests } = plant.facts;
  const edge = await superviseChild({
    name: 'edge',
    file: 'edge.ts',
    // by the environment: arguments can be read by everybody on the machine
    env: { MQTT_URL: mqttUrl },
    args: [
      ['--inputs', String(inputs)],
      ['--requests', String(requests)],
      ['--data-dir', join(settings.dataDir, 'edge')],
      ['--group', DEMO_GROUP],
      ['--report', String(settings.reportMs)],
    ].flat(),
    onLost: lost('edge'),
  });
  children.push(edge);
  say(`${edge.facts.stations} gateways are connecting; the 24 hours before are filled in behind them.`);
}

function lost(name: string): (reason: string) => void {
  return (reason) => say(`${name} ended (${reason}); it is started again.`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
