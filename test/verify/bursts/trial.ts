import { locateBurst } from '#sim/burst/locate.ts';
import type { MainOnFile } from '#sim/burst/onFile.ts';
import type { Localisation } from '#sim/burst/suspects.ts';
import type { ZoneMains } from '#sim/burst/zoneMains.ts';
import { Random } from '#sim/random.ts';
import { type InletFall, inletFalls } from '#twin/diagnosis/inletTrace.ts';
import { SECOND } from '#twin/units.ts';
import type { Field } from './field.ts';
import { saysBurst, watchField } from './watch.ts';

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
  /** the rule by which people were told of the zone, or of the one that feeds it, and how long after the burst, s */
  told: { rule: string; zone: string; after: number } | null;
  /** what they were told of other zones meanwhile */
  elsewhere: string[];
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

/** s watched before; windows of the rules are full then */
const BEFORE = 240;
/** s after which it is asked where it was */
const ASKED = 150;
/** s within which people are to be told */
const WITHIN = 300;
/** Where F21-LOW-INLET is raised, MPa. */
const LOW = 0.1;
const NOW = '0 s';

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

/** What the stations of a zone saw of a burst, and what people were told of it. */
export interface Watched extends Pick<BurstResult, 'low' | 'told' | 'elsewhere'> {
  falls: InletFall[];
}

/** Lets a main burst in a city that is watched, through its sensors and under the rules in force. */
export function watchBurst(
  field: Field,
  zone: ZoneMains,
  { node, flow, ...burst }: Burst,
  look: number,
): Watched {
  const watch = watchField(field, look);
  const { city, acting, trace } = watch;
  watch.run(BEFORE);
  const began = city.time;
  acting.begin({ do: 'burst', at: NOW, node, flow });
  watch.run(ASKED);
  const codes = zone.stations.map(({ code }) => code);
  const falls = inletFalls(trace, codes)?.falls ?? [];
  const low = codes.filter((code) => city.rooms[field.model.roomOf.get(code)!]!.state.inletPressure < LOW);
  watch.run(WITHIN - ASKED);
  const bursts = watch.told.filter((event) => saysBurst(event) && event.time > began);
  const here = [burst.zone, feederOf(field, burst.zone)]
    .map((zone) => bursts.find(({ station }) => station === `zone:${zone}`))
    .find((event) => event !== undefined);
  return {
    falls,
    low: low.length,
    told: here
      ? { rule: here.rule, zone: here.station.replace('zone:', ''), after: (here.time - began) / SECOND }
      : null,
    elsewhere: bursts.flatMap(({ rule, station }) =>
      station === here?.station ? [] : [`${rule} ${station}`],
    ),
  };
}

/** The zone from which a booster feeds another. */
const feederOf = ({ model }: Field, zone: string): string | undefined =>
  model.rooms.find(({ station }) => station.supplyZone === zone && station.drawsFrom !== undefined)?.station
    .drawsFrom;

/** Asks where it was, by what was seen of it. */
export function judgeBurst(zone: ZoneMains, burst: Burst, { falls, ...watched }: Watched): BurstResult {
  const began = performance.now();
  const found = locateBurst(zone, falls);
  const took = performance.now() - began;
  const node = zone.h.nodeIndex.get(burst.node);
  const broken = node === undefined ? [] : zone.at[node]!.map((main) => zone.mains[main]!.id);
  const first = found?.suspects[0]?.mains[0];
  return {
    ...burst,
    ...watched,
    rooms: falls.length,
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
