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
/** A works that serves too much finds each metre longer: exponent of the first correction, and how it shrinks. */
const FIRST_STEP = 0.45;
const STEP_DECAY = 0.9;
/** A works with little to do is better than one with too much: weight of ln(share) below 1. */
const IDLE_WEIGHT = 0.35;

/**
 * Divides the layout among the works so that none carries much more than its share of all capacity, and finds
 * the tree of each.
 * @param uses of water per node
 */
export function growSupplyTree(layout: Layout, uses: readonly (readonly Use[])[]): SupplyTree {
  const demand = Float64Array.from(uses, (list) => list.reduce((sum, use) => sum + use.mean, 0));
  const links = adjacency(layout);
  const cost = Float64Array.from(layout.edges, (edge) => edgeCost(edge, layout));
  const total = demand.reduce((sum, d) => sum + d, 0);
  const capacity = worksFacts.reduce((sum, works) => sum + works.capacity, 0);
  const pace = new Float64Array(worksFacts.length).fill(1);
  let best: SupplyTree | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < BALANCE_ROUNDS; round++) {
    const tree = spreadFromWorks(layout, links, cost, pace);
    const served = new Float64Array(worksFacts.length);
    tree.works.forEach((works, node) => {
      served[works] = served[works]! + demand[node]!;
    });
    const shares = worksFacts.map((works, k) => (served[k]! * capacity) / (total * works.capacity));
    const imbalance = Math.max(...shares.map((s) => Math.max(Math.log(s), -IDLE_WEIGHT * Math.log(s))));
    if (imbalance < least) {
      best = tree;
      least = imbalance;
    }
    shares.forEach((own, k) => {
      const bounded = Math.max(0.2, Math.min(5, own));
      pace[k] = pace[k]! * bounded ** (FIRST_STEP * STEP_DECAY ** round);
    });
  }
  if (!best) throw new RangeError('no division of the city leaves every works a zone of its own');
  return best;
}

/** Edges and neighbours of node k at first[k] … first[k + 1] − 1. */
interface Adjacency {
  first: Int32Array;
  edge: Int32Array;
  node: Int32Array;
}

function adjacency({ nodes, edges }: Layout): Adjacency {
  const first = new Int32Array(nodes.length + 1);
  for (const { a, b } of edges) {
    first[a + 1] = first[a + 1]! + 1;
    first[b + 1] = first[b + 1]! + 1;
  }
  for (let k = 0; k < nodes.length; k++) first[k + 1] = first[k + 1]! + first[k]!;
  const fill = Int32Array.from(first);
  const edge = new Int32Array(2 * edges.length);
  const node = new Int32Array(2 * edges.length);
  edges.forEach(({ a, b }, k) => {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const at = fill[from]!;
      fill[from] = at + 1;
      edge[at] = k;
      node[at] = to;
    }
  });
  return { first, edge, node };
}

function edgeCost(edge: LayoutEdge, { nodes }: Layout): number {
  const high = Math.max(nodes[edge.a]!.elevation, nodes[edge.b]!.elevation);
  const climb = Math.max(0, high - CLIMB_FROM) / 10;
  // Crossings are links of last resort: each side of the water is fed by its own works.
  return edge.length * LEVEL_COST[edge.level] * (1 + climb * climb) + (edge.crossing ? 3000 : 0);
}

function spreadFromWorks(
  { nodes }: Layout,
  links: Adjacency,
  cost: Float64Array,
  pace: Float64Array,
): SupplyTree {
  const works = new Int32Array(nodes.length).fill(-1);
  const parent = new Int32Array(nodes.length).fill(-1);
  const via = new Int32Array(nodes.length).fill(-1);
  const order = new Int32Array(nodes.length);
  const best = new Float64Array(nodes.length).fill(Number.POSITIVE_INFINITY);
  const done = new Uint8Array(nodes.length);
  const heap = new MinHeap();
  const isWorks = new Uint8Array(nodes.length);
  nodes.forEach((node, k) => {
    if (node.works === undefined) return;
    const index = worksFacts.findIndex(({ id }) => id === node.works);
    isWorks[k] = 1;
    works[k] = index;
    best[k] = 0;
    heap.push(k, best[k]!);
  });
  let count = 0;
  while (heap.size > 0) {
    const { item: at } = heap.pop();
    if (done[at]) continue;
    done[at] = 1;
    order[count++] = at;
    for (let l = links.first[at]!; l < links.first[at + 1]!; l++) {
      const k = links.edge[l]!;
      const next = links.node[l]!;
      const total = best[at]! + cost[k]! * pace[works[at]!]!;
      // A works is where water begins: it is never fed by another.
      if (done[next] || isWorks[next] || total >= best[next]!) continue;
      best[next] = total;
      works[next] = works[at]!;
      parent[next] = at;
      via[next] = k;
      heap.push(next, total);
    }
  }
  return { works, parent, edge: via, order };
}
