import { mpaFromMetres } from '#twin/units.ts';
import type { RoomSite } from '../demand/rooms.ts';
import type { TreeFlows } from '../mains/flows.ts';
import type { Layout } from '../mains/layout.ts';
import { MAX_DAY_LOSS, type ZonePlan } from '../mains/pressureZone.ts';
import { leastPressure } from '../mains/reach.ts';
import type { Random } from '../random.ts';

/** Share of rooms without a tank. */
const INLINE_SHARE = 0.35;
/** An inline room must not draw its main below this, MPa. */
export const INLINE_LEAST_PRESSURE = 0.22;
/** What the estimate of the mains pressure may be wrong by, m. */
const MARGIN = 2;

/**
 * Which rooms draw directly from the main: about 35 %, only where the mains pressure stays above 0.22 MPa on the
 * maximum day too, and
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
    const pressure = leastPressure(site.node, layout, flows, plan, MAX_DAY_LOSS) - MARGIN;
    return mpaFromMetres(pressure) >= INLINE_LEAST_PRESSURE && site.pattern !== 'HOSPITAL' ? [k] : [];
  });
  const chosen = new Set(random.shuffle(fit).slice(0, Math.round(INLINE_SHARE * sites.length)));
  return sites.map((_, k) => chosen.has(k));
}
