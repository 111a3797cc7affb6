import { readFileSync } from 'node:fs';
import type { Polygon } from '#gis/geo/land.ts';
import { readPolygons } from './geojson.ts';

/** The coast around Xiamen that the demo city stands on (GSHHG 2.3.7, Wessel & Smith, LGPL-3). */
export function readXiamenLand(): Polygon[] {
  return readPolygons(readFileSync(new URL('../city/land/xiamen-land.geojson', import.meta.url), 'utf8'));
}
