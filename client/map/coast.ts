import type { FeatureCollection, MultiLineString, Polygon, Position } from 'geojson';

export type Land = FeatureCollection<Polygon>;

/** The land as it is drawn: the true coast without the edges where the data were cut, and what lies beyond them. */
export interface Coast {
  land: Land;
  coast: FeatureCollection<MultiLineString>;
  /** outline of the data's box; nothing is known beyond it */
  box: Position[];
}

/** Two coordinates nearer than this (degrees, about ten metres) are the same edge. */
const SAME = 1e-4;

/** Takes polygons of land cut out by a box of longitudes and latitudes. No polygons give an empty coast. */
export function coastOf(land: Land): Coast {
  const rings = land.features.flatMap(({ geometry }) => geometry.coordinates);
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const ring of rings)
    for (const [lon, lat] of ring as [number, number][]) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  const near = (a: number, b: number) => Math.abs(a - b) < SAME;
  const cut = ([x1, y1]: Position, [x2, y2]: Position) =>
    [west, east].some((edge) => near(x1!, edge) && near(x2!, edge)) ||
    [south, north].some((edge) => near(y1!, edge) && near(y2!, edge));
  const coordinates = rings.flatMap((ring) => unbroken(ring, cut));
  return {
    land,
    coast: {
      type: 'FeatureCollection',
      // a line without places is an error to the map, and it would then never be whole
      features:
        coordinates.length === 0
          ? []
          : [{ type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates } }],
    },
    box:
      rings.length === 0
        ? []
        : [
            [west, south],
            [east, south],
            [east, north],
            [west, north],
            [west, south],
          ],
  };
}

/** The pieces of a ring between the edges that are cut. */
function unbroken(ring: Position[], cut: (a: Position, b: Position) => boolean): Position[][] {
  const pieces: Position[][] = [];
  let piece: Position[] = [];
  ring.forEach((place, i) => {
    if (i > 0 && cut(ring[i - 1]!, place)) {
      if (piece.length > 1) pieces.push(piece);
      piece = [];
    }
    piece.push(place);
  });
  if (piece.length > 1) pieces.push(piece);
  return pieces;
}
