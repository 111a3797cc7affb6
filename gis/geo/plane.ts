/** A position in a local plane: x east, y north, metres. */
export type Point = readonly [x: number, y: number];

export interface Plane {
  toPlane(lon: number, lat: number): Point;
  toDegrees(x: number, y: number): [lon: number, lat: number];
}

/** Metres per degree on a sphere of the mean Earth radius, 6,371,008.8 m (IUGG). */
const METRES_PER_DEGREE = (Math.PI / 180) * 6_371_008.8;

/**
 * Equirectangular plane around an origin in degrees. Within 0.5° of it lengths are right to about 0.5 %:
 * enough for a synthetic city and for lengths of street, not for surveying.
 */
export function localPlane(originLon: number, originLat: number): Plane {
  const east = METRES_PER_DEGREE * Math.cos((originLat * Math.PI) / 180);
  return {
    toPlane: (lon, lat) => [(lon - originLon) * east, (lat - originLat) * METRES_PER_DEGREE],
    toDegrees: (x, y) => [originLon + x / east, originLat + y / METRES_PER_DEGREE],
  };
}
