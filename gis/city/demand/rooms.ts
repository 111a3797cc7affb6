import type { Ground } from '../ground.ts';
import type { Layout } from '../mains/layout.ts';
import { districtFacts } from '../place.data.ts';
import type { Random } from '../random.ts';

/** Mean use of a home, m³/h: 2.33 persons (census 2020) × 167 L/d. */
export const HOME_DEMAND = 0.39 / 24;

/** A place that has a pump room, before its equipment is chosen. */
export interface RoomSite {
  code: string;
  /** running number in its district, from 1 */
  number: number;
  /** district code */
  district: string;
  node: number;
  /** homes, or as many homes' worth of other use */
  homes: number;
  pattern: string;
  /** m³/h */
  meanDemand: number;
}

/** What pump rooms serve and how often. */
const USES: readonly (readonly [pattern: string, share: number])[] = [
  ['RES_HIGH_weekday', 0.85],
  ['OFFICE_weekday', 0.05],
  ['HOTEL', 0.035],
  ['MALL', 0.03],
  ['SCHOOL_day', 0.02],
  ['HOSPITAL', 0.015],
];

/**
 * Pump rooms per district: one to a node, on branches and streets where people live densely. Homes are
 * log-normal (median 325, σ 0.8, 40–3,000).
 * @param district district code per layout node
 * @throws RangeError when a district has fewer served nodes than pump rooms
 */
export function siteRooms(
  layout: Layout,
  ground: Ground,
  district: readonly string[],
  weight: Float64Array,
  random: Random,
): RoomSite[] {
  const isTip = new Uint8Array(layout.nodes.length);
  for (const { b, level } of layout.edges) if (level === 3) isTip[b] = 1;
  return districtFacts.flatMap((facts) => {
    const ranked: { node: number; key: number }[] = [];
    layout.nodes.forEach(({ x, y }, node) => {
      if (district[node] !== facts.code || weight[node] === 0) return;
      const wish = ground.density(x, y) ** 1.5 * (isTip[node] ? 3 : 1);
      ranked.push({ node, key: -Math.log(1 - random.next()) / wish });
    });
    if (ranked.length < facts.rooms) {
      throw new RangeError(`${facts.en} has ${ranked.length} served nodes for ${facts.rooms} pump rooms`);
    }
    ranked.sort((a, b) => a.key - b.key);
    return ranked.slice(0, facts.rooms).map(({ node }, k): RoomSite => {
      const homes = Math.round(random.logNormal(325, 0.8, 40, 3000));
      const pattern = USES[random.weighted(USES.map(([, share]) => share))]![0];
      const code = `${facts.prefix}-${String(k + 1).padStart(4, '0')}`;
      return {
        code,
        number: k + 1,
        district: facts.code,
        node,
        homes,
        pattern,
        meanDemand: homes * HOME_DEMAND,
      };
    });
  });
}
