import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from '#test/support/house.ts';
import { mosquittoPath, startMosquitto } from '#test/support/mosquitto.ts';
import { postgresPrograms, startPostgres } from '#test/support/postgres.ts';
import { producedValues } from '#test/support/recorded.ts';
import { until } from '#test/support/until.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { HistoryAnswer, StationList } from '#twin/wire/api.ts';

/**
 * Values are produced once they are synced in a gateway's queue. Whatever is killed, each must be in the history,
 * once, with its own time and value: the queue of the gateways is the record that the history is held against.
 */
const STATIONS = 12;
/** the queue keeps everything, so that all that was produced can be compared */
const EDGE = ['--keep', '3600', '--no-backfill', '--deadband', '0'];

const PAIRS = [
  { name: 'embedded broker and database', open: async () => ({ settings: {}, close: async () => {} }) },
  { name: 'mosquitto and PostgreSQL', open: openServers },
];

describe.each(PAIRS)('$name', ({ name, open }) => {
  let house: House;
  let servers: Awaited<ReturnType<typeof open>>;
  const installed =
    name.startsWith('embedded') || (mosquittoPath() !== undefined && postgresPrograms() !== undefined);

  beforeAll(async () => {
    if (!installed) return;
    servers = await open();
    house = await openHouse({ stations: STATIONS, edgeArgs: EDGE, ...servers.settings });
    await house.startField();
    await allLive(house);
  }, 180_000);

  afterAll(async () => {
    await house?.close();
    await servers?.close();
  });

  it.skipIf(!installed)(
    'loses nothing when the server and then the gateways are killed while they work',
    async () => {
      await pause(6000);
      process.kill(house.server.pid()!, 'SIGKILL');
      await pause(4000);
      await allLive(house);
      process.kill(house.edge().pid()!, 'SIGKILL');
      await pause(3000);
      await allLive(house);
      await pause(3000);
      house.pauseField();
      await until(
        'all that was produced is stored',
        async () => (await compare(house)).missing.length === 0,
        60_000,
      );
      const { produced, missing, wrong } = await compare(house);
      expect(produced).toBeGreaterThan(STATIONS * 100);
      expect(missing).toEqual([]);
      expect(wrong).toEqual([]);
    },
    240_000,
  );
});

async function openServers() {
  const broker = await startMosquitto();
  const postgres = await startPostgres();
  return {
    settings: { mqttUrl: broker.url, databaseUrl: postgres.url },
    async close() {
      await broker.remove();
      postgres.remove();
    },
  };
}

async function allLive(house: House): Promise<void> {
  const live = async () => (await house.health().catch(() => undefined))?.stations.live === STATIONS;
  await until('every station is live', live, 60_000);
}

/** Every value on the gateways' disk against the history, read so finely that each stands in a bucket of its own. */
async function compare(house: House) {
  const { stations } = (await (await fetch(`${house.url}/api/stations`)).json()) as StationList;
  const missing: string[] = [];
  const wrong: string[] = [];
  let count = 0;
  for (const [code, values] of producedValues(`${house.dataDir}/edge-1`)) {
    const template = templateById(stations.find((station) => station.code === code)!.template);
    const times = [...values.keys()].map((key) => Number(key.split('@')[1]));
    const from = Math.min(...times);
    // 2 s reports never share a bucket of 500 ms
    const to = from + 500 * 5000;
    for (const point of template.points) {
      const mine = [...values].filter(([key]) => key.startsWith(`${point.name}@`));
      if (mine.length === 0) continue;
      count += mine.length;
      const query = `points=${encodeURIComponent(point.name)}&from=${from}&to=${to}&buckets=5000`;
      const answer = (await (
        await fetch(`${house.url}/api/stations/${code}/history?${query}`)
      ).json()) as HistoryAnswer;
      const series = answer.series[0]!;
      const stored = new Map(series.t.map((t, i) => [Math.round((t - from) / 500), i]));
      for (const [key, value] of mine) {
        const bucket = stored.get(Math.floor((Number(key.split('@')[1]) - from) / 500));
        if (bucket === undefined) missing.push(`${code} ${key}`);
        else if (Math.abs(series.mean[bucket]! - value) > point.resolution / 2)
          wrong.push(`${code} ${key}: ${series.mean[bucket]} for ${value}`);
      }
    }
  }
  return { produced: count, missing, wrong };
}
