import { pumpFamilies, pumpFamily, pumpHead } from '#twin/curves/pump.ts';
import { MAX_DAY_FACTOR } from './demand/nodeDemand.ts';
import type { PressureZone, ZonePlan } from './mains/pressureZone.ts';
import { districtFacts } from './place.data.ts';

/** A booster station as the network sees it: the pumps between the low zone and its own. */
export interface BoosterPlan {
  code: string;
  number: number;
  district: string;
  /** index into the zone plan */
  zone: number;
  /** curve family of each pump, all equal */
  family: string;
  duty: number;
  standby: number;
  /** share of rated speed, hour by hour */
  speed: number[];
}

/** Head of the pumps chosen, share of the lift of the maximum day. */
const HEAD_RESERVE = 1.1;

/** Chooses pumps for each booster zone. Codes run per district in the order of the zones. */
export function planBoosters({ zones }: ZonePlan, districtOfNode: readonly string[]): BoosterPlan[] {
  const counts = new Map<string, number>();
  return zones.flatMap((zone, k) => {
    if (!zone.boosted) return [];
    const district = districtOfNode[zone.root]!;
    const number = (counts.get(district) ?? 0) + 1;
    counts.set(district, number);
    const { prefix } = districtFacts.find((facts) => facts.code === district)!;
    const code = `${prefix}-B${String(number).padStart(2, '0')}`;
    return [{ code, number, district, zone: k, ...choosePumps(zone, code) }];
  });
}

/** Lift of a zone's booster hour by hour, m. */
export function liftByHour(zone: PressureZone): number[] {
  return zone.headByHour.map((head, h) => head - zone.suctionByHour[h]!);
}

function choosePumps(zone: PressureZone, code: string) {
  const lift = liftByHour(zone);
  const peak = MAX_DAY_FACTOR * Math.max(...zone.flowByHour);
  const head = HEAD_RESERVE * (zone.head - zone.leastSuction);
  const duty = peak < 180 ? 1 : peak < 900 ? 2 : peak < 2400 ? 3 : Math.ceil(peak / 1500) + 1;
  const family = Object.entries(pumpFamilies)
    .filter(
      ([name, f]) => name.startsWith('B') && f.maxFlow > peak / duty && f.ratedFlow >= 0.85 * (peak / duty),
    )
    .sort(([, a], [, b]) => a.ratedFlow - b.ratedFlow || a.ratedHeadPerStage - b.ratedHeadPerStage)
    .find(([, f]) => pumpHead(f, 1, peak / duty, 1) >= head)?.[0];
  if (family === undefined) {
    throw new RangeError(
      `booster ${code}: no pump gives ${head.toFixed(0)} m at ${(peak / duty).toFixed(0)} m³/h`,
    );
  }
  const { shutoffHeadPerStage, a } = pumpFamily(family);
  const speed = lift.map((m, h) =>
    Math.sqrt((m + a * (zone.flowByHour[h]! / duty) ** 2) / shutoffHeadPerStage),
  );
  return { family, duty, standby: 1, speed };
}
