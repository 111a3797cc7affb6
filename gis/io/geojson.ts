import type { Polygon } from '#gis/geo/land.ts';

/**
 * Polygons of a GeoJSON FeatureCollection (RFC 7946), multipolygons taken apart.
 * @throws SyntaxError when the text is no GeoJSON; RangeError naming the feature when a ring is not one
 */
export function readPolygons(text: string): Polygon[] {
  const parsed: unknown = JSON.parse(text);
  if (!isRecord(parsed) || !Array.isArray(parsed.features)) {
    throw new SyntaxError('GeoJSON: a FeatureCollection with features is expected');
  }
  return parsed.features.flatMap((feature: unknown, k) => {
    const geometry = isRecord(feature) ? feature.geometry : undefined;
    if (!isRecord(geometry)) return [];
    if (geometry.type === 'Polygon') return [polygon(geometry.coordinates, k)];
    if (geometry.type === 'MultiPolygon' && Array.isArray(geometry.coordinates)) {
      return geometry.coordinates.map((part: unknown) => polygon(part, k));
    }
    return [];
  });
}

function polygon(coordinates: unknown, feature: number): Polygon {
  if (!Array.isArray(coordinates)) throw new RangeError(`GeoJSON feature ${feature}: no rings`);
  return coordinates.map((ring: unknown) => {
    if (!Array.isArray(ring) || ring.length < 4) {
      throw new RangeError(`GeoJSON feature ${feature}: a ring needs at least four positions`);
    }
    return ring.map((position: unknown) => {
      if (Array.isArray(position)) {
        const [lon, lat] = position as unknown[];
        if (Number.isFinite(lon) && Number.isFinite(lat)) return [lon as number, lat as number] as const;
      }
      throw new RangeError(`GeoJSON feature ${feature}: ${JSON.stringify(position)} is not a position`);
    });
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
