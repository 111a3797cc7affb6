import type { Plane } from './plane.ts';
import { type Box, emptyRaster, type Raster } from './raster.ts';

/** Rings of WGS 84 degrees; the first is the outer one, the others are holes. Rings are closed. */
export type Polygon = readonly (readonly (readonly [lon: number, lat: number])[])[];

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
  const toWater = chamfer(land, (value) => value === 0);
  const toLand = chamfer(land, (value) => value > 0);
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

function chamfer({ cols, rows, cell, data }: Raster, isTarget: (value: number) => boolean): Float32Array {
  const distance = new Float32Array(data.length);
  for (let k = 0; k < data.length; k++) distance[k] = isTarget(data[k]!) ? 0 : 1e9;
  const straight = cell;
  const diagonal = cell * Math.SQRT2;
  const relax = (at: number, col: number, row: number, dCol: number, dRow: number, cost: number) => {
    const c = col + dCol;
    const r = row + dRow;
    if (c < 0 || r < 0 || c >= cols || r >= rows) return;
    const through = distance[r * cols + c]! + cost;
    if (through < distance[at]!) distance[at] = through;
  };
  for (let row = 0; row < rows; row++) {
    for (let col = 0; col < cols; col++) {
      const at = row * cols + col;
      relax(at, col, row, -1, 0, straight);
      relax(at, col, row, 0, -1, straight);
      relax(at, col, row, -1, -1, diagonal);
      relax(at, col, row, 1, -1, diagonal);
    }
  }
  for (let row = rows - 1; row >= 0; row--) {
    for (let col = cols - 1; col >= 0; col--) {
      const at = row * cols + col;
      relax(at, col, row, 1, 0, straight);
      relax(at, col, row, 0, 1, straight);
      relax(at, col, row, 1, 1, diagonal);
      relax(at, col, row, -1, 1, diagonal);
    }
  }
  return distance;
}
