import type { Curve, Network, NetworkLink, NetworkNode } from '#gis/network/model.ts';
import { Random } from '#sim/random.ts';
import { cubicMetresPerSecond } from '#twin/units.ts';

/** What is true of the mains and unknown to the twin. */
export interface MainsTruth {
  network: Network;
  /** by junction: what seeps out of joints and old pipes, m³/s/√m */
  seeping: ReadonlyMap<string, number>;
}

/** Pipes are a little rougher than drawn, some much, few smoother (relative Hazen-Williams C). */
const ROUGHNESS = { mean: 0.97, sd: 0.06, least: 0.8, most: 1.08 };
/** One in so many pipes has a valve that somebody left half shut: loss coefficients. */
const THROTTLED = { chance: 0.004, least: 10, most: 80 };
/** Works and boosters have lost so much of their head. */
const WORN = { least: 0.985, most: 1 };
/** Users without a room take more or less than on file. */
const DIRECT_SD = 0.12;
/** Seepage: share of the direct demand at a pressure of so many metres; most of it at few places. */
const SEEPING = { share: 0.04, head: 28, sd: 1 };
/** Keeps the draws apart from those of the stations. */
const STREAM = 1_000_003;

/**
 * The mains as they lie in the ground, drawn from the plant's own seed.
 * @param keep demand categories that stay as they are: rooms have their own truth
 */
export function mainsTruth(network: Network, seed: number, keep: ReadonlySet<string>): MainsTruth {
  const random = new Random(seed, STREAM);
  const seeping = new Map<string, number>();
  const nodes = network.nodes.map((node): NetworkNode => {
    if (node.kind !== 'junction') return node;
    const direct = Math.exp(DIRECT_SD * random.normal());
    const own = node.demands.filter(({ category }) => category === undefined || !keep.has(category));
    const mean = own.reduce((sum, { base }) => sum + base, 0);
    const seep = SEEPING.share * Math.exp(SEEPING.sd * random.normal() - SEEPING.sd ** 2 / 2);
    if (mean > 0) seeping.set(node.id, cubicMetresPerSecond(seep * mean) / Math.sqrt(SEEPING.head));
    const demands = node.demands.map((demand) =>
      demand.category !== undefined && keep.has(demand.category)
        ? demand
        : { ...demand, base: demand.base * direct },
    );
    return { ...node, demands };
  });
  const links = network.links.map((link): NetworkLink => {
    if (link.kind !== 'pipe') return link;
    const factor = ROUGHNESS.mean * Math.exp(ROUGHNESS.sd * random.normal());
    const throttled =
      random.uniform() < THROTTLED.chance ? random.between(THROTTLED.least, THROTTLED.most) : 0;
    return {
      ...link,
      roughness: link.roughness * Math.min(ROUGHNESS.most, Math.max(ROUGHNESS.least, factor)),
      minorLoss: link.minorLoss + throttled,
    };
  });
  const pumped = new Set(
    network.links.flatMap((link) => (link.kind === 'pump' ? (link.headCurve ?? []) : [])),
  );
  const curves = network.curves.map((curve): Curve => {
    if (!pumped.has(curve.id)) return curve;
    const kept = random.between(WORN.least, WORN.most);
    return { ...curve, points: curve.points.map(({ x, y }) => ({ x, y: y * kept })) };
  });
  return { network: { ...network, nodes, links, curves }, seeping };
}
