import type { Point } from '#gis/geo/plane.ts';
import type { PlanarLines } from './planar.ts';
import type { StreetLevel } from './trace.ts';

/** Streets as a graph: nodes at junctions and ends, edges with their course. Metres. */
export interface StreetGraph {
  nodes: Point[];
  edges: StreetEdge[];
}

export interface StreetEdge {
  a: number;
  b: number;
  level: StreetLevel;
  length: number;
  /** bends between the two nodes */
  bends: Point[];
}

/** Junctions nearer than this are one. */
const SHORTEST_STREET = 22;
const SHORTEST_DEAD_END = 35;

/** Joins pieces into streets between junctions, merges junctions that nearly touch, drops stubs. */
export function streetGraph(planar: PlanarLines): StreetGraph {
  const chains = chainsOf(planar);
  const group = merged(planar, chains);
  const nodes: Point[] = [];
  const number = new Map<number, number>();
  for (const { vertices } of chains) {
    for (const end of [vertices[0]!, vertices[vertices.length - 1]!]) {
      const vertex = group(end);
      if (!number.has(vertex)) number.set(vertex, nodes.push([planar.x[vertex]!, planar.y[vertex]!]) - 1);
    }
  }
  const edges: StreetEdge[] = [];
  const lengths = new Map<string, number>();
  for (const { vertices, level } of chains) {
    const a = number.get(group(vertices[0]!))!;
    const b = number.get(group(vertices[vertices.length - 1]!))!;
    if (a === b) continue;
    const bends = vertices.slice(1, -1).map((v): Point => [planar.x[v]!, planar.y[v]!]);
    const length = courseLength([nodes[a]!, ...bends, nodes[b]!]);
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const twin = lengths.get(key);
    if (twin !== undefined && Math.abs(twin - length) < 0.4 * length) continue;
    lengths.set(key, length);
    edges.push({ a, b, level, length, bends: thinned(nodes[a]!, bends, nodes[b]!) });
  }
  return withoutStubs({ nodes, edges });
}

/** Length of a course of points, m. */
export function courseLength(points: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < points.length; i++) {
    sum += Math.hypot(points[i]![0] - points[i - 1]![0], points[i]![1] - points[i - 1]![1]);
  }
  return sum;
}

/** Only the nodes and edges that `keep` accepts by node number, renumbered. */
export function subgraph({ nodes, edges }: StreetGraph, keep: (node: number) => boolean): StreetGraph {
  const number = new Int32Array(nodes.length).fill(-1);
  const kept: Point[] = [];
  nodes.forEach((point, k) => {
    if (keep(k)) number[k] = kept.push(point) - 1;
  });
  const inside = edges.filter(({ a, b }) => number[a]! >= 0 && number[b]! >= 0);
  return { nodes: kept, edges: inside.map((e) => ({ ...e, a: number[e.a]!, b: number[e.b]! })) };
}

interface Chain {
  vertices: number[];
  level: StreetLevel;
}

function chainsOf({ x, a, b, level }: PlanarLines): Chain[] {
  // Pieces at vertex v: piece[first[v]] … piece[first[v + 1] − 1].
  const first = new Int32Array(x.length + 1);
  for (const ends of [a, b]) for (const v of ends) first[v + 1] = first[v + 1]! + 1;
  for (let v = 0; v < x.length; v++) first[v + 1] = first[v + 1]! + first[v]!;
  const fill = first.slice();
  const piece = new Int32Array(2 * a.length);
  for (let k = 0; k < a.length; k++) {
    for (const v of [a[k]!, b[k]!]) {
      piece[fill[v]!] = k;
      fill[v] = fill[v]! + 1;
    }
  }
  const isJunction = (v: number) => first[v + 1]! - first[v]! !== 2;
  const used = new Uint8Array(a.length);
  const chains: Chain[] = [];
  for (let start = 0; start < x.length; start++) {
    if (!isJunction(start)) continue;
    for (let p = first[start]!; p < first[start + 1]!; p++) {
      let k = piece[p]!;
      if (used[k]) continue;
      const chain: Chain = { vertices: [start], level: level[k]! };
      let at = start;
      for (;;) {
        used[k] = 1;
        if (level[k]! < chain.level) chain.level = level[k]!;
        at = a[k] === at ? b[k]! : a[k]!;
        chain.vertices.push(at);
        if (isJunction(at)) break;
        k = piece[first[at]!] === k ? piece[first[at]! + 1]! : piece[first[at]!]!;
      }
      chains.push(chain);
    }
  }
  return chains;
}

function merged({ x, y }: PlanarLines, chains: readonly Chain[]): (v: number) => number {
  const parent = Int32Array.from(x, (_, k) => k);
  const find = (v: number): number => {
    let root = v;
    while (parent[root]! !== root) root = parent[root]!;
    parent[v] = root;
    return root;
  };
  for (const { vertices } of chains) {
    if (courseLength(vertices.map((v): Point => [x[v]!, y[v]!])) < SHORTEST_STREET) {
      parent[find(vertices[0]!)] = find(vertices[vertices.length - 1]!);
    }
  }
  return find;
}

function withoutStubs({ nodes, edges }: StreetGraph): StreetGraph {
  const degree = new Int32Array(nodes.length);
  for (const { a, b } of edges) {
    degree[a]!++;
    degree[b]!++;
  }
  const isStub = ({ a, b, length }: StreetEdge) =>
    length < SHORTEST_DEAD_END && (degree[a] === 1 || degree[b] === 1);
  const kept = edges.filter((edge) => !isStub(edge));
  const alive = new Set(kept.flatMap(({ a, b }) => [a, b]));
  return subgraph({ nodes, edges: kept }, (k) => alive.has(k));
}

/** Leaves out bends that lie within 3 m of the line through their neighbours. */
function thinned(from: Point, bends: readonly Point[], to: Point): Point[] {
  const kept: Point[] = [];
  let anchor = from;
  bends.forEach((bend, i) => {
    const next = bends[i + 1] ?? to;
    const length = Math.hypot(next[0] - anchor[0], next[1] - anchor[1]) || 1;
    const off =
      Math.abs(
        (next[0] - anchor[0]) * (bend[1] - anchor[1]) - (next[1] - anchor[1]) * (bend[0] - anchor[0]),
      ) / length;
    if (off > 3) {
      kept.push(bend);
      anchor = bend;
    }
  });
  return kept;
}
