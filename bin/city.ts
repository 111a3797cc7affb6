import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { buildDemoCity } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { cityText } from '#plant/city.ts';
import { runChild, tellParent } from './parent.ts';

/** Builds the demo city and writes what the plant needs of it: stations and mains. */
const { seed, out } = new Command('city')
  .requiredOption('--seed <n>', 'which city', Number)
  .requiredOption('--out <file>', 'where to write it')
  .parse()
  .opts<{ seed: number; out: string }>();

await runChild(async () => {
  tellParent({ progress: 'Building the demo city (once)…' });
  const city = buildDemoCity(seed, readXiamenLand());
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.new`, cityText(city));
  await rename(`${out}.new`, out);
  return { facts: {}, stop: async () => {} };
});
// a task, not a service: nothing holds it once it is done
process.disconnect?.();
