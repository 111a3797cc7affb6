import type { Random } from '../random.ts';
import { chooseBoosters } from './boosterSites.ts';
import type { TreeFlows } from './flows.ts';
import { lowHeads, setHeads } from './heads.ts';
import type { Layout } from './layout.ts';
import { LEAST_PRESSURE, type PressureZone, type ZonePlan } from './pressureZone.ts';
import type { SupplyTree } from './supplyTree.ts';

/**
 * Divides each works' tree into its low zone and booster zones: where ground and head loss ask for most head,
 * subtrees of about the wanted flow (log-normal, median 5,000 m³/d) get a booster of their own.
 */
export function planZones(layout: Layout, tree: SupplyTree, flows: TreeFlows, random: Random): ZonePlan {
  const need = layout.nodes.map(({ elevation }, k) => elevation + flows.loss[k]! + LEAST_PRESSURE);
  const served = layout.nodes.map((_, k) => k).filter((k) => flows.peak[k]! > 0 && tree.parent[k]! >= 0);
  const base = lowHeads(layout, tree, served);
  const roots = chooseBoosters(layout, tree, flows, need, served, base, random);
  const zone = new Int32Array(layout.nodes.length).fill(-1);
  const zones: PressureZone[] = [];
  const rootSet = new Set(roots);
  for (const node of tree.order) {
    const parent = tree.parent[node]!;
    const boosted = rootSet.has(node);
    zone[node] =
      parent < 0 || boosted ? zones.push(emptyZone(tree.works[node]!, node, boosted)) - 1 : zone[parent]!;
  }
  setHeads(layout, tree, flows, need, base, zone, zones);
  return { zones, zone };
}

function emptyZone(works: number, root: number, boosted: boolean): PressureZone {
  return {
    works,
    root,
    boosted,
    head: Number.NEGATIVE_INFINITY,
    headByHour: [],
    flowByHour: [],
    suctionByHour: [],
    leastSuction: Number.NEGATIVE_INFINITY,
    meanDemand: 0,
  };
}
