import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { buildDemoCity } from '#gis/city/city.ts';
import { stationMainsPressure } from '#gis/city/mainsPressure.ts';
import { runEpanet } from '#gis/io/epanet.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { runChild, tellParent } from './parent.ts';

/** Builds the demo city and the pressures of its mains over a day, and writes what the plant needs of them. */
const { seed, out } = new Command('city')
  .requiredOption('--seed <n>', 'which city', Number)
  .requiredOption('--out <file>', 'where to write it')
  .parse()
  .opts<{ seed: number; out: string }>();

await runChild(async () => {
  tellParent({ progress: 'Building the demo city (once)…' });
  const city = buildDemoCity(seed, readXiamenLand());
  tellParent({ progress: 'Solving a day of its mains (once)…' });
  const run = await runEpanet(city.network);
  const mainsPressure = Object.fromEntries(
    [...stationMainsPressure(run, city.stations)].map(([code, hours]) => [code, [...hours]]),
  );
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.new`, JSON.stringify({ stations: city.stations, mainsPressure }));
  await rename(`${out}.new`, out);
  return { facts: {}, stop: async () => {} };
});
// a task, not a service: nothing holds it once it is done
process.disconnect?.();
