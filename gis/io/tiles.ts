import { GeoJSONVT } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, LineString } from 'geojson';

/** What a main carries into the tiles. */
export interface MainProperties {
  id: string;
  /** mm */
  dn: number;
  kind: string;
  zone: string;
}

/** Web-mercator vector tiles of the mains, cut on demand; layer `mains`. */
export interface MainTiles {
  /** A Mapbox vector tile, or null where there is nothing. */
  tile(z: number, x: number, y: number): Uint8Array | null;
}

const LAYER = 'mains';
const MAX_ZOOM = 16;
/** Below this zoom only mains that can be told apart are drawn: the rest would be a grey carpet. */
const SMALLEST_DN: readonly [zoom: number, dn: number][] = [
  [10, 500],
  [12, 300],
  [13, 150],
];

export function mainTiles(features: readonly Feature<LineString, MainProperties>[]): MainTiles {
  const index = new GeoJSONVT(
    { type: 'FeatureCollection', features: features as Feature<LineString, MainProperties>[] },
    { maxZoom: MAX_ZOOM, indexMaxZoom: 12, indexMaxPoints: 0, tolerance: 3, buffer: 64 },
  );
  return {
    tile(z, x, y) {
      const tile = index.getTile(z, x, y);
      if (!tile) return null;
      const least = SMALLEST_DN.find(([zoom]) => z < zoom)?.[1] ?? 0;
      const visible = tile.features.filter(
        (feature) => ((feature.tags as MainProperties | null)?.dn ?? 0) >= least,
      );
      return visible.length === 0
        ? null
        : fromGeojsonVt(
            { [LAYER]: { ...tile, features: visible } as typeof tile },
            { version: 2, extent: 4096 },
          );
    },
  };
}
