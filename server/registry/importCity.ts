import { type MainLine, mainLines } from '#gis/city/mainLines.ts';
import type { DemoCity } from '#gis/city/model.ts';
import type { Polygon } from '#gis/geo/land.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import type { City } from '#twin/wire/api.ts';
import type { Database } from '../database/database.ts';

/** Rows of one statement: small enough to hold the embedded database for less than 50 ms. */
const BATCH = 400;

/** Which city the database holds; null before any import. */
export async function importedCity(database: Database): Promise<{ seed: number; stations: number } | null> {
  const { rows } = await database.query<{ value: { seed: number; stations: number } }>(
    "SELECT value FROM city WHERE key = 'source'",
  );
  return rows[0]?.value ?? null;
}

/**
 * Writes the demo city's stations, mains, works, districts and zones. The mark of what was imported comes last, so
 * an import that was cut short is done again; every row is written over if it is there already.
 */
export async function importCity(
  database: Database,
  demo: DemoCity,
  land: readonly Polygon[],
  progress: (share: number) => void,
): Promise<void> {
  const mains = mainLines(demo);
  const stations = demo.stations.map((station) => ({
    code: station.code,
    template: templateOf(station).id,
    body: station,
    lon: station.lon,
    lat: station.lat,
  }));
  const total = mains.length + stations.length;
  let done = 0;
  const write = async (sql: string, rows: readonly unknown[]) => {
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH);
      await database.query(sql, [JSON.stringify(batch)], 'background');
      done += batch.length;
      progress(Math.min(1, done / total));
    }
  };
  await write(STATIONS, stations);
  await write(MAINS, mains.map(mainRow));
  await write(WORKS, demo.works);
  await write(DISTRICTS, demo.districts);
  await write(ZONES, demo.supplyZones);
  await setCity(database, 'land', landCollection(land));
  await setCity(database, 'city', cityOf(demo, mains));
  await setCity(database, 'source', { seed: demo.seed, stations: demo.stations.length });
}

const STATIONS = `
  INSERT INTO station (code, registered, template, body, geom)
  SELECT code, true, template, body, ST_SetSRID(ST_MakePoint(lon, lat), 4490)
  FROM jsonb_to_recordset($1::jsonb) AS row(code text, template text, body jsonb, lon float8, lat float8)
  ON CONFLICT (code) DO UPDATE SET template = excluded.template, body = excluded.body, geom = excluded.geom, registered = true`;

const MAINS = `
  INSERT INTO main (id, dn, length, kind, supply_zone, from_node, to_node, geom)
  SELECT id, dn, length, kind, zone, from_node, to_node, ST_SetSRID(ST_GeomFromText(wkt), 4490)
  FROM jsonb_to_recordset($1::jsonb)
    AS row(id text, dn integer, length real, kind text, zone text, from_node text, to_node text, wkt text)
  ON CONFLICT (id) DO UPDATE SET dn = excluded.dn, length = excluded.length, kind = excluded.kind,
    supply_zone = excluded.supply_zone, from_node = excluded.from_node, to_node = excluded.to_node, geom = excluded.geom`;

const WORKS = `
  INSERT INTO works (id, body, geom)
  SELECT body->>'id', body, ST_SetSRID(ST_MakePoint((body->>'lon')::float8, (body->>'lat')::float8), 4490)
  FROM jsonb_array_elements($1::jsonb) AS body
  ON CONFLICT (id) DO UPDATE SET body = excluded.body, geom = excluded.geom`;

const DISTRICTS = `
  INSERT INTO district (code, body) SELECT body->>'code', body FROM jsonb_array_elements($1::jsonb) AS body
  ON CONFLICT (code) DO UPDATE SET body = excluded.body`;

const ZONES = `
  INSERT INTO supply_zone (id, body) SELECT body->>'id', body FROM jsonb_array_elements($1::jsonb) AS body
  ON CONFLICT (id) DO UPDATE SET body = excluded.body`;

async function setCity(database: Database, key: string, value: unknown): Promise<void> {
  await database.query(
    'INSERT INTO city (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [key, JSON.stringify(value)],
  );
}

const mainRow = ({ id, dn, length, kind, zone, from, to, line }: MainLine) => ({
  id,
  dn,
  length,
  kind,
  zone,
  from_node: from,
  to_node: to,
  wkt: `LINESTRING(${line.map(([lon, lat]) => `${lon} ${lat}`).join(',')})`,
});

function cityOf(demo: DemoCity, mains: readonly MainLine[]): City {
  const lons = demo.stations.map(({ lon }) => lon);
  const lats = demo.stations.map(({ lat }) => lat);
  return {
    name: demo.name,
    synthetic: demo.synthetic,
    attribution: 'GSHHG 2.3.7, Wessel & Smith, LGPL-3',
    bounds: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)],
    districts: demo.districts.map(({ code, name, lon, lat }) => ({ code, name, lon, lat })),
    supplyZones: demo.supplyZones.map(({ id, name }) => ({ id, name })),
    works: demo.works.map(({ id, name, lon, lat, capacity }) => ({ id, name, lon, lat, capacity })),
    mains: { count: mains.length, length: mains.reduce((sum, { length }) => sum + length, 0) },
    timeZone: 'Asia/Shanghai',
  };
}

const landCollection = (land: readonly Polygon[]) => ({
  type: 'FeatureCollection',
  features: land.map((coordinates) => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates },
  })),
});
