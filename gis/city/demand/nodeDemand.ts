import { demandPatterns } from '#twin/demand/patterns.data.ts';
import type { Ground } from '../ground.ts';
import type { Layout } from '../mains/layout.ts';
import { districtFacts } from '../place.data.ts';
import type { Random } from '../random.ts';
import type { RoomSite } from './rooms.ts';

/** Xiamen's mean day, m³/d (4.9 × 10⁸ m³ supplied in 2021, as published by its utility). */
export const MEAN_DAY = 1_354_000;
/** Maximum day of the city over its mean day; for one of its rooms see `stations/rooms.ts`. */
export const MAX_DAY_FACTOR = 1.25;

/** One use of water at a node, m³/h on average; `room` is the code of the pump room that draws it. */
export interface Use {
  pattern: string;
  mean: number;
  room?: string;
}

/** District code of each node: that of the nearest centre, distances measured in the centre's radius. */
export function districtOf(layout: Layout, ground: Ground): string[] {
  return layout.nodes.map(({ x, y }) => {
    let best = Number.POSITIVE_INFINITY;
    let code = '';
    for (const centre of ground.centres) {
      const far = Math.hypot(x - centre.x, y - centre.y) / centre.radius;
      if (far < best) {
        best = far;
        code = centre.district;
      }
    }
    return code;
  });
}

/** Share of the demand around it that a node carries: built-up density times the street frontage it serves. */
export function frontageWeight(layout: Layout, ground: Ground): Float64Array {
  const frontage = new Float64Array(layout.nodes.length);
  for (const { a, b, level, length, crossing } of layout.edges) {
    if (crossing || length > 800) continue;
    const share = level === 0 ? 0.25 : level === 3 ? 0.9 : 0.5;
    frontage[a] = frontage[a]! + (level === 3 ? 0 : share * length);
    frontage[b] = frontage[b]! + share * length;
  }
  return frontage.map((metres, k) => {
    const { x, y, works } = layout.nodes[k]!;
    const density = ground.density(x, y);
    return works !== undefined || density < 0.12 ? 0 : metres * density;
  });
}

/**
 * Uses of water at every node; over the city they add up to the mean day. Each district's share follows its
 * population; what its pump rooms do not draw is spread over the frontage.
 */
export function allocateDemand(
  layout: Layout,
  ground: Ground,
  district: readonly string[],
  weight: Float64Array,
  rooms: readonly RoomSite[],
  random: Random,
): Use[][] {
  const uses: Use[][] = layout.nodes.map(() => []);
  const population = districtFacts.reduce((sum, facts) => sum + facts.population, 0);
  for (const { node, pattern, meanDemand, code } of rooms) {
    uses[node]!.push({ pattern, mean: meanDemand, room: code });
  }
  for (const facts of districtFacts) {
    const total = ((MEAN_DAY / 24) * facts.population) / population;
    const drawn = rooms.reduce((sum, r) => sum + (r.district === facts.code ? r.meanDemand : 0), 0);
    const inDistrict = district.flatMap((code, k) => (code === facts.code && weight[k]! > 0 ? [k] : []));
    const frontage = inDistrict.reduce((sum, k) => sum + weight[k]!, 0);
    for (const k of inDistrict) {
      const { x, y } = layout.nodes[k]!;
      const mean = ((total - drawn) * weight[k]!) / frontage;
      uses[k]!.push({ pattern: landUse(ground.density(x, y), random), mean });
    }
  }
  return uses;
}

/** Demand of each node hour by hour, m³/h: 24 values per node. */
export function hourlyDemand(uses: readonly (readonly Use[])[]): Float64Array {
  const hourly = new Float64Array(uses.length * 24);
  uses.forEach((list, node) => {
    for (const { pattern, mean } of list) {
      const multipliers = demandPatterns[pattern]!;
      for (let h = 0; h < 24; h++) hourly[node * 24 + h] = hourly[node * 24 + h]! + mean * multipliers[h]!;
    }
  });
  return hourly;
}

function landUse(density: number, random: Random): string {
  const central = Math.min(1, density);
  const shares: [string, number][] = [
    ['RES_OLD', 0.52],
    ['CITY_total', 0.26],
    ['OFFICE_weekday', 0.04 + 0.06 * central],
    ['MALL', 0.02 + 0.05 * central],
    ['HOTEL', 0.01 + 0.03 * central],
    ['SCHOOL_day', 0.035],
    ['HOSPITAL', 0.02],
  ];
  return shares[random.weighted(shares.map(([, share]) => share))]![0];
}
