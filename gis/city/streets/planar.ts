import type { Point } from '#gis/geo/plane.ts';
import type { Box } from '#gis/geo/raster.ts';
import type { StreetLevel, StreetLine } from './trace.ts';

/** Streets cut at their crossings: pieces between vertices, vertices at crossings and along bends. */
export interface PlanarLines {
  x: number[];
  y: number[];
  /** ends and level of each piece, in three columns */
  a: number[];
  b: number[];
  level: StreetLevel[];
}

const CELL = 40;

/** Cuts the lines where they cross each other or themselves. A line that ends on another's point meets it there. */
export function planarize(lines: readonly StreetLine[], box: Box): PlanarLines {
  const x: number[] = [];
  const y: number[] = [];
  const addVertex = (px: number, py: number) => {
    y.push(py);
    return x.push(px) - 1;
  };
  const cuts = findCuts(segmentsOf(lines, box), addVertex);
  const shared = new Map<number, number>();
  for (const { points } of lines) {
    for (const end of [points[0]!, points[points.length - 1]!]) shared.set(placeKey(end), -1);
  }
  const vertexAt = (point: Point): number => {
    const key = placeKey(point);
    const known = shared.get(key);
    if (known !== undefined && known >= 0) return known;
    const id = addVertex(point[0], point[1]);
    if (known !== undefined) shared.set(key, id);
    return id;
  };
  const planar: PlanarLines = { x, y, a: [], b: [], level: [] };
  let s = 0;
  for (const { level, points } of lines) {
    let at = vertexAt(points[0]!);
    const goTo = (vertex: number) => {
      if (at === vertex) return;
      planar.a.push(at);
      planar.b.push(vertex);
      planar.level.push(level);
      at = vertex;
    };
    for (let i = 1; i < points.length; i++, s++) {
      const own = cuts.get(s);
      if (own) for (const cut of own.sort((p, q) => p.t - q.t)) goTo(cut.vertex);
      goTo(vertexAt(points[i]!));
    }
  }
  return planar;
}

/** Both coordinates to a tenth of a metre in one number: a city is far smaller than 2^22 tenths either way. */
function placeKey([x, y]: Point): number {
  return Math.round(x * 10) * 2 ** 24 + Math.round(y * 10);
}

interface Segments {
  count: number;
  /** both ends, m from the box's south-west corner */
  ax: Float64Array;
  ay: Float64Array;
  bx: Float64Array;
  by: Float64Array;
  line: Int32Array;
  box: Box;
}

type Cuts = Map<number, { t: number; vertex: number }[]>;

function segmentsOf(lines: readonly StreetLine[], box: Box): Segments {
  const count = lines.reduce((sum, { points }) => sum + points.length - 1, 0);
  const [ax, ay, bx, by] = [0, 1, 2, 3].map(() => new Float64Array(count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const line = new Int32Array(count);
  let s = 0;
  lines.forEach(({ points }, k) => {
    for (let i = 1; i < points.length; i++, s++) {
      ax[s] = points[i - 1]![0] - box.x0;
      ay[s] = points[i - 1]![1] - box.y0;
      bx[s] = points[i]![0] - box.x0;
      by[s] = points[i]![1] - box.y0;
      line[s] = k;
    }
  });
  return { count, ax, ay, bx, by, line, box };
}

function findCuts(segments: Segments, addVertex: (x: number, y: number) => number): Cuts {
  const { count, ax, ay, bx, by, line, box } = segments;
  const cols = Math.ceil((box.x1 - box.x0) / CELL) + 1;
  const rows = Math.ceil((box.y1 - box.y0) / CELL) + 1;
  // Chains of entries per cell: an entry is one segment in one cell of its bounding box.
  const head = new Int32Array(cols * rows).fill(-1);
  const next: number[] = [];
  const owner: number[] = [];
  const cuts: Cuts = new Map();
  const note = (s: number, t: number, vertex: number) => {
    const list = cuts.get(s);
    if (list) list.push({ t, vertex });
    else cuts.set(s, [{ t, vertex }]);
  };
  const cut = (p: number, q: number, cell: number) => {
    const rx = bx[p]! - ax[p]!;
    const ry = by[p]! - ay[p]!;
    const sx = bx[q]! - ax[q]!;
    const sy = by[q]! - ay[q]!;
    const cross = rx * sy - ry * sx;
    if (Math.abs(cross) < 1e-9) return;
    const dx = ax[q]! - ax[p]!;
    const dy = ay[q]! - ay[p]!;
    const t = (dx * sy - dy * sx) / cross;
    const u = (dx * ry - dy * rx) / cross;
    if (t < 0 || t > 1 || u < 0 || u > 1) return;
    const x = ax[p]! + t * rx;
    const y = ay[p]! + t * ry;
    // A pair may share several cells; the crossing counts in the cell it lies in.
    if (Math.floor(y / CELL) * cols + Math.floor(x / CELL) !== cell) return;
    const vertex = addVertex(x + box.x0, y + box.y0);
    note(p, t, vertex);
    note(q, u, vertex);
  };
  for (let s = 0; s < count; s++) {
    const col1 = Math.floor(Math.max(ax[s]!, bx[s]!) / CELL);
    const row1 = Math.floor(Math.max(ay[s]!, by[s]!) / CELL);
    for (let row = Math.floor(Math.min(ay[s]!, by[s]!) / CELL); row <= row1; row++) {
      for (let col = Math.floor(Math.min(ax[s]!, bx[s]!) / CELL); col <= col1; col++) {
        const cell = row * cols + col;
        for (let e = head[cell]!; e >= 0; e = next[e]!) {
          const other = owner[e]!;
          if (line[other] !== line[s] || s - other > 1) cut(other, s, cell);
        }
        owner.push(s);
        next.push(head[cell]!);
        head[cell] = owner.length - 1;
      }
    }
  }
  return cuts;
}
