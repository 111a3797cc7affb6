import type { Point } from '#gis/geo/plane.ts';
import type { Ground } from '../ground.ts';
import type { Random } from '../random.ts';
import type { CrossField } from './field.ts';
import { PointIndex } from './pointIndex.ts';

/** 0 = arterial, 1 = collector, 2 = street. */
export type StreetLevel = 0 | 1 | 2;

export interface StreetLine {
  level: StreetLevel;
  points: Point[];
}

/** Distance between points of a line, m. */
export const STEP = 25;
/** A new line starts no nearer to a parallel one than this share of the spacing, and ends at the lower share. */
const START_SHARE = 0.9;
const END_SHARE = 0.58;
const PARALLEL = Math.cos((38 * Math.PI) / 180);

/** Spacing between parallel streets of a level at a place, m; 0 where the level has no streets. */
export type Spacing = (level: StreetLevel, x: number, y: number) => number;

/**
 * Fills the built-up ground with streets: evenly spaced lines that follow the cross field, arterials first,
 * each level between the lines of those above it (after Jobard & Lefer, Creating evenly-spaced streamlines of
 * arbitrary density, 1997).
 */
export function traceStreets(
  ground: Ground,
  field: CrossField,
  spacing: Spacing,
  arterials: readonly Point[][],
  random: Random,
): StreetLine[] {
  const lines: StreetLine[] = arterials.map((points) => ({ level: 0, points }));
  for (const level of [0, 1, 2] as const) {
    const index = new PointIndex(ground.box, level === 0 ? 500 : level === 1 ? 220 : 80);
    lines.forEach((line, k) => {
      index.addLine(line.points, k);
    });
    const grower = { ground, field, index, spacing: (x: number, y: number) => spacing(level, x, y) };
    const queue: Point[] = [];
    const accept = (points: Point[]) => {
      index.addLine(points, lines.length);
      lines.push({ level, points });
      queue.push(...besides(points, grower.spacing));
    };
    for (const line of lines) queue.push(...besides(line.points, grower.spacing));
    const scattered = scatter(ground, grower.spacing, level, random);
    let next = 0;
    let spare = 0;
    while (next < queue.length || spare < scattered.length) {
      const seed = next < queue.length ? queue[next++]! : scattered[spare++]!;
      for (const turn of [0, Math.PI / 2]) {
        const points = growLine(grower, seed, turn);
        if (points) accept(points);
      }
    }
  }
  return lines;
}

interface Grower {
  ground: Ground;
  field: CrossField;
  index: PointIndex;
  spacing(x: number, y: number): number;
}

function growLine(grower: Grower, seed: Point, turn: number): Point[] | undefined {
  const [x, y] = seed;
  const gap = grower.spacing(x, y);
  if (gap === 0) return undefined;
  const angle = grower.field(x, y) + turn;
  const ux = Math.cos(angle);
  const uy = Math.sin(angle);
  if (grower.index.parallelWithin(x, y, ux, uy, START_SHARE * gap, PARALLEL)) return undefined;
  const ahead = walk(grower, x, y, ux, uy);
  const behind = walk(grower, x, y, -ux, -uy);
  const points = [...behind.reverse(), seed, ...ahead];
  return (points.length - 1) * STEP >= 0.8 * gap ? points : undefined;
}

function walk({ ground, field, index, spacing }: Grower, x0: number, y0: number, ux0: number, uy0: number) {
  const points: Point[] = [];
  let [x, y, ux, uy] = [x0, y0, ux0, uy0];
  for (let k = 0; k < 1200; k++) {
    [ux, uy] = alignedDirection(field(x + 0.5 * STEP * ux, y + 0.5 * STEP * uy), ux, uy);
    x += STEP * ux;
    y += STEP * uy;
    const gap = spacing(x, y);
    if (gap === 0 || !ground.isLand(x + 30 * ux, y + 30 * uy)) break;
    if (index.parallelWithin(x, y, ux, uy, END_SHARE * gap, PARALLEL)) break;
    // A line must not spiral into itself.
    if (k > 40 && Math.hypot(x - x0, y - y0) < END_SHARE * gap) break;
    points.push([x, y]);
  }
  return points;
}

/** The arm of the cross that turns least from the way we came. */
function alignedDirection(angle: number, ux: number, uy: number): [number, number] {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const along = c * ux + s * uy;
  const across = c * uy - s * ux;
  if (Math.abs(along) >= Math.abs(across)) return along >= 0 ? [c, s] : [-c, -s];
  return across >= 0 ? [-s, c] : [s, -c];
}

function besides(points: readonly Point[], spacing: (x: number, y: number) => number): Point[] {
  const seeds: Point[] = [];
  for (let i = 1; i < points.length; ) {
    const [x, y] = points[i]!;
    const gap = spacing(x, y);
    const [px, py] = points[i - 1]!;
    const length = Math.hypot(x - px, y - py);
    if (gap > 0 && length > 0) {
      const nx = -(y - py) / length;
      const ny = (x - px) / length;
      seeds.push([x + gap * nx, y + gap * ny], [x - gap * nx, y - gap * ny]);
    }
    i += Math.max(1, Math.round((gap || 500) / STEP));
  }
  return seeds;
}

function scatter(
  ground: Ground,
  spacing: (x: number, y: number) => number,
  level: StreetLevel,
  random: Random,
): Point[] {
  const pitch = level === 0 ? 900 : level === 1 ? 400 : 150;
  const seeds: Point[] = [];
  for (let y = ground.box.y0; y < ground.box.y1; y += pitch) {
    for (let x = ground.box.x0; x < ground.box.x1; x += pitch) {
      const sx = x + random.between(0, pitch);
      const sy = y + random.between(0, pitch);
      if (spacing(sx, sy) > 0 && ground.isLand(sx, sy)) seeds.push([sx, sy]);
    }
  }
  return random.shuffle(seeds);
}
