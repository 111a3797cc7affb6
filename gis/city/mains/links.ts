import type { Random } from '../random.ts';
import { LEAST_DIAMETER, type TreeFlows } from './flows.ts';
import { DIAMETERS } from './hydraulics.ts';
import type { Layout } from './layout.ts';
import type { ZonePlan } from './pressureZone.ts';
import type { SupplyTree } from './supplyTree.ts';

/** A main as it is laid: an edge of the layout with its size. */
export interface Main {
  edge: number;
  /** upstream end first where the supply tree uses it */
  from: number;
  to: number;
  /** mm */
  diameter: number;
  /** mains side by side */
  count: number;
  /** between two zones: shut */
  boundary: boolean;
  onTree: boolean;
}

/** Shares of streets without a main: between zones, and within a zone beside the tree. */
const NO_MAIN_BETWEEN_ZONES = 0.7;
const NO_MAIN_IN_ZONE = 0.2;

/**
 * The mains of all streets: the tree's as sized for their flow; the loops' by their street and by what they
 * connect; those between two zones shut by boundary valves or, in small streets, mostly not laid.
 */
export function layLinks(
  layout: Layout,
  tree: SupplyTree,
  flows: TreeFlows,
  { zone }: ZonePlan,
  random: Random,
): Main[] {
  const treeEdgeOf = new Int32Array(layout.edges.length).fill(-1);
  tree.edge.forEach((edge, node) => {
    if (edge >= 0) treeEdgeOf[edge] = node;
  });
  const mains: Main[] = [];
  layout.edges.forEach((edge, k) => {
    const node = treeEdgeOf[k]!;
    if (node >= 0) {
      mains.push({
        edge: k,
        from: tree.parent[node]!,
        to: node,
        diameter: flows.diameter[node]!,
        count: flows.count[node]!,
        boundary: false,
        onTree: true,
      });
      return;
    }
    const boundary = zone[edge.a] !== zone[edge.b];
    const draw = random.next();
    if (edge.level === 2 && draw < (boundary ? NO_MAIN_BETWEEN_ZONES : NO_MAIN_IN_ZONE)) return;
    const neighbour = Math.min(flows.diameter[edge.a]!, flows.diameter[edge.b]!);
    const wanted = Math.max(LEAST_DIAMETER[edge.level], edge.level < 2 ? 0.6 * neighbour : 0.4 * neighbour);
    const largest = edge.level < 2 ? 1800 : 300;
    const diameter = DIAMETERS.findLast((d) => d <= Math.min(largest, wanted))!;
    mains.push({ edge: k, from: edge.a, to: edge.b, diameter, count: 1, boundary, onTree: false });
  });
  return mains;
}
