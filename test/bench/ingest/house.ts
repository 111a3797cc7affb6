import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataHealth } from '#twin/wire/api.ts';
import { freePort } from '../../../bin/freePort.ts';
import { type Child, runTask, superviseChild } from '../../../bin/supervisor.ts';

/** Server, plant and gateways as `npm start` runs them, with gateways that report every step of the resolution. */
export interface House {
  url: string;
  mqttUrl: string;
  serverPid: number;
  /** what the gateways told last */
  counters: () => Record<string, number>;
  health(): Promise<DataHealth>;
  /** Starts plant and gateways again so that everything comes `pace` times as fast. */
  setPace(pace: number): Promise<void>;
  /** Nothing is produced while the plant is paused. */
  pauseField(): void;
  resumeField(): void;
  /** Ends plant and gateways. */
  stopField(): Promise<void>;
  close(): Promise<void>;
}

const SEED = 20_260;
const GROUP = 'bench';

export async function openHouse(say: (text: string) => void, stations?: number): Promise<House> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shuijing-bench-'));
  const city = join(dataDir, 'city.json');
  const [port, mqttPort, inputs, requests] = (await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ])) as [number, number, number, number];
  const env = {
    DATA_DIR: dataDir,
    PORT: String(port),
    MQTT_PORT: String(mqttPort),
    DEMO: 'on',
    MQTT_URL: '',
    DATABASE_URL: '',
  };
  const progress = (text: string | number) => say(String(text));
  const cityBuilt = runTask({
    name: 'city',
    file: 'city.ts',
    args: ['--seed', String(SEED), '--out', city],
    onProgress: progress,
  });
  const server = await superviseChild({
    name: 'server',
    file: 'server.ts',
    args: [],
    env,
    onProgress: progress,
  });
  await cityBuilt;
  const url = String(server.facts.url);
  const mqttUrl = String(server.facts.mqttUrl);
  const sockets = ['--inputs', `tcp://127.0.0.1:${inputs}`, '--requests', `tcp://127.0.0.1:${requests}`];
  let field: Child[] = [];
  let counters: Record<string, number> = {};

  const stopField = async () => {
    // the gateways last: what is in their queue still goes out
    for (const child of field) await child.stop();
    field = [];
  };
  const setPace = async (pace: number) => {
    await stopField();
    const some = stations === undefined ? [] : ['--stations', String(stations)];
    const plant = await superviseChild({
      name: 'plant',
      file: 'plant.ts',
      args: [
        '--data-dir',
        join(dataDir, 'plant'),
        '--city',
        city,
        '--with-parent',
        '--pace',
        String(pace),
        ...sockets,
        ...some,
      ],
    });
    const edge = await superviseChild({
      name: 'edge',
      file: 'edge.ts',
      env,
      args: [
        ...sockets,
        ...['--mqtt', mqttUrl, '--group', GROUP, '--data-dir', join(dataDir, `edge-${pace}`)],
        ...['--report', String(2000 / pace), '--deadband', '0', '--no-backfill', '--counters'],
      ],
      onCounters: (told) => {
        counters = told;
      },
    });
    field = [plant, edge];
  };
  return {
    url,
    mqttUrl,
    serverPid: server.pid()!,
    counters: () => counters,
    health: async () => (await (await fetch(`${url}/api/health/data`)).json()) as DataHealth,
    setPace,
    pauseField: () => void process.kill(field[0]!.pid()!, 'SIGSTOP'),
    resumeField: () => void process.kill(field[0]!.pid()!, 'SIGCONT'),
    stopField,
    async close() {
      await stopField();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
