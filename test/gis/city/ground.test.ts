import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildGround } from '#gis/city/ground.ts';
import { MinHeap } from '#gis/city/heap.ts';
import { sizeMain, unitHeadLoss, velocity } from '#gis/city/mains/hydraulics.ts';
import { seededRandom } from '#gis/city/random.ts';
import { contains, type Polygon } from '#gis/geo/land.ts';
import { localPlane } from '#gis/geo/plane.ts';
import { fillRaster, sample } from '#gis/geo/raster.ts';
import { readPolygons } from '#gis/io/geojson.ts';
import { readXiamenLand } from '#gis/io/land.ts';

describe('the ground of the city', () => {
  const ground = buildGround(readXiamenLand(), 1);

  it('is low at the shore, hilly inland, and only built on where it is dry and low', () => {
    const [x, y] = ground.plane.toPlane(118.128, 24.4565);
    expect(ground.elevation(x, y)).toBeGreaterThan(200);
    expect(ground.density(x, y)).toBe(0);
    const [sx, sy] = ground.plane.toPlane(118.058, 24.52);
    expect(ground.isLand(sx, sy)).toBe(false);
    expect(ground.density(sx, sy)).toBe(0);
    const [cx, cy] = ground.plane.toPlane(118.118, 24.482);
    expect(ground.density(cx, cy)).toBeGreaterThan(0.8);
    expect(ground.elevation(cx, cy)).toBeLessThan(60);
  });
});

describe('geometry', () => {
  it('a plane gives back the degrees it was given', () => {
    const plane = localPlane(118.1, 24.6);
    fc.assert(
      fc.property(
        fc.double({ min: 117.6, max: 118.6, noNaN: true }),
        fc.double({ min: 24.2, max: 25, noNaN: true }),
        (lon, lat) => {
          const [backLon, backLat] = plane.toDegrees(...plane.toPlane(lon, lat));
          expect(backLon).toBeCloseTo(lon, 9);
          expect(backLat).toBeCloseTo(lat, 9);
        },
      ),
    );
  });

  it('a raster of a plane surface is that surface between its cells', () => {
    const raster = fillRaster({ x0: 0, y0: 0, x1: 1000, y1: 800 }, 50, (x, y) => 2 * x - 3 * y + 7);
    fc.assert(
      fc.property(
        fc.double({ min: 30, max: 970, noNaN: true }),
        fc.double({ min: 30, max: 770, noNaN: true }),
        (x, y) => {
          expect(sample(raster, x, y)).toBeCloseTo(2 * x - 3 * y + 7, 2);
        },
      ),
    );
  });

  it('a polygon does not contain its holes', () => {
    const square = (r: number) =>
      [
        [-r, -r],
        [r, -r],
        [r, r],
        [-r, r],
        [-r, -r],
      ] as const;
    const ring: Polygon = [square(2), square(1)];
    expect(contains(ring, 1.5, 0)).toBe(true);
    expect(contains(ring, 0, 0)).toBe(false);
    expect(contains(ring, 3, 0)).toBe(false);
  });
});

describe('GeoJSON polygons', () => {
  const collection = (geometry: unknown) =>
    JSON.stringify({ type: 'FeatureCollection', features: [{ geometry }] });
  const ring = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ];

  it('are read from polygons and multipolygons; other geometries are passed over', () => {
    expect(readPolygons(collection({ type: 'Polygon', coordinates: [ring] }))).toEqual([[ring]]);
    expect(readPolygons(collection({ type: 'MultiPolygon', coordinates: [[ring], [ring]] }))).toHaveLength(2);
    expect(readPolygons(collection({ type: 'Point', coordinates: [0, 0] }))).toEqual([]);
  });

  it('are refused with the feature and the cause', () => {
    expect(() => readPolygons('{"type":"Feature"}')).toThrow(/FeatureCollection/);
    expect(() => readPolygons(collection({ type: 'Polygon', coordinates: [[[0, 0]]] }))).toThrow(
      /feature 0.*four/,
    );
    expect(() => readPolygons(collection({ type: 'Polygon', coordinates: [[...ring, [null, 1]]] }))).toThrow(
      /feature 0: \[null,1\]/,
    );
  });
});

describe('sizing of mains', () => {
  it('agrees with the Hazen–Williams tables: DN 300 at 250 m³/h loses about 3.6 m/km', () => {
    expect(1000 * unitHeadLoss(250, 300)).toBeGreaterThan(3.4);
    expect(1000 * unitHeadLoss(250, 300)).toBeLessThan(3.8);
    expect(velocity(250, 300)).toBeCloseTo(0.98, 2);
  });

  it('never lets a main run above 1.3 m/s and never shrinks with the flow', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 60_000, noNaN: true }),
        fc.double({ min: 1, max: 3, noNaN: true }),
        (flow, more) => {
          const { diameter, count } = sizeMain(flow, 100);
          expect(velocity(flow / count, diameter)).toBeLessThanOrEqual(1.3);
          const larger = sizeMain(flow * more, 100);
          expect(larger.count * larger.diameter ** 2).toBeGreaterThanOrEqual(count * diameter ** 2);
        },
      ),
    );
  });
});

describe('seeded random numbers', () => {
  it('repeat for the same seed and stream and differ for another stream', () => {
    const draw = (seed: number, stream: string) => {
      const random = seededRandom(seed, stream);
      return Array.from({ length: 8 }, () => random.next());
    };
    expect(draw(7, 'a')).toEqual(draw(7, 'a'));
    expect(draw(7, 'a')).not.toEqual(draw(7, 'b'));
    expect(draw(7, 'a')).not.toEqual(draw(8, 'a'));
  });

  it('have the mean and spread they promise', () => {
    const random = seededRandom(3, 'moments');
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    const mean = normals.reduce((sum, v) => sum + v, 0) / normals.length;
    const spread = Math.sqrt(normals.reduce((sum, v) => sum + v * v, 0) / normals.length);
    expect(mean).toBeCloseTo(0, 1);
    expect(spread).toBeCloseTo(1, 1);
    const picks = Array.from({ length: 20_000 }, () => random.weighted([1, 3]));
    expect(picks.filter((k) => k === 1).length / picks.length).toBeCloseTo(0.75, 1);
  });
});

it('a heap gives its items by key', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (keys) => {
      const heap = new MinHeap();
      keys.forEach((key, item) => {
        heap.push(item, key);
      });
      const out: number[] = [];
      while (heap.size > 0) out.push(heap.pop().key);
      expect(out).toEqual([...keys].sort((a, b) => a - b));
    }),
  );
});
