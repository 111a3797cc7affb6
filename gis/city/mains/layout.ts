import type { Point } from '#gis/geo/plane.ts';
import type { Ground } from '../ground.ts';
import { crossings, worksFacts } from '../place.data.ts';
import type { StreetEdge, StreetGraph } from '../streets/graph.ts';

/** 0 arterial, 1 collector, 2 street, 3 branch into a block. */
export type MainLevel = 0 | 1 | 2 | 3;

export interface LayoutNode {
  x: number;
  y: number;
  /** m above sea level */
  elevation: number;
  /** works that feeds in here */
  works?: string;
}

export interface LayoutEdge {
  a: number;
  b: number;
  level: MainLevel;
  /** m */
  length: number;
  bends: Point[];
  /** id of the water crossing it is */
  crossing?: string;
}

/** Where mains lie, before anything is known of flow: the street graph, works, water crossings, branches. */
export interface Layout {
  nodes: LayoutNode[];
  edges: LayoutEdge[];
}

/** Outlets of a works: one per this much capacity, m³/d, so that no single main must carry it all. */
const CAPACITY_PER_OUTLET = 220_000;

/** Puts the street graph, the works and the crossings together. */
export function layMains(streets: StreetGraph, ground: Ground): Layout {
  const nodes: LayoutNode[] = streets.nodes.map(([x, y]) => ({ x, y, elevation: ground.elevation(x, y) }));
  const edges: LayoutEdge[] = streets.edges.map((edge) => ({ ...edge }));
  const onMain = mainRoadNodes(streets.edges, nodes.length);
  for (const { id, from, to } of crossings) {
    const [a] = nearest(nodes, onMain, ground.plane.toPlane(...from), 1);
    const [b] = nearest(nodes, onMain, ground.plane.toPlane(...to), 1);
    edges.push({ a: a!, b: b!, level: 0, length: distance(nodes[a!]!, nodes[b!]!), bends: [], crossing: id });
  }
  for (const works of worksFacts) {
    const [x, y] = ground.plane.toPlane(works.lon, works.lat);
    const at = nodes.push({ x, y, elevation: ground.elevation(x, y), works: works.id }) - 1;
    const outlets = Math.max(1, Math.ceil(works.capacity / CAPACITY_PER_OUTLET));
    for (const to of spread(nodes, nearest(nodes, onMain, [x, y], 60), at, outlets)) {
      edges.push({
        a: at,
        b: to,
        level: 0,
        length: Math.max(20, distance(nodes[at]!, nodes[to]!)),
        bends: [],
      });
    }
  }
  return connected({ nodes, edges });
}

function distance(a: LayoutNode, b: LayoutNode): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Nodes on arterials; where a land mass has none, on collectors. */
function mainRoadNodes(edges: readonly StreetEdge[], count: number): Uint8Array {
  const level = new Uint8Array(count).fill(9);
  for (const { a, b, level: own } of edges) {
    level[a] = Math.min(level[a]!, own);
    level[b] = Math.min(level[b]!, own);
  }
  return level.map((own) => (own <= 1 ? 1 : 0));
}

function nearest(nodes: readonly LayoutNode[], among: Uint8Array, [x, y]: Point, count: number): number[] {
  const candidates: { node: number; far: number }[] = [];
  for (let node = 0; node < among.length; node++) {
    if (among[node]) candidates.push({ node, far: (nodes[node]!.x - x) ** 2 + (nodes[node]!.y - y) ** 2 });
  }
  return candidates
    .sort((p, q) => p.far - q.far)
    .slice(0, count)
    .map(({ node }) => node);
}

/** The nearest candidate and those that lie in the most different directions from `at`. */
function spread(nodes: readonly LayoutNode[], candidates: number[], at: number, count: number): number[] {
  const bearing = (k: number) => Math.atan2(nodes[k]!.y - nodes[at]!.y, nodes[k]!.x - nodes[at]!.x);
  const chosen = [candidates[0]!];
  while (chosen.length < Math.min(count, candidates.length)) {
    const apart = (k: number) =>
      Math.min(...chosen.map((c) => Math.abs(Math.sin((bearing(k) - bearing(c)) / 2))));
    const rest = candidates.filter((k) => !chosen.includes(k));
    chosen.push(rest.reduce((best, k) => (apart(k) > apart(best) + 0.05 ? k : best)));
  }
  return chosen;
}

/** The part of the layout that hangs together and holds most nodes. */
function connected({ nodes, edges }: Layout): Layout {
  const parent = Int32Array.from(nodes, (_, k) => k);
  const find = (k: number): number => {
    let root = k;
    while (parent[root]! !== root) root = parent[root]!;
    parent[k] = root;
    return root;
  };
  for (const { a, b } of edges) parent[find(a)] = find(b);
  const size = new Map<number, number>();
  for (let k = 0; k < nodes.length; k++) size.set(find(k), (size.get(find(k)) ?? 0) + 1);
  const largest = [...size].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  const number = new Int32Array(nodes.length).fill(-1);
  const kept: LayoutNode[] = [];
  nodes.forEach((node, k) => {
    if (find(k) === largest) number[k] = kept.push(node) - 1;
  });
  return {
    nodes: kept,
    edges: edges
      .filter(({ a }) => number[a]! >= 0)
      .map((edge) => ({ ...edge, a: number[edge.a]!, b: number[edge.b]! })),
  };
}
