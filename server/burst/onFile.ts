import type { MainOnFile, ZoneOnFile } from '#sim/burst/onFile.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import type { OnFile } from './worker.ts';

const PAGE = 2000;

/** The mains, zones and stations of the city, as the database has them. */
export async function readOnFile(database: Database, { stations }: Registry): Promise<OnFile> {
  const { rows: zones } = await database.query<ZoneOnFile>(
    `SELECT zone.id, (zone.body->>'meanDemand')::float8 AS "meanDemand", zone.body->>'booster' AS booster,
       CASE WHEN zone.body->>'kind' = 'works' THEN works.body->>'outlet' END AS outlet
     FROM supply_zone AS zone LEFT JOIN works ON works.id = zone.body->>'works'`,
    [],
    'background',
  );
  return {
    zones,
    mains: await readMains(database),
    stations: stations.map(({ station: { code, kind, supplyZone, node, meanDemand } }) => ({
      code,
      booster: kind === 'booster',
      zone: supplyZone,
      node,
      meanDemand,
    })),
  };
}

async function readMains(database: Database): Promise<MainOnFile[]> {
  const mains: MainOnFile[] = [];
  for (let after = ''; ; ) {
    const { rows } = await database.query<MainOnFile>(
      `SELECT id, dn, length, supply_zone AS zone, from_node AS "from", to_node AS "to"
       FROM main WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
      'background',
    );
    mains.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return mains;
    after = last.id;
  }
}

/** The box around some mains: west, south, east, north; degrees. */
export async function boundsOf(
  database: Database,
  mains: readonly string[],
): Promise<[number, number, number, number]> {
  const { rows } = await database.query<{ west: number; south: number; east: number; north: number }>(
    `SELECT min(ST_XMin(geom)) AS west, min(ST_YMin(geom)) AS south,
       max(ST_XMax(geom)) AS east, max(ST_YMax(geom)) AS north FROM main WHERE id = ANY ($1::text[])`,
    [mains],
    'background',
  );
  const { west, south, east, north } = rows[0]!;
  return [west, south, east, north];
}
