import type { CityModel } from '#sim/city/model.ts';
import { templateOf } from '#twin/catalogue/template.ts';
import type { Station } from '#twin/model/station.ts';
import { nearNames } from '#twin/nearNames.ts';
import type { Issue, LineOf } from './issue.ts';
import { QUANTITIES } from './quantity.ts';
import type { Scenario, ScenarioEvent } from './schema.ts';
import { parseSentences } from './sentences.ts';
import { parseCondition, parseSelector, parseSubject, type Selector } from './statement.ts';
import { isWear } from './wear.ts';

type Path = (string | number)[];

const TANK_FAULTS: ReadonlySet<string> = new Set([
  'tank-drain-open',
  'hatch-open',
  'contaminated',
  'cleaning-missed',
]);

/** What of a city a scenario can name. */
export interface CityNames {
  stations: readonly Station[];
  nodes: ReadonlySet<string>;
  works: readonly string[];
}

/** Names of a model that stations were taken from. Works are what their pumping station's link, `ID-PS`, says. */
export function namesOf(model: CityModel): CityNames {
  return {
    stations: model.rooms.map(({ station }) => station),
    nodes: new Set(model.h.nodeIds),
    works: model.scheduled.flatMap(({ link }) => /^(.+)-PS$/.exec(model.h.linkIds[link]!)?.[1] ?? []),
  };
}

/** Every name in a scenario that is not in the city, with those that are near. */
export function checkNames(scenario: Scenario, names: CityNames, lineOf: LineOf): Issue[] {
  const issues: Issue[] = [];
  const say = (path: Path, message: string) => issues.push({ line: lineOf(path), path, message });
  const within = selectStations(names.stations, parseSelector(scenario.extent));
  const known = new Map(within.map((station) => [station.code, station]));
  const missing = (code: string): string =>
    names.stations.some((station) => station.code === code)
      ? `station ${code} is not in the extent "${scenario.extent}"`
      : `there is no station ${code}${nearest(code, known.keys())}`;
  const selector = (path: Path, asked: Selector, tank = false) => {
    if (asked.of === 'node') {
      if (!names.nodes.has(asked.name))
        say(path, `there is no node ${asked.name}${nearest(asked.name, names.nodes)}`);
      return;
    }
    if (asked.of === 'station') {
      const station = known.get(asked.name);
      if (!station) say(path, missing(asked.name));
      else if (tank && station.kind !== 'tank')
        say(path, `station ${asked.name} is ${station.kind}: it has no tank`);
      else if (asked.set !== undefined && !station.pumpSets.some(({ zone }) => zone === asked.set))
        say(path, noSet(station, asked.set));
      return;
    }
    const chosen = selectStations(within, asked);
    if (chosen.length > 0) {
      if (tank && !chosen.some(({ kind }) => kind === 'tank'))
        say(path, `there are no tanks in ${placeOf(asked, scenario.extent)}`);
      return;
    }
    if (asked.of === 'all') {
      say(path, 'there are no pump rooms');
      return;
    }
    const all = within.map(({ supplyZone, district }) => (asked.of === 'zone' ? supplyZone : district));
    say(path, `there is no station in ${asked.of} ${asked.name}${nearest(asked.name, new Set(all))}`);
  };
  // mains alone can be run as well
  if (within.length === 0 && scenario.extent !== 'all') {
    const { of, name } = parseSelector(scenario.extent);
    const all = names.stations.map(({ code, supplyZone, district }) =>
      of === 'station' ? code : of === 'zone' ? supplyZone : district,
    );
    say(['extent'], `no station is in "${scenario.extent}"${nearest(name, new Set(all))}`);
    // every other name would be told as missing, too
    return issues;
  }
  scenario.watch.forEach((text, i) => {
    const subject = parseSubject(text);
    selector(['watch', i], subject.selector, QUANTITIES[subject.quantity]!.tank);
  });
  if (within.length > 0 && selectStations(within, parseSelector(scenario.alarms)).length === 0)
    selector(['alarms'], parseSelector(scenario.alarms));
  scenario.expect.forEach(({ that }, i) => {
    for (const asked of parseSentences(that)) {
      const tank = 'quantity' in asked && QUANTITIES[asked.quantity]!.tank;
      if ('selector' in asked) selector(['expect', i, 'that'], asked.selector, tank);
    }
  });
  scenario.events.forEach((event, i) => {
    const at = (field: string): Path => ['events', i, field];
    if (event.when !== undefined) {
      const condition = parseCondition(event.when);
      selector(at('when'), condition.selector, QUANTITIES[condition.quantity]!.tank);
    }
    if ('stations' in event) selector(at('stations'), parseSelector(event.stations));
    if ('node' in event && !names.nodes.has(event.node))
      say(at('node'), `there is no node ${event.node}${nearest(event.node, names.nodes)}`);
    if (event.do === 'works-outage' && !names.works.includes(event.works))
      say(at('works'), `there are no works ${event.works}${nearest(event.works, names.works)}`);
    if (event.do === 'command') {
      const chosen = selectStations(within, parseSelector(event.stations));
      for (const { field, message } of commandIssues(event, chosen)) say(at(field), message);
    }
    if (!('station' in event)) return;
    selector(at('station'), { of: 'station', name: event.station, limit: 1 });
    const station = known.get(event.station);
    if (!station) return;
    if (event.do === 'room-fault' && TANK_FAULTS.has(event.fault) && station.kind !== 'tank')
      say(at('station'), `station ${event.station} is ${station.kind}: it has no tank`);
    if (event.do === 'room-fault' && isWear(event.fault) && station.kind === 'booster')
      say(
        at('station'),
        `station ${event.station} is a booster: its pumps are links of the mains and do not wear`,
      );
    if (event.do === 'valve-stuck' && station.kind !== 'tank')
      say(at('station'), `station ${event.station} is ${station.kind}: it has no inlet valve`);
    if (event.do === 'sensor-fault') {
      const tags = tagsOf(station);
      if (!tags.has(event.point))
        say(at('point'), `station ${event.station} has no point ${event.point}${nearest(event.point, tags)}`);
    }
    if (!('set' in event)) return;
    const set = station.pumpSets.find(({ zone }) => zone === event.set);
    if (!set) say(at('set'), noSet(station, event.set));
    else if ('pump' in event && !set.pumps.some(({ id }) => id === event.pump))
      say(
        at('pump'),
        `pump set ${event.set} of ${event.station} has no pump ${event.pump}; it has ${set.pumps.map(({ id }) => id).join(', ')}`,
      );
  });
  return issues;
}

/** What no controller of the stations that a command is for would take. */
function commandIssues(
  { point, set }: Extract<ScenarioEvent, { do: 'command' }>,
  stations: readonly Station[],
): { field: 'point' | 'set' | 'stations'; message: string }[] {
  const writable = new Set(
    stations.flatMap((one) => templateOf(one).points.flatMap((p) => (p.writable ? p.tag : []))),
  );
  if (stations.length === 0) return [];
  if (!writable.has(point))
    return [{ field: 'point', message: `${point} cannot be written there${nearest(point, writable)}` }];
  if (point === 'P_SET') {
    if (stations.some(({ pumpSets }) => pumpSets.some(({ zone }) => zone === set))) return [];
    return [{ field: 'set', message: `no station there has a pump set ${set}` }];
  }
  const electric = stations.some(({ inlet }) => inlet?.kind === 'electric');
  return electric ? [] : [{ field: 'stations', message: 'no station there has an electric valve to obey' }];
}

/** The stations of a selector, in the city's order. A limit takes every n-th. */
export function selectStations(stations: readonly Station[], { of, name, limit }: Selector): Station[] {
  const all = stations.filter((station) => {
    if (of === 'all') return true;
    if (of === 'station') return station.code === name;
    return (of === 'zone' ? station.supplyZone : station.district) === name;
  });
  if (all.length <= limit) return all;
  return Array.from({ length: limit }, (_, i) => all[Math.floor((i * all.length) / limit)]!);
}

/** What a selector of several stations asks for, as a sentence says it. */
function placeOf({ of, name, limit }: Selector, extent: string): string {
  const all = extent === 'all' ? 'the city' : `the extent "${extent}"`;
  const place = of === 'all' ? all : `${of} ${name}`;
  return Number.isFinite(limit) ? `${limit} of ${place}` : place;
}

/** The tags of a station's own points and of its pump sets'. */
function tagsOf(station: Station): Set<string> {
  const points = templateOf(station).points.filter(({ scope }) => scope !== 'pump');
  return new Set(points.map(({ tag }) => tag));
}

function noSet({ code, pumpSets }: Station, set: string): string {
  return `station ${code} has no pump set ${set}; it has ${pumpSets.map(({ zone }) => zone).join(', ') || 'none'}`;
}

/** `; near it: A, B, C`, or nothing. */
function nearest(name: string, known: Iterable<string>): string {
  const close = nearNames(name, known);
  return close.length > 0 ? `; near it: ${close.join(', ')}` : '';
}
