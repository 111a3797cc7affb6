import type { Worker } from 'node:worker_threads';
import type { Feature, LineString } from 'geojson';
import { LRUCache } from 'lru-cache';
import type { MainProperties } from '#gis/io/tiles.ts';
import type { Database } from '../database/database.ts';
import { startThread } from '../threads.ts';

/** Vector tiles of the mains in the database. */
export interface TileService {
  tile(z: number, x: number, y: number): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

const PAGE = 2000;
const CACHED_TILES = 600;
/** The worker goes after this long without a tile asked for: its index is memory nobody needs then. */
const IDLE_MS = 5 * 60_000;

export function tileService(database: Database): TileService {
  const cache = new LRUCache<string, { tile: Uint8Array | null }>({ max: CACHED_TILES });
  const waiting = new Map<
    number,
    { answer: (tile: Uint8Array | null) => void; fail: (error: Error) => void }
  >();
  let worker: Promise<Worker> | undefined;
  let next = 0;
  let idle: NodeJS.Timeout | undefined;

  const start = async () => {
    const made = startThread(new URL('./worker.ts', import.meta.url), await readMains(database));
    made.on('message', ({ id, tile }: { id: number; tile: Uint8Array | null }) => {
      waiting.get(id)?.answer(tile);
      waiting.delete(id);
    });
    made.on('error', (error) => {
      for (const { fail } of waiting.values()) fail(error as Error);
      waiting.clear();
      worker = undefined;
    });
    return made;
  };
  /** The thread that cuts tiles; a start that failed is tried again by the next request. */
  const running = () => {
    worker ??= start().catch((error: Error) => {
      worker = undefined;
      throw error;
    });
    return worker;
  };
  const rest = () => {
    const resting = worker;
    worker = undefined;
    void resting?.then((made) => made.terminate()).catch(() => undefined);
  };

  return {
    async tile(z, x, y) {
      const key = `${z}/${x}/${y}`;
      const known = cache.get(key);
      if (known) return known.tile;
      const thread = await running();
      clearTimeout(idle);
      idle = setTimeout(rest, IDLE_MS).unref();
      const id = next++;
      const tile = await new Promise<Uint8Array | null>((answer, fail) => {
        waiting.set(id, { answer, fail });
        thread.postMessage({ id, z, x, y });
      });
      cache.set(key, { tile });
      return tile;
    },
    async close() {
      clearTimeout(idle);
      await (await worker?.catch(() => undefined))?.terminate();
    },
  };
}

interface MainRow extends MainProperties {
  line: LineString['coordinates'];
}

async function readMains(database: Database): Promise<Feature<LineString, MainProperties>[]> {
  const features: Feature<LineString, MainProperties>[] = [];
  for (let after = ''; ; ) {
    const { rows } = await database.query<MainRow>(
      `SELECT id, dn, kind, supply_zone AS zone, ST_AsGeoJSON(geom, 6)::jsonb->'coordinates' AS line
       FROM main WHERE id > $1 ORDER BY id LIMIT ${PAGE}`,
      [after],
    );
    for (const { line, ...properties } of rows) {
      features.push({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates: line } });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return features;
    after = last.id;
  }
}
