import { demandPatterns } from '#twin/demand/patterns.data.ts';
import {
  CONTRACT_PRESSURE,
  type Meter,
  PRESSURE_ZONES,
  type PumpSet,
  type Station,
  type StationKind,
} from '#twin/model/station.ts';
import { metresFromMpa } from '#twin/units.ts';
import { MAX_DAY_FACTOR } from '../demand/nodeDemand.ts';
import type { RoomSite } from '../demand/rooms.ts';
import { districtFacts } from '../place.data.ts';
import type { Random } from '../random.ts';
import { meterFor, pipeFor } from './fittings.ts';
import { choosePumps, pumpUnits } from './pumps.ts';

/** Maximum day over mean day of one room, whose days differ more than a city's (1.1 to 1.5, GB 50013-2018, 4.0.9). */
const ROOM_MAX_DAY = 1.5;
/** An inline room counts on this much at its inlet, MPa; below it slows down. */
const INLINE_INLET = 0.2;
/** Lost between suction and outlet manifold, m. */
const ROOM_LOSS = 2.5;
/** Share of a tank between the level at which its inlet opens for certain and that which is kept for a fault. */
const USABLE = 0.4;
/** Before a tank fills, the water has risen to its rim and passed branch and meter: lost at the contract limit, MPa. */
const RIM = 0.03;
const BRANCH_LOSS = 0.025;
/** Less than this at the inlet no tank is planned for, MPa: there the main is at fault. */
const LEAST_COUNTED = 0.1;
/** Town pressure serves the floors below this one. */
const FIRST_PUMPED_FLOOR = 6;

/** Where a room stands and what the mains give it. */
export interface RoomPlace {
  kind: StationKind;
  zones: number;
  node: string;
  supplyZone: string;
  lon: number;
  lat: number;
  elevation: number;
  /** least that the mains give there, MPa */
  pressure: number;
}

/** A pump room with pumps, tank, valve and meters for what it serves. */
export function equipRoom(site: RoomSite, place: RoomPlace, random: Random): Station {
  const facts = districtFacts.find(({ code }) => code === site.district)!;
  const serial = String(site.number).padStart(3, '0');
  const year = Math.round(2026 - 1 - 22 * random.next() ** 1.6);
  const pumpSets = zoneFloors(place.zones, random).map(({ top, floors, share }, k): PumpSet => {
    const homes = Math.max(1, Math.round(site.homes * share));
    const setpoint = round(0.04 * (top + 1) + random.between(0.02, 0.05), 2);
    const flow = maximumHour(site.meanDemand * share, homes);
    const inlet = place.kind === 'inline' ? INLINE_INLET : 0;
    const choice = choosePumps({ flow, head: metresFromMpa(setpoint - inlet) + ROOM_LOSS });
    return {
      zone: PRESSURE_ZONES[k]!,
      setpoint,
      pumps: pumpUnits(choice, 1, year, random),
      homes,
      topHeight: round(3 * top + random.between(1.5, 5) + 0.05 * floors, 1),
      bladderLitres: [50, 80, 100, 150, 200, 300].find((litres) => litres >= 6 * flow) ?? 300,
    };
  });
  const peak = maximumHour(site.meanDemand, site.homes);
  const meters: Meter[] = pumpSets.map((set) => {
    return { at: set.zone, ...meterFor(maximumHour((site.meanDemand * set.homes) / site.homes, set.homes)) };
  });
  return {
    code: site.code,
    name: { zh: `${facts.zh} ${serial} 号泵房`, en: `${facts.en} pump room ${serial}` },
    kind: place.kind,
    district: site.district,
    supplyZone: place.supplyZone,
    node: place.node,
    lon: place.lon,
    lat: place.lat,
    elevation: round(place.elevation, 2),
    pattern: site.pattern,
    meanDemand: round(site.meanDemand, 5),
    pumpSets,
    ...(place.kind === 'tank'
      ? tankAndValve(site, place.pressure, meters, random)
      : directInlet(peak, meters)),
    year,
  };
}

/** Flow to design for, m³/h: maximum hour of the maximum day; the fewer the homes, the sharper their peak. */
export function maximumHour(mean: number, homes: number): number {
  return mean * MAX_DAY_FACTOR * Math.min(4.5, 1.9 + 12 / Math.sqrt(homes));
}

/**
 * Numbers of pressure zones with the shares 35, 45, 17 and 3 % for one to four; large estates tend to be tall.
 */
export function zoneCounts(sites: readonly RoomSite[], random: Random): number[] {
  const ranked = sites
    .map((site, k) => ({ k, score: 0.6 * Math.log(site.homes / 325) + 0.8 * random.normal() }))
    .sort((a, b) => a.score - b.score);
  const counts = new Array<number>(sites.length).fill(1);
  ranked.forEach(({ k }, rank) => {
    const share = rank / sites.length;
    counts[k] = share < 0.35 ? 1 : share < 0.8 ? 2 : share < 0.97 ? 3 : 4;
  });
  return counts;
}

function zoneFloors(zones: number, random: Random) {
  const floors = Array.from({ length: zones }, () =>
    Math.floor(zones === 1 ? random.between(5, 11) : random.between(8, 11)),
  );
  const total = floors.reduce((sum, n) => sum + n, 0);
  let top = FIRST_PUMPED_FLOOR - 1;
  return floors.map((n) => {
    top += n;
    return { top, floors: n, share: n / total };
  });
}

function tankAndValve(site: RoomSite, pressure: number, meters: readonly Meter[], random: Random) {
  const volume = Math.max(4, round(random.between(0.15, 0.3) * site.meanDemand * 24, 1));
  const day = demandPatterns[site.pattern]!.map((factor) => factor * site.meanDemand * ROOM_MAX_DAY);
  const chosen = site.meanDemand * MAX_DAY_FACTOR * random.between(1.3, 2);
  const fill = round(
    Math.max(chosen, leastInflow(day, USABLE * volume) / shareOfLimit(Math.max(LEAST_COUNTED, pressure))),
    1,
  );
  const kind = random.next() < 0.45 ? ('electric' as const) : ('float' as const);
  return {
    tank: {
      compartments: volume > 50 || random.next() < 0.25 ? (2 as const) : (1 as const),
      volume,
      height: volume < 15 ? 2 : random.pick([2, 2.5, 2.5, 3, 3.5]),
    },
    inlet: { kind, dn: pipeFor(fill), maxFlow: fill },
    meters: [{ at: 'inlet' as const, ...meterFor(fill) }, ...meters],
  };
}

/** Share of its contract limit that an inlet gives at a pressure of the mains in MPa; more than 1 at a high one. */
export function shareOfLimit(pressure: number): number {
  return Math.sqrt(Math.max(0, pressure - RIM) / (CONTRACT_PRESSURE + BRANCH_LOSS));
}

/**
 * The least steady inflow, m³/h, by which a store lasts through every stretch of a day that repeats: none may draw more
 * than comes meanwhile and what is stored (the mass curve of W. Rippl, The capacity of storage-reservoirs for water
 * supply, Minutes of the Proceedings ICE 71, 1883).
 * @param demand by hour, m³/h
 * @param stored m³
 */
export function leastInflow(demand: readonly number[], stored: number): number {
  let least = 0;
  for (let from = 0; from < demand.length; from++) {
    let drawn = 0;
    for (let hours = 1; hours <= demand.length; hours++) {
      drawn += demand[(from + hours - 1) % demand.length]!;
      least = Math.max(least, (drawn - stored) / hours);
    }
  }
  return least;
}

function directInlet(peak: number, meters: readonly Meter[]) {
  const maxFlow = round(1.1 * peak, 1);
  return {
    inlet: { kind: 'none' as const, dn: pipeFor(maxFlow), maxFlow },
    meters: [{ at: 'inlet' as const, ...meterFor(maxFlow) }, ...meters],
  };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
