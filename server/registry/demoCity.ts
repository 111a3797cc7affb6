import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import { readXiamenLand } from '#gis/io/land.ts';
import type { Database } from '../database/database.ts';
import { importCity, importedCity } from './importCity.ts';

/** Brings the demo city into the database, once. */
export async function importDemoCity(
  database: Database,
  seed: number | undefined,
  progress: (text: string) => void,
): Promise<void> {
  const wanted = seed ?? DEMO_SEED;
  const known = await importedCity(database);
  if (known?.seed === wanted) return;
  if (known)
    throw new Error(
      `the database holds the demo city ${known.seed}, not ${wanted}: set DEMO_SEED=${known.seed}, or another DATA_DIR or DATABASE_URL`,
    );
  const land = readXiamenLand();
  const city = buildDemoCity(wanted, land);
  let shown = -1;
  await importCity(database, city, land, (share) => {
    const percent = Math.floor(share * 4) * 25;
    if (percent > shown) progress(`Writing the demo city to the database: ${percent} %`);
    shown = percent;
  });
}
