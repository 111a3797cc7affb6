import type { Use } from '../demand/nodeDemand.ts';
import type { RoomSite } from '../demand/rooms.ts';
import type { TreeFlows } from './flows.ts';
import type { Layout } from './layout.ts';
import { NIGHT_SETBACK, type ZonePlan } from './pressureZone.ts';
import type { SupplyTree } from './supplyTree.ts';

/** Below this a node cannot serve anybody, m: 0.14 MPa and what the estimate may be wrong by. */
const SERVICE_PRESSURE = 15;

/**
 * Lower bound of the pressure at a node over a day, m: at peak flow by the tree's loss, else by set-back.
 * @param share of the tree's loss on a mean day, `MAX_DAY_LOSS` for the maximum one
 */
export function leastPressure(
  node: number,
  layout: Layout,
  flows: TreeFlows,
  plan: ZonePlan,
  share = 1,
): number {
  const zone = plan.zones[plan.zone[node]!]!;
  const lost = share * (flows.loss[node]! - flows.loss[zone.root]!);
  return zone.head - Math.max(lost, NIGHT_SETBACK) - layout.nodes[node]!.elevation;
}

/**
 * Homes on a hilltop that their zone's pressure does not reach are connected further down: their uses move
 * along the supply tree to the first node that is within reach.
 */
export function connectWithinReach(
  layout: Layout,
  tree: SupplyTree,
  flows: TreeFlows,
  plan: ZonePlan,
  uses: readonly (readonly Use[])[],
  sites: readonly RoomSite[],
): { uses: Use[][]; sites: RoomSite[] } {
  const connection = layout.nodes.map((_, start) => {
    let node = start;
    while (tree.parent[node]! >= 0 && plan.zone[tree.parent[node]!] === plan.zone[start]) {
      if (leastPressure(node, layout, flows, plan) >= SERVICE_PRESSURE) return node;
      node = tree.parent[node]!;
    }
    return leastPressure(node, layout, flows, plan) >= SERVICE_PRESSURE ? node : start;
  });
  const moved: Use[][] = layout.nodes.map(() => []);
  uses.forEach((list, node) => {
    moved[connection[node]!]!.push(...list);
  });
  return { uses: moved, sites: sites.map((site) => ({ ...site, node: connection[site.node]! })) };
}
