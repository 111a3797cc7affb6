import type { Point } from '#gis/geo/plane.ts';
import { fillRaster, sample } from '#gis/geo/raster.ts';
import { type Ground, noise } from '../ground.ts';

/** Preferred direction of streets at a point, radians, modulo 90°: streets run along it and across it. */
export type CrossField = (x: number, y: number) => number;

const CELL = 120;

/**
 * The cross field of a city's streets: along the shore near water, along contours on slopes, along arterials,
 * by a grid of its own around each centre, and drifting slowly elsewhere. Directions are averaged as
 * (cos 4θ, sin 4θ), so that a street and its cross street are the same thing (after Chen et al.,
 * Interactive procedural street modeling, SIGGRAPH 2008, with four-fold instead of tensor symmetry).
 */
export function buildCrossField(
  ground: Ground,
  arterials: readonly (readonly Point[])[],
  seed: number,
): CrossField {
  const along = stampDirections(ground, arterials);
  const cosine = fillRaster(ground.box, CELL, () => 0);
  const sine = fillRaster(ground.box, CELL, () => 0);
  const coast = (x: number, y: number) => sample(ground.coast, x, y);
  const sum = { c: 0, s: 0 };
  const add = (angle: number, weight: number) => {
    sum.c += weight * Math.cos(4 * angle);
    sum.s += weight * Math.sin(4 * angle);
  };
  for (let row = 0; row < cosine.rows; row++) {
    for (let col = 0; col < cosine.cols; col++) {
      const k = row * cosine.cols + col;
      const x = cosine.x0 + (col + 0.5) * CELL;
      const y = cosine.y0 + (row + 0.5) * CELL;
      const shore = sample(ground.coast, x, y);
      if (shore < -CELL) continue;
      sum.c = along.cosine.data[k]!;
      sum.s = along.sine.data[k]!;
      add(gradientAngle(coast, x, y, 200).angle, 1.5 * Math.exp(-Math.max(0, shore) / 450));
      const slope = gradientAngle(ground.elevation, x, y, 120);
      add(slope.angle, Math.min(1.2, slope.size * 10));
      for (const centre of ground.centres) {
        const r2 = ((x - centre.x) ** 2 + (y - centre.y) ** 2) / centre.radius ** 2;
        if (r2 < 9) add((centre.grid * Math.PI) / 180, Math.exp(-r2));
      }
      add(noise(x, y, 5000, seed + 11) * Math.PI, 0.12);
      cosine.data[k] = sum.c;
      sine.data[k] = sum.s;
    }
  }
  return (x, y) => Math.atan2(sample(sine, x, y), sample(cosine, x, y)) / 4;
}

function gradientAngle(value: (x: number, y: number) => number, x: number, y: number, reach: number) {
  const gx = (value(x + reach, y) - value(x - reach, y)) / (2 * reach);
  const gy = (value(x, y + reach) - value(x, y - reach)) / (2 * reach);
  return { angle: Math.atan2(gy, gx), size: Math.hypot(gx, gy) };
}

/** Directions of arterials, spread over some hundred metres on both sides. */
function stampDirections(ground: Ground, arterials: readonly (readonly Point[])[]) {
  const cosine = fillRaster(ground.box, CELL, () => 0);
  const sine = fillRaster(ground.box, CELL, () => 0);
  const reach = 4;
  for (const line of arterials) {
    for (let i = 2; i < line.length; i += 3) {
      const [x, y] = line[i]!;
      const angle = 4 * Math.atan2(y - line[i - 2]![1], x - line[i - 2]![0]);
      const col = Math.floor((x - cosine.x0) / CELL);
      const row = Math.floor((y - cosine.y0) / CELL);
      for (let r = Math.max(0, row - reach); r <= Math.min(cosine.rows - 1, row + reach); r++) {
        for (let k = Math.max(0, col - reach); k <= Math.min(cosine.cols - 1, col + reach); k++) {
          const weight = 0.7 * Math.exp(-((r - row) ** 2 + (k - col) ** 2) / 5);
          const at = r * cosine.cols + k;
          cosine.data[at] = cosine.data[at]! + weight * Math.cos(angle);
          sine.data[at] = sine.data[at]! + weight * Math.sin(angle);
        }
      }
    }
  }
  return { cosine, sine };
}
