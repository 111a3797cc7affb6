import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import { cityText } from '#plant/city.ts';
import { openDatabase } from '#server/database/database.ts';
import { LockedError, takeLock } from '#server/database/lock.ts';
import { importDemoCity } from '#server/registry/demoCity.ts';
import { until } from './until.ts';

/** Folders that take long to make and are the same for every test: made once for the sources as they are, then copied. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/shuijing');
/** Making one takes less than a minute where nothing else is going on. */
const PATIENCE = 300_000;

/** Copies an empty embedded database with its tables into a data folder. */
export async function copyEmptyDatabase(dataDir: string): Promise<void> {
  const from = await madeOnce('embedded', ['package-lock.json', 'server/migrations'], async (folder) => {
    await (await openDatabase({ dataDir: folder })).close();
  });
  cpSync(from, dataDir, { recursive: true });
}

/** Copies an embedded database that holds the demo city into a data folder. */
export async function copyCityDatabase(dataDir: string): Promise<void> {
  const from = await madeOnce('city', [...OF_CITY, 'package-lock.json', 'server'], async (folder) => {
    await copyEmptyDatabase(folder);
    const database = await openDatabase({ dataDir: folder });
    await importDemoCity(database, DEMO_SEED, () => {});
    await database.close();
  });
  cpSync(from, dataDir, { recursive: true });
}

/** The file of the demo city that `bin/city.ts` writes for the plant. */
export async function cityFile(): Promise<string> {
  const folder = await madeOnce('plant', [...OF_CITY, 'plant/city.ts'], async (making) => {
    writeFileSync(join(making, 'city.json'), cityText(buildDemoCity(DEMO_SEED, readXiamenLand())));
  });
  return join(folder, 'city.json');
}

/** What the demo city is made of. */
const OF_CITY = ['gis', 'twin'];

/**
 * The folder of this name for the present content of some files and folders of the project; who comes while
 * somebody else makes it waits.
 */
async function madeOnce(
  name: string,
  sources: readonly string[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of filesIn(join(ROOT, source)))
      hash.update(relative(ROOT, file)).update(readFileSync(file));
  const folder = join(CACHE, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const unlock = await waitForLock(`${folder}.lock`);
  try {
    if (existsSync(folder)) return folder;
    const making = mkdtempSync(join(CACHE, 'making-'));
    await make(making).catch((error) => {
      rmSync(making, { recursive: true, force: true });
      throw error;
    });
    renameSync(making, folder);
  } finally {
    unlock();
  }
  return folder;
}

async function waitForLock(file: string): Promise<() => void> {
  let unlock: (() => void) | undefined;
  const taken = () => {
    try {
      unlock = takeLock(file);
      return true;
    } catch (error) {
      if (error instanceof LockedError) return false;
      throw error;
    }
  };
  await until(`${file} to be free`, taken, PATIENCE);
  return unlock!;
}

function filesIn(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  const files = readdirSync(path, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}
