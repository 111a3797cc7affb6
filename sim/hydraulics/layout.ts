import type { Network } from '#gis/network/model.ts';
import { type Chain, chainsOf } from './compile-chains.ts';
import { entryOf, type Factor, symbolicFactor } from './factor.ts';
import { minimumFill } from './ordering.ts';

/** How the nodes and links of a network are numbered for the solve; see Hydraulics. */
export interface Layout {
  nodeOrder: Int32Array;
  linkOrder: Int32Array;
  coreNodes: number;
  innerStart: number;
  treeStart: number;
  singleCount: number;
  chainCount: number;
  chainStart: Int32Array;
  chainOf: Int32Array;
  along: Float64Array;
  plainLinks: number;
  coreLinks: number;
  treeParent: Int32Array;
  factor: Factor;
  /** 2·from, 2·to and the matrix entry of each chain, and of each other core link at its own number */
  ends: Int32Array;
  from: Int32Array;
  to: Int32Array;
}

/**
 * Peels the dead-end trees of a network, in which continuity alone gives the flows, joins pipes in series to
 * chains, and numbers what is left by elimination order.
 *
 * @param rooted nodes that must neither be peeled nor lie within a chain, by place in the network
 * @param carriers links that only carry, by place in the network: 1 = pipe, 2 = throttle; trees and chains are made of these
 */
export function layOut(network: Network, rooted: Uint8Array, carriers: Uint8Array): Layout {
  const { nodes, links } = network;
  const places = new Map(nodes.map((node, i) => [node.id, i]));
  const ends = links.map((link) => [places.get(link.from)!, places.get(link.to)!] as const);
  const peeled = peel(nodes.length, ends, rooted, carriers);
  const inTree = new Uint8Array(nodes.length);
  for (const { node } of peeled) inTree[node] = 1;

  const inTreeLink = new Uint8Array(links.length);
  for (const { link } of peeled) inTreeLink[link] = 1;
  const coreLinks = links.map((_, k) => k).filter((k) => !inTreeLink[k]);
  const equipment = coreLinks.filter((k) => carriers[k] === 0);
  const inner = innerJunctions(coreLinks, ends, rooted, carriers);
  const chains = chainsOf(
    coreLinks.filter((k) => carriers[k] !== 0),
    ends,
    inner,
  );

  const core: number[] = [];
  const fixed: number[] = [];
  nodes.forEach((node, i) => {
    if (node.kind !== 'junction') fixed.push(i);
    else if (!inTree[i] && !inner[i]) core.push(i);
  });
  const between = [...chains.map(({ from, to }) => [from, to] as const), ...equipment.map((k) => ends[k]!)];
  const elimination = minimumFill(neighboursOf(core, between, nodes.length));
  const factor = symbolicFactor(elimination);
  const nodeOrder = new Int32Array(nodes.length);
  let count = 0;
  for (const position of elimination.order) nodeOrder[core[position]!] = count++;
  for (const i of fixed) nodeOrder[i] = count++;
  const innerStart = count;

  const rank = (a: number, b: number): number => {
    const [x, y] = [nodeOrder[a]!, nodeOrder[b]!];
    return Math.min(x, y) * nodes.length + Math.max(x, y);
  };
  const rankOfChain = (chain: Chain): number => rank(chain.from, chain.to);
  const rankOfLink = (k: number): number => rank(...ends[k]!);
  for (const chain of chains) {
    const [k] = chain.links;
    if (chain.links.length === 1) [chain.from, chain.to] = ends[k!]!;
  }
  // Alike by length, so that the loops over them run evenly.
  chains.sort((a, b) => a.links.length - b.links.length || rankOfChain(a) - rankOfChain(b));
  equipment.sort((a, b) => rankOfLink(a) - rankOfLink(b));
  for (const i of chains.flatMap((chain) => chain.inner)) nodeOrder[i] = count++;
  const treeStart = count;
  // Trunk before twig: peeling went the other way.
  for (const { node } of [...peeled].reverse()) nodeOrder[node] = count++;

  const pipes = chains.flatMap((chain) => chain.links);
  const linkOrder = new Int32Array(links.length);
  [...pipes, ...equipment].forEach((k, i) => {
    linkOrder[k] = i;
  });
  const treeParent = new Int32Array(peeled.length);
  for (const { node, link, parent } of peeled) {
    const twig = nodeOrder[node]! - treeStart;
    treeParent[twig] = nodeOrder[parent]!;
    linkOrder[link] = coreLinks.length + twig;
  }
  const from = new Int32Array(links.length);
  const to = new Int32Array(links.length);
  ends.forEach(([a, b], k) => {
    from[linkOrder[k]!] = nodeOrder[a]!;
    to[linkOrder[k]!] = nodeOrder[b]!;
  });
  const packed = new Int32Array(3 * coreLinks.length);
  const pack = (at: number, a: number, b: number): void => {
    const entry = a < core.length && b < core.length ? entryOf(factor, a, b) : factor.row.length;
    packed.set([2 * a, 2 * b, entry], 3 * at);
  };
  const chainStart = new Int32Array(chains.length + 1);
  const chainOf = new Int32Array(pipes.length);
  const along = new Float64Array(pipes.length);
  chains.forEach((chain, c) => {
    pack(c, nodeOrder[chain.from]!, nodeOrder[chain.to]!);
    chainStart[c + 1] = chainStart[c]! + chain.links.length;
    chainOf.fill(c, chainStart[c], chainStart[c + 1]);
    let node = chain.from;
    chain.links.forEach((k, i) => {
      along[chainStart[c]! + i] = ends[k]![0] === node ? 1 : -1;
      node = chain.inner[i]!;
    });
  });
  for (let k = pipes.length; k < coreLinks.length; k++) pack(k, from[k]!, to[k]!);
  return {
    nodeOrder,
    linkOrder,
    coreNodes: core.length,
    innerStart,
    treeStart,
    singleCount: chains.filter((chain) => chain.links.length === 1).length,
    chainCount: chains.length,
    chainStart,
    chainOf,
    along,
    plainLinks: pipes.length,
    coreLinks: coreLinks.length,
    treeParent,
    factor,
    ends: packed,
    from,
    to,
  };
}

/** Junctions of exactly two links, both of them carriers. */
function innerJunctions(
  links: number[],
  ends: (readonly [number, number])[],
  rooted: Uint8Array,
  carriers: Uint8Array,
): Uint8Array {
  const degree = new Int32Array(rooted.length);
  const carrying = new Int32Array(rooted.length);
  for (const k of links) {
    for (const i of ends[k]!) {
      degree[i]!++;
      if (carriers[k] !== 0) carrying[i]!++;
    }
  }
  return rooted.map((root, i) => (!root && degree[i] === 2 && carrying[i] === 2 ? 1 : 0));
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

function neighboursOf(core: number[], between: (readonly [number, number])[], nodeCount: number): number[][] {
  const place = new Int32Array(nodeCount).fill(-1);
  core.forEach((node, i) => {
    place[node] = i;
  });
  const sets = core.map(() => new Set<number>());
  for (const [from, to] of between) {
    const [a, b] = [place[from]!, place[to]!];
    if (a < 0 || b < 0) continue;
    sets[a]!.add(b);
    sets[b]!.add(a);
  }
  return sets.map((set) => [...set]);
}
