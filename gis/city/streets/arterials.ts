import type { Point } from '#gis/geo/plane.ts';
import { sample } from '#gis/geo/raster.ts';
import type { Ground } from '../ground.ts';
import { MinHeap } from '../heap.ts';
import { corridors, worksFacts } from '../place.data.ts';

const CELL = 160;
const NEIGHBOURS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
  [1, 1],
  [-1, 1],
  [-1, -1],
  [1, -1],
  [2, 1],
  [1, 2],
  [-1, 2],
  [-2, 1],
  [-2, -1],
  [-1, -2],
  [1, -2],
  [2, -1],
] as const;

/**
 * Arterial roads between centres and works: cheapest ways over land that avoid high ground and share what is
 * built, smoothed. Lines of points about `step` metres apart.
 */
export function layArterials(ground: Ground, step: number): Point[][] {
  const places = new Map<string, Point>(ground.centres.map((c) => [c.name, [c.x, c.y]]));
  for (const works of worksFacts) places.set(works.id, ground.plane.toPlane(works.lon, works.lat));
  const grid = costGrid(ground);
  const built = new Uint8Array(grid.cost.length);
  const lines: Point[][] = [];
  for (const chain of corridors) {
    for (let k = 0; k + 1 < chain.length; k++) {
      const from = places.get(chain[k]!);
      const to = places.get(chain[k + 1]!);
      if (!from || !to) throw new RangeError(`corridor ${chain.join('–')} names a place that is not there`);
      const path = cheapestPath(grid, built, nearestLand(grid, from), nearestLand(grid, to));
      if (!path) throw new RangeError(`no way over land from ${chain[k]} to ${chain[k + 1]}`);
      for (const fresh of freshParts(path, built)) {
        lines.push(resample(smoothed(fresh.map((cell) => centreOf(grid, cell))), step));
      }
      for (const cell of path) built[cell] = 1;
    }
  }
  return lines;
}

/** Points `step` m apart along the line, with its last point. */
export function resample(line: readonly Point[], step: number): Point[] {
  const out: Point[] = [line[0]!];
  let carried = 0;
  for (let i = 0; i + 1 < line.length; i++) {
    const [ax, ay] = line[i]!;
    const [bx, by] = line[i + 1]!;
    const length = Math.hypot(bx - ax, by - ay);
    let at = step - carried;
    for (; at < length; at += step) {
      out.push([ax + ((bx - ax) * at) / length, ay + ((by - ay) * at) / length]);
    }
    carried = length - (at - step);
  }
  out.push(line[line.length - 1]!);
  return out;
}

interface CostGrid {
  cols: number;
  rows: number;
  x0: number;
  y0: number;
  /** per metre; Infinity on water */
  cost: Float32Array;
}

function costGrid({ box, coast, isLand, elevation, density }: Ground): CostGrid {
  const cols = Math.ceil((box.x1 - box.x0) / CELL);
  const rows = Math.ceil((box.y1 - box.y0) / CELL);
  const cost = new Float32Array(cols * rows);
  for (let k = 0; k < cost.length; k++) {
    const x = box.x0 + ((k % cols) + 0.5) * CELL;
    const y = box.y0 + (Math.floor(k / cols) + 0.5) * CELL;
    // A smoothed road may leave its cells a little: it keeps off the shore.
    const shore = sample(coast, x, y) < 150 ? 4 : 0;
    const climb = Math.max(0, elevation(x, y) - 12) / 14;
    cost[k] = isLand(x, y)
      ? 1 + climb * climb + shore + (density(x, y) < 0.1 ? 0.3 : 0)
      : Number.POSITIVE_INFINITY;
  }
  return { cols, rows, x0: box.x0, y0: box.y0, cost };
}

/** The land cell nearest to the point: a rounded position may lie a little off shore. */
function nearestLand({ cols, x0, y0, cost }: CostGrid, [x, y]: Point): number {
  const col = Math.floor((x - x0) / CELL);
  const row = Math.floor((y - y0) / CELL);
  for (let reach = 0; reach < 12; reach++) {
    for (let r = row - reach; r <= row + reach; r++) {
      for (let c = col - reach; c <= col + reach; c++) {
        if (Number.isFinite(cost[r * cols + c])) return r * cols + c;
      }
    }
  }
  throw new RangeError(`no land within ${12 * CELL} m of ${x.toFixed(0)}, ${y.toFixed(0)}`);
}

function centreOf({ cols, x0, y0 }: CostGrid, cell: number): Point {
  return [x0 + ((cell % cols) + 0.5) * CELL, y0 + (Math.floor(cell / cols) + 0.5) * CELL];
}

function cheapestPath(grid: CostGrid, built: Uint8Array, start: number, goal: number): number[] | undefined {
  const { cols, rows, cost } = grid;
  const best = new Float64Array(cost.length).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(cost.length).fill(-1);
  const goalCol = goal % cols;
  const goalRow = Math.floor(goal / cols);
  const heap = new MinHeap();
  best[start] = 0;
  heap.push(start, 0);
  while (heap.size > 0) {
    const { item: cell } = heap.pop();
    if (cell === goal) break;
    const col = cell % cols;
    const row = Math.floor(cell / cols);
    for (const [dc, dr] of NEIGHBOURS) {
      const c = col + dc;
      const r = row + dr;
      if (c < 0 || r < 0 || c >= cols || r >= rows) continue;
      const next = r * cols + c;
      const middle = (row + Math.trunc(dr / 2)) * cols + col + Math.trunc(dc / 2);
      const perMetre = Math.max(cost[next]!, cost[middle]!) * (built[next] ? 0.55 : 1);
      const total = best[cell]! + perMetre * Math.hypot(dc, dr);
      if (total < best[next]!) {
        best[next] = total;
        before[next] = cell;
        heap.push(next, total + 0.55 * Math.hypot(goalCol - c, goalRow - r));
      }
    }
  }
  if (before[goal] === -1) return undefined;
  const path: number[] = [];
  for (let cell = goal; cell !== -1; cell = before[cell]!) path.push(cell);
  return path.reverse();
}

/** Runs of the path that are not built yet, each with the built cell it starts from and ends at. */
function freshParts(path: readonly number[], built: Uint8Array): number[][] {
  const parts: number[][] = [];
  let part: number[] = [];
  path.forEach((cell, k) => {
    const bothBuilt = k > 0 && built[cell] && built[path[k - 1]!];
    if (bothBuilt) {
      if (part.length > 1) parts.push(part);
      part = [];
    }
    part.push(cell);
  });
  if (part.length > 1) parts.push(part);
  return parts;
}

/** Moving average, then Chaikin's corner cutting; the ends stay. */
function smoothed(line: readonly Point[]): Point[] {
  let points = [...line];
  for (let pass = 0; pass < 3; pass++) {
    points = points.map((p, i) => {
      const a = points[i - 1];
      const b = points[i + 1];
      return a && b ? ([(a[0] + 2 * p[0] + b[0]) / 4, (a[1] + 2 * p[1] + b[1]) / 4] as const) : p;
    });
  }
  for (let pass = 0; pass < 2; pass++) {
    const cut: Point[] = [points[0]!];
    for (let i = 0; i + 1 < points.length; i++) {
      const [ax, ay] = points[i]!;
      const [bx, by] = points[i + 1]!;
      cut.push(
        [0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by],
        [0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by],
      );
    }
    cut.push(points[points.length - 1]!);
    points = cut;
  }
  return points;
}
