import { coastDistance, contains, landRaster, type Polygon } from '#gis/geo/land.ts';
import { localPlane, type Plane } from '#gis/geo/plane.ts';
import { type Box, blurred, fillRaster, type Raster, sample } from '#gis/geo/raster.ts';
import { type Centre, centres, hills } from './place.data.ts';

/** Land, height and people under the city, in metres of a local plane. */
export interface Ground {
  plane: Plane;
  box: Box;
  /** dry enough to build on: not within 45 m of the shore */
  isLand(x: number, y: number): boolean;
  /** distance to the shore, m: positive on land */
  coast: Raster;
  /** m above sea level */
  elevation(x: number, y: number): number;
  /** built-up density: 0 = nobody, 1 = old town */
  density(x: number, y: number): number;
  centres: readonly (Centre & { x: number; y: number })[];
}

/** One point on each land mass that carries mains: mainland, the island, Gulangyu. */
const SERVED_LAND: readonly (readonly [number, number])[] = [
  [118.1, 24.7],
  [118.13, 24.5],
  [118.063, 24.447],
];
/** Nothing is built nearer to the shore, m; also covers the width of a raster cell. */
const SHORE_STRIP = 45;
const WEST = 117.87;
const SOUTH = 24.41;
const EAST = 118.34;
const NORTH = 24.82;

/**
 * The ground of the demo city.
 * @param land coast polygons in WGS 84 degrees that include Xiamen
 * @throws RangeError when the polygons do not hold the land the city stands on
 */
export function buildGround(land: readonly Polygon[], seed: number): Ground {
  const plane = localPlane(118.1, 24.6);
  const [x0, y0] = plane.toPlane(WEST, SOUTH);
  const [x1, y1] = plane.toPlane(EAST, NORTH);
  const box = { x0, y0, x1, y1 };
  const served = SERVED_LAND.map(([lon, lat]) => {
    const polygon = land.find((candidate) => contains(candidate, lon, lat));
    if (!polygon)
      throw new RangeError(`no land polygon holds ${lon}, ${lat}: the coast file is not Xiamen's`);
    return polygon;
  });
  const mask = landRaster(served, plane, box, 40);
  const coast = blurred(coastDistance(mask), 1);
  const isLand = (x: number, y: number) => sample(coast, x, y) > SHORE_STRIP;
  const placed = centres.map((centre) => {
    const [x, y] = plane.toPlane(centre.lon, centre.lat);
    return { ...centre, x, y };
  });
  const height = fillRaster(box, 120, elevationFunction(plane, coast, seed));
  const elevation = (x: number, y: number) => sample(height, x, y);
  const people = fillRaster(box, 120, (x, y) => densityAt(x, y, placed, elevation(x, y), seed));
  return {
    plane,
    box,
    isLand,
    coast,
    elevation,
    density: (x, y) => (isLand(x, y) ? sample(people, x, y) : 0),
    centres: placed,
  };
}

/** Smooth value noise in [−1, 1] with the given wavelength, m. */
export function noise(x: number, y: number, wavelength: number, seed: number): number {
  const u = x / wavelength;
  const v = y / wavelength;
  const i = Math.floor(u);
  const j = Math.floor(v);
  const fx = smooth(u - i);
  const fy = smooth(v - j);
  const south = lattice(i, j, seed) * (1 - fx) + lattice(i + 1, j, seed) * fx;
  const north = lattice(i, j + 1, seed) * (1 - fx) + lattice(i + 1, j + 1, seed) * fx;
  return south * (1 - fy) + north * fy;
}

function elevationFunction(plane: Plane, coast: Raster, seed: number) {
  const bumps = hills.map((hill) => {
    const [x, y] = plane.toPlane(hill.lon, hill.lat);
    return { x, y, height: hill.height, radius: hill.radius };
  });
  return (x: number, y: number): number => {
    const shore = sample(coast, x, y);
    if (shore < -400) return 2;
    const inland = Math.max(0, shore);
    const plain = 2.5 + 13 * (1 - Math.exp(-inland / 1800)) + 0.0009 * inland;
    const roll =
      (9 * noise(x, y, 2600, seed + 1) + 4 * noise(x, y, 1100, seed + 2)) * (1 - Math.exp(-inland / 900));
    let hill = 0;
    for (const bump of bumps) {
      const r2 = ((x - bump.x) ** 2 + (y - bump.y) ** 2) / bump.radius ** 2;
      if (r2 < 8) hill += bump.height * Math.exp(-r2);
    }
    return Math.max(2, plain + roll + hill * (1 + 0.2 * noise(x, y, 900, seed + 3)));
  };
}

function densityAt(
  x: number,
  y: number,
  placed: readonly (Centre & { x: number; y: number })[],
  elevation: number,
  seed: number,
): number {
  let sum = 0;
  for (const centre of placed) {
    const r2 = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / (1.35 * centre.radius) ** 2;
    if (r2 < 6) sum += centre.weight ** 2 * Math.exp(-2 * r2);
  }
  const slopeLoss = 1 - smooth(Math.min(1, Math.max(0, (elevation - 30) / 17)));
  const texture = 1 + 0.35 * noise(x, y, 1500, seed + 4) + 0.2 * noise(x, y, 600, seed + 5);
  return Math.sqrt(sum) * slopeLoss * texture;
}

function lattice(i: number, j: number, seed: number): number {
  let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}

function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
