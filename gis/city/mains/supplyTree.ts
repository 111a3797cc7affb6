import type { Use } from '../demand/nodeDemand.ts';
import { MinHeap } from '../heap.ts';
import { worksFacts } from '../place.data.ts';
import type { Layout, LayoutEdge } from './layout.ts';

/**
 * How water would reach each node over the best way from its works: a forest, one tree per works. Its edges
 * carry the design flow; all other edges close loops or are boundaries.
 */
export interface SupplyTree {
  /** index into `worksFacts`, per node */
  works: Int32Array;
  /** node towards the works, −1 at the works */
  parent: Int32Array;
  /** edge to the parent, −1 at the works */
  edge: Int32Array;
  /** nodes from the works outwards: each after its parent */
  order: Int32Array;
}

/** Metres of street count more the smaller the street: water keeps to arterials as long as it can. */
const LEVEL_COST = [1, 1.5, 2.6, 3] as const;
/** High ground is reached last: above this level each metre of street counts more, m. */
const CLIMB_FROM = 22;
const BALANCE_ROUNDS = 14;
/** First correction of a works' head start, m per unit of ln(share), and how it shrinks each round. */
const FIRST_STEP = 1500;
const STEP_DECAY = 0.9;

/**
 * Divides the layout among the works so that none carries much more than its share of all capacity, and finds
 * the tree of each.
 * @param uses of water per node
 */
export function growSupplyTree(layout: Layout, uses: readonly (readonly Use[])[]): SupplyTree {
  const demand = Float64Array.from(uses, (list) => list.reduce((sum, use) => sum + use.mean, 0));
  const links = adjacency(layout);
  const cost = layout.edges.map((edge) => edgeCost(edge, layout));
  const total = demand.reduce((sum, d) => sum + d, 0);
  const capacity = worksFacts.reduce((sum, works) => sum + works.capacity, 0);
  const headStart = new Float64Array(worksFacts.length);
  let best: SupplyTree | undefined;
  let bestShare = Number.POSITIVE_INFINITY;
  for (let round = 0; round < BALANCE_ROUNDS; round++) {
    const least = Math.min(...headStart);
    const tree = spreadFromWorks(
      layout,
      links,
      cost,
      headStart.map((h) => h - least),
    );
    const served = new Float64Array(worksFacts.length);
    tree.works.forEach((works, node) => {
      served[works] = served[works]! + demand[node]!;
    });
    const shares = worksFacts.map((works, k) => (served[k]! * capacity) / (total * works.capacity));
    const share = Math.max(...shares);
    if (share < bestShare) {
      best = tree;
      bestShare = share;
    }
    shares.forEach((own, k) => {
      const bounded = Math.max(0.2, Math.min(5, own));
      headStart[k] = headStart[k]! + FIRST_STEP * STEP_DECAY ** round * Math.log(bounded);
    });
  }
  return best!;
}

/** Edge numbers at each node. */
export function adjacency({ nodes, edges }: Layout): number[][] {
  const links: number[][] = nodes.map(() => []);
  edges.forEach(({ a, b }, k) => {
    links[a]!.push(k);
    links[b]!.push(k);
  });
  return links;
}

function edgeCost(edge: LayoutEdge, { nodes }: Layout): number {
  const high = Math.max(nodes[edge.a]!.elevation, nodes[edge.b]!.elevation);
  const climb = Math.max(0, high - CLIMB_FROM) / 10;
  // Crossings are links of last resort: each side of the water is fed by its own works.
  return edge.length * LEVEL_COST[edge.level] * (1 + climb * climb) + (edge.crossing ? 3000 : 0);
}

function spreadFromWorks(
  { nodes, edges }: Layout,
  links: readonly (readonly number[])[],
  cost: readonly number[],
  headStart: Float64Array,
): SupplyTree {
  const works = new Int32Array(nodes.length).fill(-1);
  const parent = new Int32Array(nodes.length).fill(-1);
  const via = new Int32Array(nodes.length).fill(-1);
  const order = new Int32Array(nodes.length);
  const best = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(nodes.length);
  const heap = new MinHeap();
  const source = new Map<number, number>();
  nodes.forEach((node, k) => {
    if (node.works === undefined) return;
    const index = worksFacts.findIndex(({ id }) => id === node.works);
    source.set(k, index);
    works[k] = index;
    best[k] = headStart[index]!;
    heap.push(k, best[k]!);
  });
  let count = 0;
  while (heap.size > 0) {
    const { item: at } = heap.pop();
    if (done[at]) continue;
    done[at] = 1;
    order[count++] = at;
    for (const k of links[at]!) {
      const next = edges[k]!.a === at ? edges[k]!.b : edges[k]!.a;
      const total = best[at]! + cost[k]!;
      // A works is where water begins: it is never fed by another.
      if (done[next] || source.has(next) || total >= best[next]!) continue;
      best[next] = total;
      works[next] = works[at]!;
      parent[next] = at;
      via[next] = k;
      heap.push(next, total);
    }
  }
  return { works, parent, edge: via, order };
}
