import type { Network } from '#gis/network/model.ts';
import { entryOf, type Factor, symbolicFactor } from './factor.ts';
import { minimumDegree } from './ordering.ts';

/** How the nodes and links of a network are numbered for the solve; see Hydraulics. */
export interface Layout {
  nodeOrder: Int32Array;
  linkOrder: Int32Array;
  coreNodes: number;
  treeStart: number;
  plainLinks: number;
  coreLinks: number;
  treeParent: Int32Array;
  factor: Factor;
  /** 2·from, 2·to and the matrix entry of each core link */
  ends: Int32Array;
  from: Int32Array;
  to: Int32Array;
}

/**
 * Peels the dead-end trees of a network, in which continuity alone gives the flows, and numbers what is left
 * by elimination order.
 *
 * @param rooted nodes that must not be peeled, by place in the network
 * @param carriers links that only carry, by place in the network: 1 = pipe, 2 = throttle; trees are made of these
 */
export function layOut(network: Network, rooted: Uint8Array, carriers: Uint8Array): Layout {
  const { nodes, links } = network;
  const places = new Map(nodes.map((node, i) => [node.id, i]));
  const ends = links.map((link) => [places.get(link.from)!, places.get(link.to)!] as const);
  const peeled = peel(nodes.length, ends, rooted, carriers);
  const inTree = new Uint8Array(nodes.length);
  for (const { node } of peeled) inTree[node] = 1;

  const core: number[] = [];
  const fixed: number[] = [];
  nodes.forEach((node, i) => {
    if (node.kind !== 'junction') fixed.push(i);
    else if (!inTree[i]) core.push(i);
  });
  const inTreeLink = new Uint8Array(links.length);
  for (const { link } of peeled) inTreeLink[link] = 1;
  const coreLinks = links.map((_, k) => k).filter((k) => !inTreeLink[k]);

  const elimination = minimumDegree(neighboursOf(core, coreLinks, ends, nodes.length));
  const factor = symbolicFactor(elimination);
  const nodeOrder = new Int32Array(nodes.length);
  let count = 0;
  for (const position of elimination.order) nodeOrder[core[position]!] = count++;
  for (const i of fixed) nodeOrder[i] = count++;
  // Trunk before twig: peeling went the other way.
  for (const { node } of [...peeled].reverse()) nodeOrder[node] = count++;
  const treeStart = core.length + fixed.length;

  const rank = (k: number): number => {
    const [a, b] = ends[k]!;
    const [x, y] = [nodeOrder[a]!, nodeOrder[b]!];
    return Math.min(x, y) * nodes.length + Math.max(x, y);
  };
  const plain = (k: number): number => (carriers[k] === 1 ? 1 : 0);
  const sorted = coreLinks.sort((a, b) => plain(b) - plain(a) || rank(a) - rank(b));
  const plainLinks = sorted.filter((k) => carriers[k] === 1).length;
  const linkOrder = new Int32Array(links.length);
  sorted.forEach((k, i) => {
    linkOrder[k] = i;
  });
  const treeParent = new Int32Array(peeled.length);
  for (const { node, link, parent } of peeled) {
    const twig = nodeOrder[node]! - treeStart;
    treeParent[twig] = nodeOrder[parent]!;
    linkOrder[link] = sorted.length + twig;
  }
  const from = new Int32Array(links.length);
  const to = new Int32Array(links.length);
  ends.forEach(([a, b], k) => {
    from[linkOrder[k]!] = nodeOrder[a]!;
    to[linkOrder[k]!] = nodeOrder[b]!;
  });
  const packed = new Int32Array(3 * sorted.length);
  for (let k = 0; k < sorted.length; k++) {
    const [a, b] = [from[k]!, to[k]!];
    const between = a < core.length && b < core.length;
    packed.set([2 * a, 2 * b, between ? entryOf(factor, a, b) : factor.row.length], 3 * k);
  }
  return {
    nodeOrder,
    linkOrder,
    coreNodes: core.length,
    treeStart,
    plainLinks,
    coreLinks: sorted.length,
    treeParent,
    factor,
    ends: packed,
    from,
    to,
  };
}

/** Junctions of dead-end trees in the order in which they fall off, twig first. */
function peel(
  nodeCount: number,
  ends: (readonly [number, number])[],
  rooted: Uint8Array,
  carriers: Uint8Array,
): { node: number; link: number; parent: number }[] {
  const degree = new Int32Array(nodeCount);
  const at: number[][] = Array.from({ length: nodeCount }, () => []);
  ends.forEach(([a, b], k) => {
    degree[a]!++;
    degree[b]!++;
    at[a]!.push(k);
    at[b]!.push(k);
  });
  const gone = new Uint8Array(ends.length);
  const peeled: { node: number; link: number; parent: number }[] = [];
  const leaves: number[] = [];
  for (let i = 0; i < nodeCount; i++) if (degree[i] === 1 && !rooted[i]) leaves.push(i);
  while (leaves.length > 0) {
    const node = leaves.pop()!;
    const link = at[node]!.find((k) => !gone[k]);
    if (link === undefined || !carriers[link]) continue;
    const [a, b] = ends[link]!;
    const parent = a === node ? b : a;
    gone[link] = 1;
    peeled.push({ node, link, parent });
    degree[parent]!--;
    if (degree[parent] === 1 && !rooted[parent]) leaves.push(parent);
  }
  return peeled;
}

function neighboursOf(
  core: number[],
  links: number[],
  ends: (readonly [number, number])[],
  nodeCount: number,
): number[][] {
  const place = new Int32Array(nodeCount).fill(-1);
  core.forEach((node, i) => {
    place[node] = i;
  });
  const sets = core.map(() => new Set<number>());
  for (const k of links) {
    const [a, b] = [place[ends[k]![0]]!, place[ends[k]![1]]!];
    if (a < 0 || b < 0) continue;
    sets[a]!.add(b);
    sets[b]!.add(a);
  }
  return sets.map((set) => [...set]);
}
