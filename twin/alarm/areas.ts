import { type AlarmEvent, keyOf } from './alarm.ts';
import {
  areaOfPlace,
  areasBeneath,
  type Counts,
  causeOfArea,
  explainsRooms,
  type Gathering,
  stepGathering,
} from './area.ts';
import { Phase } from './cells.ts';
import { free, lower, raise, urge } from './life.ts';
import { concerns } from './silencer.ts';
import { findTogether, identityAt, type Site } from './site.ts';
import { type AlarmEngine, kindAt } from './standing.ts';

/** Moves every gathering to `now`: many alarms of rooms become one of their area. */
export function stepAreas(engine: AlarmEngine, now: number, elapsed: number, events: AlarmEvent[]): void {
  if (engine.gatherings.length === 0) return;
  const counts = countsIn(engine);
  for (const gathering of engine.gatherings) {
    takeUpSites(engine, gathering);
    if (gathering.suppressed.size > 0) freeAreas(engine, gathering, now, events);
    const turns = stepGathering(gathering, gathering.sites, counts, now, elapsed);
    for (const area of turns.raised) raiseArea(engine, gathering, area, now, events);
    for (const area of turns.cleared) lower(engine, identity(gathering, area), now, events);
  }
}

const identity = ({ rule, areas }: Gathering, area: number) => ({
  rule: rule.text.id,
  station: areas[area]!,
  spot: '',
});

/** Of how many of its rooms an area's alarm is made, and since when, ms since epoch. Which they are stands beneath it. */
const evidenceOf = ({ present, rooms, began }: Gathering, area: number) => ({
  roomsConcerned: present[area]!,
  roomsInArea: rooms[area]!,
  firstBegan: began[area]!,
});

/** Sites come with their fleets and stay: they need not be looked for at every look. */
function takeUpSites({ sites }: AlarmEngine, gathering: Gathering): void {
  if (gathering.fleets === sites.size) return;
  const { rule } = gathering.rule.gather!;
  gathering.sites = [...sites.values()].flat().filter((site) => site.rule.text.id === rule);
  gathering.fleets = sites.size;
}

const isStanding = ({ cells }: Site, row: number): boolean => cells.phase[row]! >= Phase.standing;

function countsIn({ silencers }: AlarmEngine): Counts {
  const away = silencers.filter(({ kind }) => kind === 'outOfService');
  return (site, row) =>
    !site.causes.some((cause) => findTogether(site, row, cause, (one) => isStanding(cause, one)) >= 0) &&
    !away.some((silencer) => concerns(silencer, identityAt(site, row)));
}

function raiseArea(
  engine: AlarmEngine,
  gathering: Gathering,
  area: number,
  now: number,
  events: AlarmEvent[],
): void {
  const id = identity(gathering, area);
  const above = causeOfArea(gathering, area);
  const cause = above && keyOf({ ...above, spot: '' });
  if (cause) gathering.suppressed.add(area);
  const evidence = evidenceOf(gathering, area);
  raise(engine, gathering.rule, id, { cause, evidence, diagnosis: [] }, now, events);
  // what was told before the area was known is shown beneath it from now on
  for (const alarm of engine.alarms.values()) {
    const rule = engine.byId.get(alarm.rule);
    if (!rule || alarm.cause !== null || !alarm.active) continue;
    if (!explainsRooms(gathering, rule, kindAt(engine, alarm.station))) continue;
    if (areaOfPlace(gathering, engine.areaOf(alarm.station)) !== area) continue;
    alarm.cause = keyOf(id);
    urge(engine, alarm, now, events);
  }
  for (const other of engine.gatherings)
    for (const beneath of areasBeneath(gathering, area, other)) {
      const alarm = engine.alarms.get(keyOf(identity(other, beneath)));
      if (!alarm?.active || alarm.cause !== null) continue;
      alarm.cause = keyOf(id);
      urge(engine, alarm, now, events);
    }
}

/** Areas whose cause is gone while they stand begin their delay anew. */
function freeAreas(engine: AlarmEngine, gathering: Gathering, now: number, events: AlarmEvent[]): void {
  const { cells, suppressed } = gathering;
  for (const area of suppressed) {
    const alarm = engine.alarms.get(keyOf(identity(gathering, area)));
    if (alarm?.silent !== 'suppressed' || cells.phase[area]! < Phase.standing) {
      suppressed.delete(area);
      continue;
    }
    if (causeOfArea(gathering, area)) continue;
    free(engine, alarm, now, events);
    suppressed.delete(area);
    cells.phase[area] = Phase.rising;
    cells.since[area] = now;
    cells.standing--;
  }
}
