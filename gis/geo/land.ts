import type { Plane } from './plane.ts';
import { type Box, emptyRaster, type Raster } from './raster.ts';

/** Rings of WGS 84 degrees; the first is the outer one, the others are holes. Rings are closed. */
export type Polygon = readonly (readonly (readonly [lon: number, lat: number])[])[];

/** Farther than any place on Earth, m. */
const FAR = 1e9;

/** Whether the point lies in the polygon (even-odd rule over all rings). */
export function contains(polygon: Polygon, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of polygon) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[i + 1]!;
      if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** k + 1 where the centre of a cell lies in the k-th polygon (the last one wins), 0 on water. */
export function landRaster(polygons: readonly Polygon[], plane: Plane, box: Box, cell: number): Raster {
  const raster = emptyRaster(box, cell);
  polygons.forEach((polygon, k) => {
    const rings = polygon.map((ring) => ring.map(([lon, lat]) => plane.toPlane(lon, lat)));
    for (let row = 0; row < raster.rows; row++) {
      const crossings = crossingsOf(rings, raster.y0 + (row + 0.5) * cell);
      for (let c = 0; c + 1 < crossings.length; c += 2) {
        const first = Math.max(0, Math.ceil((crossings[c]! - raster.x0) / cell - 0.5));
        const last = Math.min(raster.cols - 1, Math.floor((crossings[c + 1]! - raster.x0) / cell - 0.5));
        if (last >= first) raster.data.fill(k + 1, row * raster.cols + first, row * raster.cols + last + 1);
      }
    }
  });
  return raster;
}

/**
 * Distance to the nearest cell of the other kind, m: positive on land, negative on water.
 * Two-pass chamfer of weights 1 and √2; error below 8 %.
 */
export function coastDistance(land: Raster): Raster {
  const toWater = chamfer(land, false);
  const toLand = chamfer(land, true);
  const data = new Float32Array(land.data.length);
  for (let k = 0; k < data.length; k++) data[k] = land.data[k]! > 0 ? toWater[k]! : -toLand[k]!;
  return { ...land, data };
}

function crossingsOf(rings: readonly (readonly (readonly [number, number])[])[], y: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[i + 1]!;
      if (ay > y !== by > y) found.push(((bx - ax) * (y - ay)) / (by - ay) + ax);
    }
  }
  return found.sort((a, b) => a - b);
}

function chamfer({ cols, rows, cell, data }: Raster, toLand: boolean): Float32Array {
  const distance = new Float32Array(data.length);
  for (let k = 0; k < data.length; k++) distance[k] = data[k]! > 0 === toLand ? 0 : FAR;
  const diagonal = cell * Math.SQRT2;
  // Forward with the neighbours to the west and south, then backward with those to the east and north.
  for (const back of [0, 1]) {
    for (let i = 0; i < rows; i++) {
      const row = back ? rows - 1 - i : i;
      const beside = back ? row + 1 : row - 1;
      const hasBeside = beside >= 0 && beside < rows;
      for (let j = 0; j < cols; j++) {
        const col = back ? cols - 1 - j : j;
        let least = distance[row * cols + col]!;
        const before = back ? col + 1 : col - 1;
        if (before >= 0 && before < cols) least = Math.min(least, distance[row * cols + before]! + cell);
        if (hasBeside) {
          const at = beside * cols + col;
          least = Math.min(least, distance[at]! + cell);
          if (col > 0) least = Math.min(least, distance[at - 1]! + diagonal);
          if (col < cols - 1) least = Math.min(least, distance[at + 1]! + diagonal);
        }
        distance[row * cols + col] = least;
      }
    }
  }
  return distance;
}
