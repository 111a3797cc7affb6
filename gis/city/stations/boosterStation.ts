import type { Station } from '#twin/model/station.ts';
import { mpaFromMetres } from '#twin/units.ts';
import type { BoosterPlan } from '../boosters.ts';
import { MAX_DAY_FACTOR } from '../demand/nodeDemand.ts';
import { HOME_DEMAND } from '../demand/rooms.ts';
import { LEAST_PRESSURE, type PressureZone } from '../mains/pressureZone.ts';
import { districtFacts } from '../place.data.ts';
import type { Random } from '../random.ts';
import { meterFor, pipeFor } from './fittings.ts';
import { pumpUnits } from './pumps.ts';
import type { RoomPlace } from './rooms.ts';

/** A regional booster as a station: one pump set that lifts the low zone's water into its own zone. */
export function equipBooster(
  plan: BoosterPlan,
  zone: PressureZone,
  place: Omit<RoomPlace, 'kind' | 'zones' | 'pressure'>,
  random: Random,
): Station {
  const facts = districtFacts.find(({ code }) => code === plan.district)!;
  const serial = String(plan.number).padStart(2, '0');
  const year = Math.round(2025 - 25 * random.next() ** 1.4);
  const mean = zone.flowByHour.reduce((sum, q) => sum + q, 0) / 24;
  const peak = MAX_DAY_FACTOR * Math.max(...zone.flowByHour);
  const lift = zone.head - place.elevation;
  return {
    code: plan.code,
    name: { zh: `${facts.zh} ${serial} 号加压泵站`, en: `${facts.en} booster station ${serial}` },
    kind: 'booster',
    district: plan.district,
    supplyZone: `Z-${plan.code}`,
    drawsFrom: place.supplyZone,
    node: place.node,
    lon: place.lon,
    lat: place.lat,
    elevation: Math.round(place.elevation * 100) / 100,
    pattern: 'CITY_total',
    meanDemand: Math.round(mean * 1000) / 1000,
    pumpSets: [
      {
        zone: 'LO',
        setpoint: Math.round(mpaFromMetres(lift) * 100) / 100,
        pumps: pumpUnits({ family: plan.family, stages: 1, duty: plan.duty }, plan.standby, year, random),
        homes: Math.round(mean / HOME_DEMAND),
        topHeight: Math.round((lift - LEAST_PRESSURE) * 10) / 10,
        bladderLitres: 1000,
      },
    ],
    inlet: { kind: 'none', dn: pipeFor(peak), maxFlow: Math.round(peak) },
    meters: [
      { at: 'inlet', ...meterFor(peak) },
      { at: 'LO', ...meterFor(peak) },
    ],
    year,
  };
}
