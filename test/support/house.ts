import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataHealth } from '#twin/wire/api.ts';
import { freePort } from '../../bin/freePort.ts';
import { type Child, superviseChild } from '../../bin/supervisor.ts';
import { cityFile, copyCityDatabase } from './prepared.ts';

/** Server, plant and gateways as processes, as `npm start` runs them: one that is killed is started again. */
export interface House {
  dataDir: string;
  /** folder of the gateways at pace 1 */
  edgeDir: string;
  url: string;
  mqttUrl: string;
  server: Child;
  /** the running gateways and plant */
  edge(): Child;
  plant(): Child;
  /** what the gateways told last */
  counters(): Record<string, number>;
  health(): Promise<DataHealth>;
  /** Starts plant and gateways (again); at `pace` 2 everything is sampled and reported twice as often. */
  startField(pace?: number): Promise<void>;
  /** Ends the gateways in order and starts them with these arguments besides the usual. */
  restartGateways(args: readonly string[]): Promise<void>;
  /** Nothing is produced while the plant is paused. */
  pauseField(): void;
  resumeField(): void;
  /** Ends plant and gateways, the gateways last: what is in their queue still goes out. */
  stopField(): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** all of the demo city when absent */
  stations?: number;
  /** the field has lived and logged for so many hours when it starts; a day when absent */
  past?: number;
  /** given ones, instead of those inside the server */
  mqttUrl?: string;
  databaseUrl?: string;
  /** folder of the server; one of its own when absent */
  dataDir?: string;
  /** folder of the gateways; in that of the server when absent */
  edgeRoot?: string;
  /** where the gateways find the broker: a network of the test's own may stand between */
  gatewaysReach?: (brokerUrl: string) => Promise<string>;
  /** more arguments of the gateways */
  edgeArgs?: readonly string[];
  say?: (text: string) => void;
}

/** Sparkplug group of its gateways. */
export const GROUP = 'test';

/** Opens the server's side; `startField` then brings the stations to life. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'shuijing-house-'));
  if (!options.databaseUrl) await copyCityDatabase(dataDir);
  const city = await cityFile();
  const edgeRoot = options.edgeRoot ?? dataDir;
  const [port, mqttPort, inputs, requests] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const env = {
    DATA_DIR: dataDir,
    PORT: String(port),
    MQTT_PORT: String(mqttPort),
    MQTT_URL: options.mqttUrl ?? '',
    DATABASE_URL: options.databaseUrl ?? '',
    DEMO: 'on',
  };
  const onProgress = (text: string | number) => options.say?.(String(text));
  // it is started again: whoever reads what a run says must know that it was
  const lost = (name: string) => (code: string) =>
    void process.stderr.write(`${name} ended by itself (${code}), and is started again\n`);
  const server = await superviseChild({
    name: 'server',
    file: 'server.ts',
    args: [],
    env,
    onProgress,
    onLost: lost('server'),
  });
  const url = String(server.facts.url);
  const mqttUrl = String(server.facts.mqttUrl);
  const reach = (await options.gatewaysReach?.(mqttUrl)) ?? mqttUrl;
  const sockets = ['--inputs', `tcp://127.0.0.1:${inputs}`, '--requests', `tcp://127.0.0.1:${requests}`];
  let field: { plant: Child; edge: Child } | undefined;
  let counters: Record<string, number> = {};
  const running = () => {
    if (!field) throw new Error('the field is not started');
    return field;
  };

  const stopField = async () => {
    await field?.plant.stop();
    await field?.edge.stop();
    field = undefined;
  };
  const startGateways = (pace: number, args: readonly string[]) =>
    superviseChild({
      name: 'edge',
      file: 'edge.ts',
      onLost: lost('edge'),
      env: { ...env, MQTT_URL: reach },
      args: [
        ...sockets,
        ...['--group', GROUP, '--data-dir', join(edgeRoot, `edge-${pace}`)],
        ...['--report', String(2000 / pace), '--counters', ...(options.edgeArgs ?? []), ...args],
      ],
      onCounters: (told) => {
        counters = told;
      },
    });
  const startField = async (pace = 1) => {
    await stopField();
    const some = options.stations === undefined ? [] : ['--stations', String(options.stations)];
    const past = options.past === undefined ? [] : ['--past', String(options.past)];
    const plantArgs = [
      '--data-dir',
      join(dataDir, 'plant'),
      '--city',
      city,
      '--with-parent',
      '--pace',
      String(pace),
    ];
    const plant = await superviseChild({
      name: 'plant',
      file: 'plant.ts',
      onLost: lost('plant'),
      args: [...plantArgs, ...sockets, ...some, ...past],
    });
    const edge = await startGateways(pace, []);
    field = { plant, edge };
  };
  return {
    dataDir,
    edgeDir: join(edgeRoot, 'edge-1'),
    url,
    mqttUrl,
    server,
    edge: () => running().edge,
    plant: () => running().plant,
    counters: () => counters,
    async health() {
      const answer = await fetch(`${url}/api/health/data`);
      if (!answer.ok) throw new Error(`data health answers ${answer.status}`);
      return (await answer.json()) as DataHealth;
    },
    startField,
    async restartGateways(args) {
      const { plant, edge } = running();
      await edge.stop();
      field = { plant, edge: await startGateways(1, args) };
    },
    pauseField: () => void process.kill(running().plant.pid()!, 'SIGSTOP'),
    resumeField: () => void process.kill(running().plant.pid()!, 'SIGCONT'),
    stopField,
    async close() {
      await stopField();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
