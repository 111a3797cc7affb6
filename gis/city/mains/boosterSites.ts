import type { Random } from '../random.ts';
import type { TreeFlows } from './flows.ts';
import type { Layout } from './layout.ts';
import { WIDEST_SPAN } from './pressureZone.ts';
import type { SupplyTree } from './supplyTree.ts';

/** Booster stations of the city. */
export const BOOSTERS = 100;
/** A booster's zone may differ from the wanted flow by this much (logarithm). */
const MISFIT = 0.25;
/** Two boosters do not stand nearer to each other, m. */
const APART = 450;

/**
 * Roots of the booster zones. The largest wanted flows choose first, each the neediest ground that still has a
 * subtree of that size free of boosters and not too uneven for one pressure.
 */
export function chooseBoosters(
  layout: Layout,
  tree: SupplyTree,
  flows: TreeFlows,
  need: readonly number[],
  served: readonly number[],
  base: readonly number[],
  random: Random,
): number[] {
  const { mean, span } = subtreeFacts(layout, tree, flows, need);
  const taken = new Uint8Array(need.length);
  const deficit = (k: number) => need[k]! - base[tree.works[k]!]!;
  const neediest = [...served].sort((a, b) => deficit(b) - deficit(a));
  const wanted = Array.from({ length: BOOSTERS }, () => random.logNormal(5000, 0.55, 1200, 25_000));
  const children = childrenOf(tree);
  const roots: number[] = [];
  for (const flow of wanted.sort((a, b) => b - a)) {
    const start = neediest.find((k) => bestRoot(k, flow) >= 0);
    if (start === undefined)
      throw new RangeError(`no ground is left for a booster of ${flow.toFixed(0)} m³/d`);
    const root = bestRoot(start, flow);
    takeSubtree(root);
    for (let k = root; k >= 0; k = tree.parent[k]!) taken[k] = 1;
    roots.push(root);
  }
  return roots;

  function bestRoot(start: number, flow: number): number {
    let root = -1;
    let misfit = MISFIT;
    for (let k = start; k >= 0 && !taken[k] && mean[k]! < 2 * flow; k = tree.parent[k]!) {
      const up = tree.parent[k]!;
      // A booster stands in a street, not at the mouth of a works or under water.
      if (up < 0 || tree.parent[up]! < 0 || layout.edges[tree.edge[k]!]!.crossing) break;
      const off = Math.abs(Math.log(mean[k]! / flow));
      if (off < misfit && span[k]! <= WIDEST_SPAN && !nearAnother(k)) {
        misfit = off;
        root = k;
      }
    }
    return root;
  }

  function nearAnother(k: number): boolean {
    const { x, y } = layout.nodes[k]!;
    return roots.some((root) => Math.hypot(layout.nodes[root]!.x - x, layout.nodes[root]!.y - y) < APART);
  }

  function takeSubtree(root: number): void {
    const stack = [root];
    for (let k = stack.pop(); k !== undefined; k = stack.pop()) {
      taken[k] = 1;
      stack.push(...children[k]!);
    }
  }
}

/** Mean flow into each subtree, m³/d, and the span from its lowest ground to the head it asks for, m. */
function subtreeFacts(layout: Layout, tree: SupplyTree, flows: TreeFlows, need: readonly number[]) {
  const highest = Float64Array.from(need);
  const lowest = Float64Array.from(layout.nodes, (node) => node.elevation);
  const mean = new Float64Array(need.length);
  for (let i = need.length - 1; i >= 0; i--) {
    const k = tree.order[i]!;
    for (let h = 0; h < 24; h++) mean[k] = mean[k]! + flows.hourly[k * 24 + h]!;
    const up = tree.parent[k]!;
    if (up < 0) continue;
    highest[up] = Math.max(highest[up]!, highest[k]!);
    lowest[up] = Math.min(lowest[up]!, lowest[k]!);
  }
  const span = highest.map((head, k) => head - flows.loss[k]! - lowest[k]!);
  return { mean, span };
}

function childrenOf({ parent }: SupplyTree): number[][] {
  const children: number[][] = Array.from(parent, () => []);
  parent.forEach((up, k) => {
    if (up >= 0) children[up]!.push(k);
  });
  return children;
}
