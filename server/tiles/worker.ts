import { parentPort, workerData } from 'node:worker_threads';
import type { Feature, LineString } from 'geojson';
import { type MainProperties, mainTiles } from '#gis/io/tiles.ts';

/** Cuts tiles beside the server's thread, so that indexing a city's mains never delays a message. */
const tiles = mainTiles(workerData as Feature<LineString, MainProperties>[]);

parentPort?.on('message', ({ id, z, x, y }: { id: number; z: number; x: number; y: number }) => {
  parentPort?.postMessage({ id, tile: tiles.tile(z, x, y) });
});
