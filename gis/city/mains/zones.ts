import { worksFacts } from '../place.data.ts';
import type { Random } from '../random.ts';
import type { TreeFlows } from './flows.ts';
import type { Layout } from './layout.ts';
import type { SupplyTree } from './supplyTree.ts';

/** A part of the supply tree with one pressure: fed by a works, or by a booster at the edge to `root`. */
export interface PressureZone {
  works: number;
  /** the works' node, or the first node behind the booster */
  root: number;
  boosted: boolean;
  /** head needed at the feed at peak flow, m above sea level */
  head: number;
  /** 24 values: head aimed at, and flow through the feed in m³/h */
  headByHour: number[];
  flowByHour: number[];
  /** head in front of the booster, hour by hour (estimate); of a works the clear-water level */
  suctionByHour: number[];
  meanDemand: number;
}

export interface ZonePlan {
  zones: PressureZone[];
  /** index of the zone per node */
  zone: Int32Array;
}

export const BOOSTERS = 100;
/** Pressure that every served node should have at peak flow, m. */
export const LEAST_PRESSURE = 18;
/** Widest span between the head of a zone and its lowest ground, m: keeps the night below 0.60 MPa. */
const WIDEST_SPAN = 56;
/** A booster's zone may differ from the wanted flow by this much (logarithm). */
const MISFIT = 0.25;
/** Share of a works' own nodes that get the pressure wanted; single hilltops do not raise it for all. */
const SERVED_SHARE = 0.99;
/** Clear water stands this high above the works' ground, m. */
const CLEAR_WATER_DEPTH = 3;
/** At no flow a works or a booster holds this much less head than at its peak, m. */
export const NIGHT_SETBACK = 4;
/** Loops carry part of the flow: share of the tree's head loss that is expected in the looped network. */
const LOOP_RELIEF = 0.7;
/** Least lift for which a booster is worth its power, m. */
const LEAST_LIFT = 8;

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

/** Head that each works can give without too much pressure on its low ground, m. */
function lowHeads(layout: Layout, tree: SupplyTree, served: readonly number[]): number[] {
  return worksFacts.map((_, works) => {
    const heights = served
      .filter((k) => tree.works[k] === works)
      .map((k) => layout.nodes[k]!.elevation)
      .sort((a, b) => a - b);
    return (heights[Math.floor(heights.length / 50)] ?? 0) + WIDEST_SPAN;
  });
}

/**
 * Roots of the booster zones. The largest wanted flows choose first, each the neediest ground that still has a
 * subtree of that size free of boosters and not too uneven for one pressure.
 */
function chooseBoosters(
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
  return wanted
    .sort((a, b) => b - a)
    .flatMap((flow) => {
      for (const start of neediest) {
        const root = bestRoot(start, flow);
        if (root < 0) continue;
        takeSubtree(root);
        for (let k = root; k >= 0; k = tree.parent[k]!) taken[k] = 1;
        return [root];
      }
      return [];
    });

  function bestRoot(start: number, flow: number): number {
    let root = -1;
    let misfit = MISFIT;
    for (let k = start; k >= 0 && !taken[k] && mean[k]! < 2 * flow; k = tree.parent[k]!) {
      const up = tree.parent[k]!;
      // A booster stands in a street, not at the mouth of a works or under water.
      if (up < 0 || tree.parent[up]! < 0 || layout.edges[tree.edge[k]!]!.crossing) break;
      const off = Math.abs(Math.log(mean[k]! / flow));
      if (off < misfit && span[k]! <= WIDEST_SPAN) {
        misfit = off;
        root = k;
      }
    }
    return root;
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

function emptyZone(works: number, root: number, boosted: boolean): PressureZone {
  return {
    works,
    root,
    boosted,
    head: Number.NEGATIVE_INFINITY,
    headByHour: [],
    flowByHour: [],
    suctionByHour: [],
    meanDemand: 0,
  };
}

function setHeads(
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
  for (const node of tree.order) {
    const z = zones[zone[node]!]!;
    if (flows.peak[node]! > 0) wanted[zone[node]!]!.push(need[node]! - flows.loss[z.root]!);
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
      const lost = (flows.loss[feeder]! - flows.loss[up.root]!) * LOOP_RELIEF;
      const upPeak = Math.max(...up.flowByHour);
      z.suctionByHour = up.headByHour.map((head, h) => head - lost * (up.flowByHour[h]! / upPeak) ** 1.852);
      z.head = Math.max(z.head, Math.max(...z.suctionByHour) + LEAST_LIFT);
    } else {
      z.suctionByHour = new Array<number>(24).fill(ground + CLEAR_WATER_DEPTH);
    }
    z.headByHour = z.flowByHour.map((flow) => z.head - NIGHT_SETBACK * (1 - flow / peak));
  });
  zones.forEach((z, k) => {
    z.meanDemand = own[k]!;
  });
}
