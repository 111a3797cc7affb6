import type { RoomSite } from '../demand/rooms.ts';
import type { TreeFlows } from '../mains/flows.ts';
import type { Layout } from '../mains/layout.ts';
import { NIGHT_SETBACK, type ZonePlan } from '../mains/zones.ts';
import type { Random } from '../random.ts';
import { METRES_PER_MPA } from './rooms.ts';

/** Share of rooms without a tank. */
const INLINE_SHARE = 0.35;
/** An inline room must not draw its main below this, MPa. */
export const INLINE_LEAST_PRESSURE = 0.22;
/** What the estimate of the mains pressure may be wrong by, m. */
const MARGIN = 2;

/**
 * Which rooms draw directly from the main: about 35 %, only where the mains pressure stays above 0.22 MPa, and
 * never where supply must not stop (hospitals).
 */
export function chooseInline(
  sites: readonly RoomSite[],
  layout: Layout,
  flows: TreeFlows,
  plan: ZonePlan,
  random: Random,
): boolean[] {
  const fit = sites.flatMap((site, k) => {
    const pressure = leastPressure(site.node, layout, flows, plan) - MARGIN;
    return pressure / METRES_PER_MPA >= INLINE_LEAST_PRESSURE && site.pattern !== 'HOSPITAL' ? [k] : [];
  });
  const chosen = new Set(random.shuffle(fit).slice(0, Math.round(INLINE_SHARE * sites.length)));
  return sites.map((_, k) => chosen.has(k));
}

/** Lower bound of the pressure at a node over the day, m: at peak flow by the tree's loss, else by set-back. */
export function leastPressure(node: number, layout: Layout, flows: TreeFlows, plan: ZonePlan): number {
  const zone = plan.zones[plan.zone[node]!]!;
  const lost = flows.loss[node]! - flows.loss[zone.root]!;
  return zone.head - Math.max(lost, NIGHT_SETBACK) - layout.nodes[node]!.elevation;
}
