import { worksFacts } from '../place.data.ts';
import type { TreeFlows } from './flows.ts';
import type { Layout } from './layout.ts';
import { MAX_DAY_LOSS, NIGHT_SETBACK, type PressureZone, WIDEST_SPAN } from './pressureZone.ts';
import type { SupplyTree } from './supplyTree.ts';

/** Share of a works' own nodes that get the pressure wanted; single hilltops do not raise it for all. */
const SERVED_SHARE = 0.99;
/** Clear water stands this high above the works' ground, m. */
const CLEAR_WATER_DEPTH = 3;
/** Loops carry part of the flow: share of the tree's head loss that is expected in the looped network. */
const LOOP_RELIEF = 0.7;
/** Lift that a booster is built for where its zone is even enough, and the least it must have, m. */
const USUAL_LIFT = 22;
const LEAST_LIFT = 8;

/** Head that each works can give without too much pressure on its low ground, m. */
export function lowHeads(layout: Layout, tree: SupplyTree, served: readonly number[]): number[] {
  return worksFacts.map((_, works) => {
    const heights = served
      .filter((k) => tree.works[k] === works)
      .map((k) => layout.nodes[k]!.elevation)
      .sort((a, b) => a - b);
    return (heights[Math.floor(heights.length / 50)] ?? 0) + WIDEST_SPAN;
  });
}

/**
 * Flow and head of each zone's feed, hour by hour. A works gives what its own ground needs, a booster rather more
 * than its ground needs as long as its lowest ground can bear it.
 */
export function setHeads(
  layout: Layout,
  tree: SupplyTree,
  flows: TreeFlows,
  need: readonly number[],
  base: readonly number[],
  zone: Int32Array,
  zones: PressureZone[],
): void {
  const own = new Float64Array(zones.length);
  const wanted: number[][] = zones.map(() => []);
  const lowest = new Float64Array(zones.length).fill(Number.POSITIVE_INFINITY);
  for (const node of tree.order) {
    const k = zone[node]!;
    if (flows.peak[node] === 0) continue;
    wanted[k]!.push(need[node]! - flows.loss[zones[k]!.root]!);
    lowest[k] = Math.min(lowest[k]!, layout.nodes[node]!.elevation);
  }
  zones.forEach((z, k) => {
    const heads = wanted[k]!.sort((a, b) => a - b);
    const share = z.boosted ? 1 : SERVED_SHARE;
    z.head = heads[Math.floor(share * (heads.length - 1))]!;
    if (!z.boosted) z.head = Math.min(z.head, base[z.works]!);
    z.flowByHour = [...flows.hourly.subarray(z.root * 24, z.root * 24 + 24)];
  });
  // Zones stand in the order of the tree: a works before the boosters it feeds.
  zones.forEach((z, k) => {
    const peak = Math.max(...z.flowByHour);
    const mean = z.flowByHour.reduce((sum, q) => sum + q, 0) / 24;
    own[k] = own[k]! + mean;
    const ground = layout.nodes[z.root]!.elevation;
    if (z.boosted) {
      const feeder = tree.parent[z.root]!;
      const up = zones[zone[feeder]!]!;
      own[zone[feeder]!] = own[zone[feeder]!]! - mean;
      const treeLoss = flows.loss[feeder]! - flows.loss[up.root]!;
      const lost = treeLoss * LOOP_RELIEF;
      const upPeak = Math.max(...up.flowByHour);
      z.suctionByHour = up.headByHour.map((head, h) => head - lost * (up.flowByHour[h]! / upPeak) ** 1.852);
      z.leastSuction = up.head - treeLoss * MAX_DAY_LOSS;
      const suction = Math.max(...z.suctionByHour);
      const ample = Math.min(suction + USUAL_LIFT, lowest[k]! + WIDEST_SPAN);
      z.head = Math.max(z.head, ample, suction + LEAST_LIFT);
    } else {
      z.suctionByHour = new Array<number>(24).fill(ground + CLEAR_WATER_DEPTH);
      z.leastSuction = ground + CLEAR_WATER_DEPTH;
    }
    z.headByHour = z.flowByHour.map((flow) => z.head - NIGHT_SETBACK * (1 - flow / peak));
  });
  zones.forEach((z, k) => {
    z.meanDemand = own[k]!;
  });
}
