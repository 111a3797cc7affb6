import { sizeMain, unitHeadLoss } from './hydraulics.ts';
import type { Layout, MainLevel } from './layout.ts';
import type { SupplyTree } from './supplyTree.ts';

/** Design flows and sizes along the supply tree; index = node, the main is the one from its parent. */
export interface TreeFlows {
  /** flow into the node's subtree, m³/h, 24 values per node */
  hourly: Float64Array;
  /** largest of them */
  peak: Float64Array;
  diameter: Int32Array;
  /** mains side by side */
  count: Int32Array;
  /** head lost from the works at peak flow everywhere, m: an upper bound, for loops carry their part */
  loss: Float64Array;
}

/** Least diameter by level of street, mm. */
export const LEAST_DIAMETER: Readonly<Record<MainLevel, number>> = { 0: 500, 1: 250, 2: 150, 3: 100 };

/** Flows down the tree and mains that carry them. */
export function sizeTree(layout: Layout, tree: SupplyTree, demand: Float64Array): TreeFlows {
  const n = layout.nodes.length;
  const hourly = Float64Array.from(demand);
  for (let k = n - 1; k >= 0; k--) {
    const node = tree.order[k]!;
    const parent = tree.parent[node]!;
    if (parent < 0) continue;
    for (let h = 0; h < 24; h++) {
      hourly[parent * 24 + h] = hourly[parent * 24 + h]! + hourly[node * 24 + h]!;
    }
  }
  const peak = Float64Array.from({ length: n }, (_, k) => Math.max(...hourly.subarray(k * 24, k * 24 + 24)));
  const diameter = new Int32Array(n);
  const count = new Int32Array(n);
  const loss = new Float64Array(n);
  for (const node of tree.order) {
    const parent = tree.parent[node]!;
    if (parent < 0) continue;
    const edge = layout.edges[tree.edge[node]!]!;
    const size = sizeMain(peak[node]!, LEAST_DIAMETER[edge.level]);
    diameter[node] = size.diameter;
    count[node] = size.count;
    loss[node] = loss[parent]! + edge.length * unitHeadLoss(peak[node]! / size.count, size.diameter);
  }
  return { hourly, peak, diameter, count, loss };
}
