import type { Station, StationKind } from '#twin/model/station.ts';
import { isExplainedBy } from '#twin/rules/causes.ts';
import type { Fleet } from '#twin/rules/fleet.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag } from '#twin/rules/look.ts';
import type { AreaKind } from '#twin/rules/rule.ts';
import { type Cells, emptyCells, growCells, Phase, stepCells, type Turns } from './cells.ts';
import type { Site } from './site.ts';

/**
 * Where a station lies: ids of its district and supply zone, and of the zone from which a booster feeds that one. Empty
 * where nobody knows: such a station is in no district, or in no zone, with any other.
 */
export type AreaOf = (station: string) => Area;

export interface Area {
  district: string;
  zone: string;
  drawsFrom?: string | undefined;
}

export const areaOfStation = ({
  district,
  supplyZone,
  drawsFrom,
}: Pick<Station, 'district' | 'supplyZone' | 'drawsFrom'>): Area => ({
  district,
  zone: supplyZone,
  drawsFrom,
});

/** A rule that gathers the alarms of another, and where it stands in each area. */
export interface Gathering {
  readonly rule: Rule;
  /** gatherings that explain this one, of areas that hold or feed its own; of zones itself, for those that they feed */
  readonly causes: readonly Gathering[];
  /** names of the areas as alarms are named by: `district:350203`, `zone:Z1`, `city` */
  readonly areas: string[];
  readonly index: Map<string, number>;
  /** rooms of each area */
  readonly rooms: number[];
  /** at the last look, by area: rooms whose condition held, and when the first of them began, ms since epoch */
  present: number[];
  began: number[];
  /** district in which all rooms of each area lie; null: they lie in several */
  readonly districts: (string | null)[];
  /** of zones behind a booster: the name of the zone that feeds it */
  readonly feeders: Map<string, string>;
  /** the area of each station of a fleet; NOWHERE when nobody knows it */
  readonly areasOf: Map<Fleet, number[]>;
  cells: Cells;
  /** of the rule that is gathered, and of how many fleets they are */
  sites: readonly Site[];
  fleets: number;
  /** areas that stand beneath a cause */
  readonly suppressed: Set<number>;
}

/** The gatherings of rules, causes first as the rules are. */
export function gatheringsOf(rules: readonly Rule[]): Gathering[] {
  const made: Gathering[] = [];
  for (const rule of rules) {
    if (!rule.gather) continue;
    const causes = made.filter((other) => isExplainedBy(rule.text, other.rule.text.id));
    const gathering: Gathering = {
      rule,
      causes,
      areas: [],
      index: new Map(),
      rooms: [],
      present: [],
      began: [],
      districts: [],
      feeders: new Map(),
      areasOf: new Map(),
      cells: emptyCells(0),
      sites: [],
      fleets: 0,
      suppressed: new Set(),
    };
    if (rule.gather.in === 'zone') causes.push(gathering);
    made.push(gathering);
  }
  return made;
}

/** In place of the number of an area. */
const NOWHERE = -1;

/** Takes up stations that are new since the last look. */
export function extendAreas(gathering: Gathering, fleet: Fleet, areaOf: AreaOf): void {
  const known = gathering.areasOf.get(fleet) ?? [];
  gathering.areasOf.set(fleet, known);
  for (const { columns, row } of fleet.stations.slice(known.length)) {
    const place = areaOf(columns.codes[row]!);
    const area = indexOfArea(gathering, place);
    known.push(area);
    if (area === NOWHERE) continue;
    gathering.rooms[area]!++;
    if (gathering.districts[area] !== place.district) gathering.districts[area] = null;
    if (place.drawsFrom !== undefined) gathering.feeders.set(`zone:${place.zone}`, `zone:${place.drawsFrom}`);
  }
}

/** The area that a row of a site lies in. */
export const areaAt = ({ areasOf }: Gathering, { fleet, rule }: Site, row: number): number | undefined => {
  const area = areasOf.get(fleet)?.[fleet.stationOf[rule.scope][row]!];
  return area === NOWHERE ? undefined : area;
};

/** The number of the area in which a station lies; undefined when nobody there has been looked at. */
export const areaOfPlace = ({ rule, index }: Gathering, place: Area): number | undefined =>
  index.get(nameOfArea(rule.gather!.in, place) ?? '');

/** The number of the area in which a room lies, made when it is new; NOWHERE when nobody knows. */
function indexOfArea(gathering: Gathering, place: Area): number {
  const name = nameOfArea(gathering.rule.gather!.in, place);
  if (name === null) return NOWHERE;
  const known = gathering.index.get(name);
  if (known !== undefined) return known;
  const area = gathering.areas.push(name) - 1;
  gathering.index.set(name, area);
  gathering.rooms.push(0);
  gathering.districts.push(place.district);
  gathering.cells = growCells(gathering.cells, area + 1);
  return area;
}

function nameOfArea(kind: AreaKind, { district, zone }: Area): string | null {
  if (kind === 'city') return 'city';
  const id = kind === 'zone' ? zone : district;
  return id === '' ? null : `${kind}:${id}`;
}

/** Whether a room's alarm counts: what its own room explains, or what is out of service, does not. */
export type Counts = (site: Site, row: number) => boolean;

/**
 * Moves a gathering to `now`, by where the alarms of its rooms stood at the last look: so that those that are due now
 * already find their area's.
 */
export function stepGathering(
  gathering: Gathering,
  sites: readonly Site[],
  counts: Counts,
  now: number,
  elapsed: number,
): Turns {
  const { rule, areas, rooms, cells } = gathering;
  const { count, share, within } = rule.gather!;
  const met = new Set<number>();
  const beginning = new Array<number>(areas.length).fill(0);
  const present = new Array<number>(areas.length).fill(0);
  const began = new Array<number>(areas.length).fill(now);
  for (const site of sites) {
    if (!site.cells.busy) continue;
    const { phase, since, raisedAt } = site.cells;
    const areas = gathering.areasOf.get(site.fleet)!;
    const stationOf = site.fleet.stationOf[site.rule.scope];
    met.clear();
    for (let row = 0; row < phase.length; row++) {
      if (phase[row] === Phase.quiet || !counts(site, row)) continue;
      // a room of several pump sets counts once
      const room = stationOf[row]!;
      if (met.has(room)) continue;
      met.add(room);
      const area = areas[room]!;
      if (area === NOWHERE) continue;
      const from = phase[row] === Phase.rising ? since[row]! : raisedAt[row]!;
      present[area]!++;
      began[area] = Math.min(began[area]!, from);
      if (now - from <= within) beginning[area]!++;
    }
  }
  Object.assign(gathering, { present, began });
  const when = new Uint8Array(areas.length);
  const clear = new Uint8Array(areas.length);
  for (let area = 0; area < areas.length; area++) {
    const need = Math.max(count, share * rooms[area]!);
    when[area] = beginning[area]! >= need ? Flag.yes : Flag.no;
    clear[area] = present[area]! < need / 2 ? Flag.yes : Flag.no;
  }
  const waits = (area: number) =>
    gathering.causes.some((cause) =>
      areasAbove(cause, gathering, area).some((above) => isRising(cause, above)),
    );
  return stepCells(cells, rule, when, clear, areas.length, now, elapsed, waits);
}

/**
 * The areas of a cause that explain one of another: the city every one, a district the zones that lie wholly within it, a
 * zone itself and the zones that boosters feed from it, where what it lacks is missing too.
 */
function areasAbove(cause: Gathering, { areas, districts, feeders }: Gathering, area: number): number[] {
  const name = areas[area]!;
  const names = {
    city: ['city'],
    district: [`district:${districts[area]}`],
    zone: [name, feeders.get(name) ?? ''],
  };
  const above = names[cause.rule.gather!.in].flatMap((one) => cause.index.get(one) ?? []);
  return above.filter((one) => cause.areas !== areas || one !== area);
}

/** The areas of another gathering that an area of a cause explains. */
export const areasBeneath = (cause: Gathering, above: number, other: Gathering): number[] =>
  other.causes.includes(cause)
    ? [...other.areas.keys()].filter((area) => areasAbove(cause, other, area).includes(above))
    : [];

const isRising = ({ cells }: Gathering, area: number): boolean => cells.phase[area] === Phase.rising;

const isStanding = ({ cells }: Gathering, area: number): boolean => cells.phase[area]! >= Phase.standing;

/** Name of the rule and area that explains an area's alarm, while one stands. */
export function causeOfArea(gathering: Gathering, area: number): { rule: string; station: string } | null {
  for (const cause of gathering.causes) {
    const above = areasAbove(cause, gathering, area).find((one) => isStanding(cause, one));
    if (above !== undefined) return { rule: cause.rule.text.id, station: cause.areas[above]! };
  }
  return null;
}

/** Whether alarms of an area explain those of a rule of rooms: of the one that is gathered, and of who names the area's as a cause. */
export const explainsRooms = ({ rule }: Gathering, { text }: Rule, kind?: StationKind): boolean =>
  rule.gather!.rule === text.id || isExplainedBy(text, rule.text.id, kind);

/** How the areas of a room explain its alarm: by one that stands, or by one that is on its way. */
export function areaCause(
  gatherings: readonly Gathering[],
  site: Site,
  row: number,
): { rule: string; station: string } | 'coming' | null {
  let coming = false;
  for (const gathering of gatherings) {
    if (!explainsRooms(gathering, site.rule, site.fleet.kind)) continue;
    const area = areaAt(gathering, site, row);
    if (area === undefined) continue;
    if (isStanding(gathering, area)) return { rule: gathering.rule.text.id, station: gathering.areas[area]! };
    coming ||= isRising(gathering, area);
  }
  return coming ? 'coming' : null;
}

/** Whether a room's alarm is not due yet: that of its area is on its way, or it is none without that. */
export function waitsForArea(gatherings: readonly Gathering[], site: Site, row: number): boolean {
  const cause = areaCause(gatherings, site, row);
  return cause === 'coming' || (cause === null && !site.rule.alone);
}
