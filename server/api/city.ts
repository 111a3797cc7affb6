import { z } from 'zod';
import { city, mainDetail, type SearchHit, searchAnswer, searchQuery } from '#twin/wire/api.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import type { TileService } from '../tiles/tiles.ts';
import { type Bytes, endpoint, HttpError } from './route.ts';

export interface CityContext {
  database: Database;
  registry: Registry;
  tiles: TileService;
  tileSource: string | null;
}

const tilePath = z.object({
  z: z.coerce.number().int().min(0).max(22),
  x: z.coerce.number().int().min(0),
  y: z.string().regex(/^\d+\.pbf$/),
});

/** What the city is and where things are. */
export const cityEndpoints = ({ database, registry, tiles, tileSource }: CityContext) => [
  endpoint({
    method: 'get',
    path: '/api/city',
    summary: 'The city: districts, supply zones, works, extent',
    shapes: {},
    answer: city,
    handle: async () => (await cityValue(database, 'city')) ?? emptyCity(),
  }),
  endpoint({
    method: 'get',
    path: '/api/client-config',
    summary: 'What the installation configured for the client',
    shapes: {},
    answer: z.object({ tileSource: z.string().nullable() }),
    handle: () => ({ tileSource }),
  }),
  endpoint({
    method: 'get',
    path: '/api/land.geojson',
    summary: 'Land polygons of the base map',
    shapes: {},
    answer: z.looseObject({ type: z.literal('FeatureCollection') }),
    handle: async () => (await cityValue(database, 'land')) ?? { type: 'FeatureCollection', features: [] },
  }),
  endpoint({
    method: 'get',
    path: '/tiles/mains/:z/:x/:y',
    summary: 'Vector tile of the mains (layer `mains`: id, dn, kind, zone); `y` ends in .pbf',
    shapes: { params: tilePath },
    answer: 'application/x-protobuf',
    handle: async ({ params }): Promise<Bytes> => ({
      bytes: await tiles.tile(params.z, params.x, Number.parseInt(params.y, 10)),
      maxAgeSeconds: 300,
    }),
  }),
  endpoint({
    method: 'get',
    path: '/api/mains/:id',
    summary: 'One main',
    shapes: { params: z.object({ id: z.string() }) },
    answer: mainDetail,
    handle: async ({ params }) => {
      const { rows } = await database.query(
        'SELECT id, dn, length, kind, supply_zone AS "supplyZone", from_node AS "from", to_node AS "to" FROM main WHERE id = $1',
        [params.id],
      );
      if (rows.length === 0) throw new HttpError(404, `there is no main ${params.id}`);
      return rows[0];
    },
  }),
  endpoint({
    method: 'get',
    path: '/api/search',
    summary: 'Stations, works and mains by code or name',
    shapes: { query: searchQuery },
    answer: searchAnswer,
    handle: async ({ query }) => ({
      hits: await search(database, registry, query.q.trim().toLowerCase(), query.limit),
    }),
  }),
];

async function cityValue(database: Database, key: string): Promise<unknown> {
  const { rows } = await database.query<{ value: unknown }>('SELECT value FROM city WHERE key = $1', [key]);
  return rows[0]?.value;
}

/** Before anything is imported: a city without a name, so that the client can say what to do. */
const emptyCity = () => ({
  name: { zh: '未导入城市', en: 'No city imported' },
  synthetic: false,
  attribution: '',
  bounds: [117.8, 24.4, 118.45, 24.95],
  districts: [],
  supplyZones: [],
  works: [],
  mains: { count: 0, length: 0 },
  timeZone: 'Asia/Shanghai',
});

async function search(
  database: Database,
  registry: Registry,
  text: string,
  limit: number,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  for (const { station } of registry.stations) {
    if (hits.length >= limit) return hits;
    const { code, name, lon, lat, district } = station;
    if (![code, name.zh, name.en].some((word) => word.toLowerCase().includes(text))) continue;
    hits.push({
      type: 'station',
      id: code,
      label: name,
      detail: { zh: `${code} · ${district}`, en: `${code} · ${district}` },
      lon,
      lat,
    });
  }
  const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const works = await database.query<{
    id: string;
    body: { name: SearchHit['label'] };
    lon: number;
    lat: number;
  }>(
    `SELECT id, body, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM works
     WHERE id ILIKE $1 OR body->'name'->>'zh' ILIKE $1 OR body->'name'->>'en' ILIKE $1 LIMIT ${Number(limit)}`,
    [like],
  );
  for (const { id, body, lon, lat } of works.rows) {
    hits.push({ type: 'works', id, label: body.name, detail: { zh: '水厂', en: 'Works' }, lon, lat });
  }
  const mains = await database.query<{ id: string; dn: number; lon: number; lat: number }>(
    `SELECT id, dn, ST_X(middle) AS lon, ST_Y(middle) AS lat
     FROM (SELECT id, dn, ST_LineInterpolatePoint(geom, 0.5) AS middle FROM main WHERE id ILIKE $1 ORDER BY id LIMIT ${Number(limit)}) m`,
    [like],
  );
  for (const { id, dn, lon, lat } of mains.rows) {
    hits.push({
      type: 'main',
      id,
      label: { zh: id, en: id },
      detail: { zh: `管段 DN${dn}`, en: `Main DN${dn}` },
      lon,
      lat,
    });
  }
  return hits.slice(0, limit);
}
