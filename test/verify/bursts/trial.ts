import { mainLines } from '#gis/city/mainLines.ts';
import type { DemoCity } from '#gis/city/model.ts';
import { locateBurst } from '#sim/burst/locate.ts';
import type { MainOnFile, StationOnFile, ZoneOnFile } from '#sim/burst/onFile.ts';
import type { Localisation } from '#sim/burst/suspects.ts';
import { type ZoneMains, zoneMains } from '#sim/burst/zoneMains.ts';
import type { CityModel } from '#sim/city/model.ts';
import { restoreCity, type SavedCity, saveCity } from '#sim/city/save.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { Random } from '#sim/random.ts';
import { copyCircumstances, force } from '#sim/scenario/force.ts';
import { localTimeOf } from '#sim/scenario/localTime.ts';
import { gatewaysOf } from '#sim/scenario/readings.ts';
import { telemetryOf } from '#sim/scenario/telemetry.ts';
import { emptyTrace, type InletFall, inletFalls, traceInlets } from '#twin/diagnosis/inletTrace.ts';
import { SECOND } from '#twin/units.ts';
import { plantModel } from '../plantModel.ts';

/** A demo city that lives on its plant's truth, and what the utility has on file of it. */
export interface Field {
  model: CityModel;
  saved: SavedCity;
  mains: readonly MainOnFile[];
  stations: readonly StationOnFile[];
  zones: readonly ZoneOnFile[];
  seed: number;
}

/** A burst that is tried. */
export interface Burst {
  zone: string;
  main: MainOnFile;
  node: string;
  /** m³/h */
  flow: number;
}

export interface BurstResult extends Burst {
  /** rooms that were asked, and the largest fall of their pressure, MPa */
  rooms: number;
  largest: number;
  /** rooms that stand below the limit of their own alarm */
  low: number;
  found: Localisation | null;
  /** place among the suspects of the stretch with a main at the broken node, from 1; 0: none of them */
  place: number;
  /** m along the mains from the broken node to the main that is suspected most */
  distance: number;
  /** of all mains of the zone, m */
  zoneLength: number;
  /** ms */
  took: number;
}

const INTERVAL = 2 * SECOND;
/** s watched before and after */
const BEFORE = 180;
const AFTER = 150;
/** Where F21-LOW-INLET is raised, MPa. */
const LOW = 0.1;
const NOW = '0 s';

/** @param start local time, as scenarios have it */
export function fieldOf(city: DemoCity, seed: number, start: string): Field {
  const model = plantModel(city, seed);
  const running = startCity(model, localTimeOf(start)!, seed);
  for (let t = 0; t < 60; t++) stepCity(running);
  const outlets = new Map(city.works.map(({ id, outlet }) => [id, outlet]));
  return {
    model,
    saved: saveCity(running),
    mains: mainLines(city),
    stations: city.stations.map(({ code, kind, supplyZone, node, meanDemand }) => ({
      code,
      booster: kind === 'booster',
      zone: supplyZone,
      node,
      meanDemand,
    })),
    zones: city.supplyZones.map(({ id, kind, works, booster, meanDemand }) => ({
      id,
      meanDemand,
      ...(kind === 'works' ? { outlet: outlets.get(works)! } : { booster: booster! }),
    })),
    seed,
  };
}

export const mainsOf = ({ zones, mains, stations }: Field, zone: string): ZoneMains =>
  zoneMains(zones.find(({ id }) => id === zone)!, mains, stations)!;

/** Mains of differing size drawn by a seed, in zones with rooms enough; breaking open at 1.5 to 3 m/s of their bore. */
export function drawBursts(field: Field, seed: number, count: number): Burst[] {
  const random = new Random(seed, 11);
  const rooms = new Map<string, number>();
  for (const { zone } of field.stations) rooms.set(zone, (rooms.get(zone) ?? 0) + 1);
  const shut = new Set(shutMains(field));
  return Array.from({ length: count }, (_, i) => {
    const [least, most] = SIZES[i % SIZES.length]!;
    const all = field.mains.filter(
      ({ id, dn, zone }) => dn >= least && dn <= most && (rooms.get(zone) ?? 0) >= 5 && !shut.has(id),
    );
    const main = all[Math.floor(random.uniform() * all.length)]!;
    const speed = random.between(1.5, 3);
    const flow = Math.round(speed * (Math.PI / 4) * (main.dn / 1000) ** 2 * 3600);
    return { zone: main.zone, main, node: main.to, flow };
  });
}
const SIZES = [
  [150, 200],
  [250, 300],
  [400, 500],
  [600, 800],
] as const;

/** Shut between two zones, or through a booster. */
function shutMains({ model }: Field): string[] {
  const { linkIds, initialStatus } = model.h;
  return linkIds.filter((id, link) => initialStatus[link]! <= 2 || id.endsWith('-BP'));
}

/** What the stations of a zone saw of a burst. */
export interface Watched {
  falls: InletFall[];
  /** how many stand below the limit that raises their own alarm */
  low: number;
}

/** Lets a main burst and watches what the stations of its zone see, through their sensors. */
export function watchBurst(field: Field, zone: ZoneMains, { node, flow }: Burst): Watched {
  const city = restoreCity(field.model, field.saved);
  const acting = force(city, copyCircumstances(city.circumstances));
  const numbers = zone.stations.map(({ code }) => field.model.roomOf.get(code)!);
  const gateways = gatewaysOf(city, numbers, field.seed, acting);
  const telemetry = telemetryOf(gateways.rooms, INTERVAL);
  const trace = emptyTrace();
  for (let t = 0; t < BEFORE + AFTER; t++) {
    if (t === BEFORE) acting.begin({ do: 'burst', at: NOW, node, flow });
    acting.refresh();
    stepCity(city);
    if (city.time % INTERVAL !== 0) continue;
    telemetry.take(gateways.read());
    traceInlets(trace, telemetry.state, city.time);
  }
  const codes = zone.stations.map(({ code }) => code);
  return {
    falls: inletFalls(trace, codes)?.falls ?? [],
    low: numbers.filter((room) => city.rooms[room]!.state.inletPressure < LOW).length,
  };
}

/** Asks where it was, by what was seen of it. */
export function judgeBurst(zone: ZoneMains, burst: Burst, { falls, low }: Watched): BurstResult {
  const began = performance.now();
  const found = locateBurst(zone, falls);
  const took = performance.now() - began;
  const node = zone.h.nodeIndex.get(burst.node);
  const broken = node === undefined ? [] : zone.at[node]!.map((main) => zone.mains[main]!.id);
  const first = found?.suspects[0]?.mains[0];
  return {
    ...burst,
    rooms: falls.length,
    low,
    largest: Math.max(0, ...falls.map(({ drop }) => drop)),
    found,
    place: (found?.suspects.findIndex(({ mains }) => mains.some((id) => broken.includes(id))) ?? -1) + 1,
    distance: node !== undefined && first ? distanceTo(zone, node, first) : Number.POSITIVE_INFINITY,
    zoneLength: zone.mains.reduce((sum, { length }) => sum + length, 0),
    took,
  };
}

/** m along the mains from a node to the nearer end of a main. */
function distanceTo({ mains, at, h }: ZoneMains, node: number, id: string): number {
  const far = new Float64Array(h.nodeCount).fill(Number.POSITIVE_INFINITY);
  far[node] = 0;
  const open = new Set([node]);
  while (open.size > 0) {
    let here = -1;
    for (const one of open) if (here < 0 || far[one]! < far[here]!) here = one;
    open.delete(here);
    for (const main of at[here]!) {
      const { from, to, length } = mains[main]!;
      const other = from === here ? to : from;
      if (far[here]! + length >= far[other]!) continue;
      far[other] = far[here]! + length;
      open.add(other);
    }
  }
  const main = mains.find((one) => one.id === id)!;
  return Math.min(far[main.from]!, far[main.to]!);
}
