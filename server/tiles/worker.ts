import { parentPort } from 'node:worker_threads';
import type { Feature, LineString } from 'geojson';
import { type MainProperties, mainTiles } from '#gis/io/tiles.ts';
import { threadData } from '../threads.ts';

/** Cuts tiles beside the server's thread, so that indexing a city's mains never delays a message. */
const tiles = mainTiles(threadData as Feature<LineString, MainProperties>[]);

parentPort?.on('message', ({ id, z, x, y }: { id: number; z: number; x: number; y: number }) => {
  parentPort?.postMessage({ id, tile: tiles.tile(z, x, y) });
});
