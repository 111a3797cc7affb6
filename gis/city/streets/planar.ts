import type { Point } from '#gis/geo/plane.ts';
import type { Box } from '#gis/geo/raster.ts';
import type { StreetLevel, StreetLine } from './trace.ts';

/** Streets cut at their crossings: pieces between vertices, vertices at crossings and along bends. */
export interface PlanarLines {
  x: number[];
  y: number[];
  pieces: { a: number; b: number; level: StreetLevel }[];
}

const CELL = 60;

/** Cuts the lines where they cross each other or themselves. Points that coincide become one vertex. */
export function planarize(lines: readonly StreetLine[], box: Box): PlanarLines {
  const x: number[] = [];
  const y: number[] = [];
  const byPlace = new Map<number, number>();
  const vertex = (px: number, py: number): number => {
    // Tenths of a metre, both coordinates in one number (the box is far smaller than 2^20 m).
    const key = Math.round((px - box.x0) * 10) * 2 ** 24 + Math.round((py - box.y0) * 10);
    let id = byPlace.get(key);
    if (id === undefined) {
      id = x.length;
      byPlace.set(key, id);
      x.push(px);
      y.push(py);
    }
    return id;
  };
  const segments = lines.flatMap((line, k) =>
    line.points.slice(1).map((to, i) => ({ from: line.points[i]!, to, line: k, at: i })),
  );
  const cuts = findCuts(segments, box);
  const pieces: PlanarLines['pieces'] = [];
  const seen = new Set<number>();
  segments.forEach((segment, s) => {
    const { level } = lines[segment.line]!;
    let a = vertex(...segment.from);
    const inner = (cuts.get(s) ?? []).sort((p, q) => p.t - q.t);
    for (const point of [...inner.map((cut) => cut.point), segment.to]) {
      const b = vertex(...point);
      const key = Math.min(a, b) * 2 ** 26 + Math.max(a, b);
      if (a !== b && !seen.has(key)) {
        seen.add(key);
        pieces.push({ a, b, level });
      }
      a = b;
    }
  });
  return { x, y, pieces };
}

interface Segment {
  from: Point;
  to: Point;
  line: number;
  at: number;
}

type Cuts = Map<number, { t: number; point: Point }[]>;

function findCuts(segments: readonly Segment[], box: Box): Cuts {
  const cols = Math.ceil((box.x1 - box.x0) / CELL) + 1;
  const cells = new Map<number, number[]>();
  const cellOf = (px: number, py: number) =>
    Math.floor((py - box.y0) / CELL) * cols + Math.floor((px - box.x0) / CELL);
  segments.forEach(({ from, to }, s) => {
    const low = cellOf(Math.min(from[0], to[0]), Math.min(from[1], to[1]));
    const high = cellOf(Math.max(from[0], to[0]), Math.max(from[1], to[1]));
    const width = (high % cols) - (low % cols);
    for (let row = low; row <= high - width; row += cols) {
      for (let cell = row; cell <= row + width; cell++) {
        const list = cells.get(cell);
        if (list) list.push(s);
        else cells.set(cell, [s]);
      }
    }
  });
  const cuts: Cuts = new Map();
  const note = (s: number, t: number, point: Point) => {
    const list = cuts.get(s);
    if (list) list.push({ t, point });
    else cuts.set(s, [{ t, point }]);
  };
  for (const [cell, list] of cells) {
    for (let i = 0; i < list.length; i++) {
      for (let j = i + 1; j < list.length; j++) {
        const p = segments[list[i]!]!;
        const q = segments[list[j]!]!;
        if (p.line === q.line && Math.abs(p.at - q.at) < 2) continue;
        const hit = crossing(p, q);
        // A pair may share several cells; the crossing counts in the cell it lies in.
        if (hit && cellOf(hit.point[0], hit.point[1]) === cell) {
          note(list[i]!, hit.t, hit.point);
          note(list[j]!, hit.u, hit.point);
        }
      }
    }
  }
  return cuts;
}

function crossing(p: Segment, q: Segment): { t: number; u: number; point: Point } | undefined {
  const rx = p.to[0] - p.from[0];
  const ry = p.to[1] - p.from[1];
  const sx = q.to[0] - q.from[0];
  const sy = q.to[1] - q.from[1];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return undefined;
  const dx = q.from[0] - p.from[0];
  const dy = q.from[1] - p.from[1];
  const t = (dx * sy - dy * sx) / cross;
  const u = (dx * ry - dy * rx) / cross;
  if (t < 0 || t > 1 || u < 0 || u > 1) return undefined;
  return { t, u, point: [p.from[0] + t * rx, p.from[1] + t * ry] };
}
