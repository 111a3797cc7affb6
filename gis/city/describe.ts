import type { BoosterPlan } from './boosters.ts';
import type { ZonePlan } from './mains/pressureZone.ts';
import type { SupplyZone, Works } from './model.ts';
import { districtFacts, worksFacts } from './place.data.ts';

/** Zones and works of a plan in the words of the city's model. */
export function describeZones(
  { zones }: ZonePlan,
  boosters: readonly BoosterPlan[],
): { supplyZones: SupplyZone[]; works: Works[] } {
  const boosterOf = new Map(boosters.map((booster) => [booster.zone, booster]));
  const supplyZones = zones.map((zone, k): SupplyZone => {
    const works = worksFacts[zone.works]!;
    const booster = boosterOf.get(k);
    const shared = { works: works.id, meanDemand: zone.meanDemand, feedHead: zone.headByHour };
    if (!booster) {
      const name = {
        zh: `${works.zh.replace('水厂', '')}供水区`,
        en: `${works.en.replace(' Works', '')} zone`,
      };
      return { id: `Z-${works.id}`, name, kind: 'works', ...shared };
    }
    const district = districtFacts.find(({ code }) => code === booster.district)!;
    const serial = String(booster.number).padStart(2, '0');
    return {
      id: `Z-${booster.code}`,
      name: { zh: `${district.zh} ${serial} 号加压区`, en: `${district.en} boosted zone ${serial}` },
      kind: 'booster',
      booster: booster.code,
      ...shared,
    };
  });
  const works = zones.flatMap((zone): Works[] => {
    if (zone.boosted) return [];
    const { id, zh, en, district, lon, lat, capacity } = worksFacts[zone.works]!;
    return [
      {
        id,
        name: { zh, en },
        district,
        lon,
        lat,
        elevation: zone.suctionByHour[0]!,
        capacity,
        meanOutflow: zone.flowByHour.reduce((sum, q) => sum + q, 0),
        reservoir: `${id}-CW`,
        pump: `${id}-PS`,
        outlet: `${id}-OUT`,
      },
    ];
  });
  return { supplyZones, works };
}
