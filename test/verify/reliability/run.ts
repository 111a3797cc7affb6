import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '#sim/random.ts';
import { mosquittoPath } from '#test/support/mosquitto.ts';
import { postgresPrograms } from '#test/support/postgres.ts';
import { QueueRecord } from '#test/support/queueRecord.ts';
import { compareStation, emptyComparison } from './compare.ts';
import { untilDelivered } from './delivered.ts';
import type { Figures, Form, Outage, Pair, World } from './outage.ts';
import { openWorld, WORLD_SEED } from './world.ts';

export interface RunOptions {
  form: Form;
  outages: readonly Outage[];
  pairs: readonly Pair[];
  stations: number;
  /** factor on how long everything lasts, 1 when absent */
  scale?: number;
  seed?: number;
  say(text: string): void;
  /** called as each row ends */
  onRow?: (row: Row) => void;
}

export interface Row {
  row: string;
  broker: string;
  database: string;
  stations: number;
  /** stations compared value by value, when not all */
  compared?: number;
  seconds: number;
  /** from then until everything was there and compared */
  deliveredS: number;
  produced: number;
  stored: number;
  lost: number;
  doubled: number;
  wrong: number;
  liveWorstAgeS: number | null;
  figures: Figures;
  /** set when it did not run */
  notRun?: string;
  examples?: string[];
}

const NAMES: Record<Pair, { broker: string; database: string }> = {
  servers: { broker: 'mosquitto', database: 'PostgreSQL' },
  embedded: { broker: 'embedded', database: 'PGlite' },
};
/** What was produced last has been through all queues after this. */
const SETTLE_MS = 3000;
const DELIVERED_MS = { long: 600_000, short: 60_000 };

/** Runs the rows one after the other on each pair; each pair is a city of its own that lives through all of them. */
export async function runOutages(options: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const pair of options.pairs) {
    if (pair === 'servers' && !(mosquittoPath() && postgresPrograms())) {
      options.say('mosquitto and PostgreSQL are not both installed: their rows do not run');
      continue;
    }
    options.say(`${NAMES[pair].broker} and ${NAMES[pair].database}`);
    const { world, close } = await openWorld({
      ...options,
      pair,
      scale: options.scale ?? 1,
      seed: options.seed ?? WORLD_SEED,
    });
    const stop = () => void close().finally(() => process.exit(130));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    const copies = mkdtempSync(join(tmpdir(), 'shuijing-produced-'));
    const record = new QueueRecord(world.house.edgeDir, copies);
    try {
      await world.allLive();
      for (const outage of options.outages) {
        const row = await runOutage(outage, world, record);
        rows.push(row);
        options.onRow?.(row);
      }
    } finally {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      record.close();
      await close();
      rmSync(copies, { recursive: true, force: true });
    }
  }
  return rows;
}

async function runOutage(outage: Outage, world: World, record: QueueRecord): Promise<Row> {
  const head = { row: outage.row, ...NAMES[world.pair], stations: world.stations.length };
  const notRun = outage.unable?.(world);
  if (notRun) return { ...head, ...nothing(), notRun };
  const began = Date.now();
  world.live.take();
  // what arrives before is of the row before
  const everyone = new Set(world.stations);
  const figures = await outage.run(world).catch((error: Error): Figures => ({ failed: error.message }));
  await world.allLive().catch((error: Error) => {
    figures.failed ??= error.message;
  });
  world.live.expect((code) => everyone.has(code));
  await pause(SETTLE_MS);
  const seconds = (Date.now() - began) / 1000;
  const chosen = drawn(world.stations, outage.compared ?? world.stations.length);
  const produced = record.take((code) => chosen.has(code));
  const patience = outage.delivered?.(world) ?? DELIVERED_MS[world.form];
  const ended = Date.now();
  const { examples, ...kept } = await untilDelivered(
    produced.values(),
    (station) => compareStation(world.house.url, station),
    patience,
  );
  const deliveredS = Math.round((Date.now() - ended) / 1000);
  const { worst } = world.live.take();
  world.live.expect();
  return {
    ...head,
    ...(chosen.size < world.stations.length && { compared: chosen.size }),
    seconds: Math.round(seconds),
    deliveredS,
    ...kept,
    liveWorstAgeS: worst,
    figures,
    ...(examples.length > 0 && { examples }),
  };
}

/** Drawn, not every tenth: rows that treat every tenth station in a way of their own would be seen from one side alone. */
function drawn(stations: readonly string[], count: number): Set<string> {
  const random = new Random(WORLD_SEED);
  const order = stations.map((code) => ({ code, at: random.uniform() })).sort((a, b) => a.at - b.at);
  return new Set(order.slice(0, count).map(({ code }) => code));
}

const nothing = () => {
  const { examples: _, ...kept } = emptyComparison();
  return { seconds: 0, deliveredS: 0, ...kept, liveWorstAgeS: null, figures: {} };
};
