import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_SEED } from '#gis/city/city.ts';
import { Random } from '#sim/random.ts';
import { openHouse } from '#test/support/house.ts';
import { startMosquitto } from '#test/support/mosquitto.ts';
import { Network } from '#test/support/network.ts';
import { startPostgres } from '#test/support/postgres.ts';
import { canMount, mountSmallDisk } from '#test/support/smallDisk.ts';
import { until } from '#test/support/until.ts';
import { LiveWatch } from './liveWatch.ts';
import type { Form, Pair, World } from './outage.ts';

export interface WorldOptions {
  pair: Pair;
  form: Form;
  scale: number;
  stations: number;
  seed: number;
  say(text: string): void;
}

/** The disks hold what the rows write, with room to spare; filling them takes the test's own time and memory. */
const DISK_MB = { short: { database: 700, queue: 100 }, long: { database: 3000, queue: 600 } };
const EDGE = ['--no-backfill', '--deadband', '0'];

/** Opens a city of the pair named, with a network between gateways and broker; `close` ends and removes all of it. */
export async function openWorld(options: WorldOptions): Promise<{ world: World; close(): Promise<void> }> {
  const { pair, form, scale, say } = options;
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const end of closers.reverse()) await end();
  };
  try {
    const disks = canMount()
      ? { database: mountSmallDisk(DISK_MB[form].database), queue: mountSmallDisk(DISK_MB[form].queue) }
      : undefined;
    if (disks) closers.push(() => Object.values(disks).forEach((disk) => void disk.remove()));
    const folder = mkdtempSync(join(tmpdir(), 'shuijing-world-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const servers = pair === 'servers';
    const mosquitto = servers ? await startMosquitto() : undefined;
    if (mosquitto) closers.push(() => mosquitto.remove());
    const postgres = servers ? await startPostgres(disks?.database.folder ?? folder) : undefined;
    if (postgres) closers.push(() => postgres.remove());
    const dataDir = join(servers ? folder : (disks?.database.folder ?? folder), 'data');
    mkdirSync(dataDir);

    const random = new Random(options.seed);
    let network: Network | undefined;
    const house = await openHouse({
      stations: options.stations,
      past: 1,
      dataDir,
      edgeRoot: disks?.queue.folder ?? folder,
      edgeArgs: EDGE,
      ...(mosquitto && { mqttUrl: mosquitto.url }),
      ...(postgres && { databaseUrl: postgres.url }),
      async gatewaysReach(broker) {
        network = await Network.open(broker, random);
        return network.url;
      },
      say,
    });
    closers.push(
      () => network!.close(),
      () => house.close(),
    );
    await house.startField();
    const live = await LiveWatch.open(house.url);
    closers.push(() => live.close());
    const stations = (
      JSON.parse(readFileSync(join(house.edgeDir, 'stations.json'), 'utf8')) as { code: string }[]
    ).map(({ code }) => code);
    const known = new Set(stations);
    const world: World = {
      pair,
      form,
      scale,
      house,
      network: network!,
      ...(mosquitto && { mosquitto }),
      ...(postgres && { postgres }),
      ...(disks && { disks }),
      live,
      random,
      stations,
      say,
      allLive: () =>
        until('every station is live', () => live.oldest((code) => known.has(code)) < LIVE_S, RETURN_MS),
    };
    return { world, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const LIVE_S = 4;
const RETURN_MS = 180_000;
export const WORLD_SEED = DEMO_SEED;
