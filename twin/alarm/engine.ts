import { type Baselines, learntRows } from '#twin/baseline/city.ts';
import type { StationBaseline } from '#twin/baseline/station.ts';
import { type Workshop, workshop } from '#twin/rules/compile.ts';
import { emptyFleet, extendFleet, type Fleet } from '#twin/rules/fleet.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag, type Learnt, type Look, type MotorsOf } from '#twin/rules/look.ts';
import type { TwinState } from '#twin/state/columns.ts';
import { HOUR } from '#twin/units.ts';
import { step } from './aging.ts';
import { type AlarmEvent, keyOf, ruleOfKey } from './alarm.ts';
import { type AreaOf, areaCause, explainsRooms, extendAreas, gatheringsOf, waitsForArea } from './area.ts';
import { stepAreas } from './areas.ts';
import { countNeighbours, lookAround, noZones } from './around.ts';
import { Phase, stepCells } from './cells.ts';
import { calmed, forgetRaises } from './chatter.ts';
import { endSilencer, event, explains, free, lower, raise, urge } from './life.ts';
import { stepPlatform } from './platform.ts';
import { platformWatches } from './platformWatch.ts';
import { diagnosisAt, evidenceAt, findTogether, growSite, identityAt, type Site, sitesOf } from './site.ts';
import type { AlarmEngine } from './standing.ts';

export interface EngineOptions {
  zoneOffset?: number;
  /** where stations lie; without it they are all in one place */
  areaOf?: AreaOf;
  /** motors of its pumps; without it no rated current is known */
  motorsOf?: MotorsOf;
  /** what is usual; without it nothing is */
  baselines?: Baselines | null;
  /** how the platform itself is; without it nothing is known of it */
  health?: AlarmEngine['health'];
  /** of an engine that this one follows: windows that are asked for again go on, over the same rows */
  fleets?: AlarmEngine['fleets'];
  workshops?: AlarmEngine['workshops'];
}

const NONE_BEFORE: Workshop['before'] = new Map();
const ONE_PLACE: AreaOf = () => ({ district: 'one', zone: 'one' });

export const createEngine = (
  rules: readonly Rule[],
  state: TwinState,
  {
    zoneOffset = 8 * HOUR,
    areaOf = ONE_PLACE,
    motorsOf = () => undefined,
    baselines = null,
    health = () => ({}),
    fleets = new Map(),
    workshops = new Map(),
  }: EngineOptions = {},
): AlarmEngine => ({
  rules,
  byId: new Map(rules.map((rule) => [rule.text.id, rule])),
  state,
  zoneOffset,
  areaOf,
  motorsOf,
  baselines,
  zones: noZones(),
  fleets,
  sites: new Map(),
  workshops: new Map(),
  before: new Map(workshops),
  gatherings: gatheringsOf(rules),
  platform: platformWatches(rules),
  health,
  alarms: new Map(),
  atStation: new Map(),
  chatter: new Map(),
  silencers: [],
  time: Number.NaN,
});

/**
 * Looks at every station at `now` (ms since epoch) and returns what happened, in the order of rules, stations, spots.
 * @throws RangeError when time would run backwards
 */
export function tick(engine: AlarmEngine, now: number): AlarmEvent[] {
  if (now < engine.time)
    throw new RangeError(`alarms cannot be looked at at ${now}: it was ${engine.time} before`);
  const elapsed = Number.isNaN(engine.time) ? 0 : now - engine.time;
  engine.time = now;
  const events: AlarmEvent[] = [];
  endSilencers(engine, now, events);
  takeUp(engine);
  stepPlatform(engine, engine.health(), now, elapsed, events);
  stepAreas(engine, now, elapsed, events);
  const looks = looksAt(engine, now);
  // what the stations around say is known before any rule asks for it
  for (const { look } of looks) countNeighbours(engine, look);
  for (const { look, sites } of looks)
    for (const site of sites) stepSite(engine, site, look, elapsed, events);
  fill(engine, looks);
  age(engine, now, events);
  return inOrder(engine, events);
}

/** Looks at every station at `now` as `tick` does, but only for what moving windows take. */
export function fillWindows(engine: AlarmEngine, now: number): void {
  engine.time = now;
  takeUp(engine);
  const looks = looksAt(engine, now);
  for (const { look } of looks) countNeighbours(engine, look);
  fill(engine, looks);
}

function fill({ workshops }: AlarmEngine, looks: readonly { look: Look }[]): void {
  for (const { look } of looks)
    for (const window of workshops.get(look.fleet)!.windows.values()) window.take(look);
}

function looksAt(engine: AlarmEngine, now: number): { look: Look; sites: readonly Site[] }[] {
  const { zoneOffset, baselines, motorsOf } = engine;
  const around = lookAround(engine);
  return [...engine.sites].map(([fleet, sites]) => {
    const learnt = baselines && learntOf(baselines, fleet);
    return { look: { fleet, now, zoneOffset, motorsOf, learnt, around }, sites };
  });
}

function learntOf(baselines: Baselines, { stations, parts }: Fleet): Learnt {
  const learnt = { of: new Array<StationBaseline>(stations.length), at: new Float64Array(stations.length) };
  for (const { columns, places } of parts) {
    const known = learntRows(baselines, columns);
    places.station[0]!.rows.forEach((row, i) => {
      learnt.of[row] = known.of[i]!;
      learnt.at[row] = known.learnt[i]!;
    });
  }
  return learnt;
}

/** Stations may have come since the last look. */
export function takeUp(engine: AlarmEngine): void {
  for (const columns of engine.state.byTemplate.values()) {
    const { kind } = columns.template;
    const fleet = engine.fleets.get(kind) ?? emptyFleet(kind);
    engine.fleets.set(kind, fleet);
    extendFleet(fleet, columns);
  }
  for (const fleet of engine.fleets.values()) {
    for (const site of engine.sites.get(fleet) ?? makeSites(engine, fleet)) growSite(site);
    for (const gathering of engine.gatherings) extendAreas(gathering, fleet, engine.areaOf);
  }
}

/** Compiles the rules for a fleet. */
function makeSites(engine: AlarmEngine, fleet: Fleet): Site[] {
  const shared = workshop(fleet.kind, engine.before.get(fleet));
  engine.workshops.set(fleet, shared);
  const sites = sitesOf(engine.rules, fleet, shared);
  // what nobody asked for again is let go of
  shared.before = NONE_BEFORE;
  engine.before.delete(fleet);
  engine.sites.set(fleet, sites);
  return sites;
}

function stepSite(engine: AlarmEngine, site: Site, look: Look, elapsed: number, events: AlarmEvent[]): void {
  const { rule, cells, causes } = site;
  const { now } = look;
  const rows = look.fleet.rows[rule.scope];
  const when = site.when(look);
  const clear = site.clear && cells.standing > 0 ? site.clear(look) : null;
  // nearly every rule, nearly always; what stands beneath a cause keeps its cells busy
  if (!site.when.holds && !cells.busy) return;
  if (site.suppressed.size > 0) freeRows(engine, site, look, events);
  const ofAreas = engine.gatherings.some((gathering) => explainsRooms(gathering, rule, site.fleet.kind));
  const waits = (row: number) =>
    causes.some((cause) => findTogether(site, row, cause, isComing(cause, look)) >= 0) ||
    (ofAreas && waitsForArea(engine.gatherings, site, row));
  const turns = stepCells(cells, rule, when, clear, rows, now, elapsed, waits);
  for (const row of turns.raised) {
    const cause = causeOf(engine, site, row);
    if (cause !== null) site.suppressed.add(row);
    const why = {
      cause,
      evidence: evidenceAt(site, row),
      diagnosis: diagnosisAt(site, row, look, engine.alarms),
    };
    raise(engine, rule, identityAt(site, row), why, now, events);
  }
  for (const row of turns.cleared) lower(engine, identityAt(site, row), now, events);
}

/** Key of the alarm that explains a row's: one of its own room, else one of its area; null when none stands. */
function causeOf({ gatherings, alarms }: AlarmEngine, site: Site, row: number): string | null {
  const isKnown = (other: Site, one: number): boolean => {
    const alarm = alarms.get(keyOf(identityAt(other, one)));
    if (!alarm || !explains(alarm)) return false;
    // whoever keeps it silent did not know of anything more urgent
    return (
      alarm.silent === null || alarm.silent === 'suppressed' || alarm.priority <= site.rule.text.priority
    );
  };
  for (const other of site.causes) {
    const hides = (one: number) => stands(other, one) && isKnown(other, one);
    const found = findTogether(site, row, other, hides);
    if (found >= 0) return keyOf(identityAt(other, found));
  }
  for (const other of site.peers) {
    const hides = (one: number) => isFirst(other, one, site, row) && isKnown(other, one);
    const found = findTogether(site, row, other, hides);
    if (found >= 0) return keyOf(identityAt(other, found));
  }
  const area = areaCause(gatherings, site, row);
  return area === null || area === 'coming' ? null : keyOf({ ...area, spot: '' });
}

/** Whether a cause's condition holds and its delay runs: one that is no longer known is not waited for. */
function isComing({ cells, when }: Site, look: Look): (row: number) => boolean {
  return (row) => cells.phase[row] === Phase.rising && when(look)[row] === Flag.yes;
}

const stands = ({ cells }: Site, row: number): boolean => cells.phase[row]! >= Phase.standing;

/**
 * Whether one of a first-out group came before another at its place, and explains it: not long before, and at least as
 * urgent. One that is explained itself explains nothing: two would hide each other.
 */
function isFirst(first: Site, firstRow: number, { rule, cells }: Site, row: number): boolean {
  if (!stands(first, firstRow) || first.suppressed.has(firstRow)) return false;
  if (first.rule.text.priority > rule.text.priority) return false;
  const before = cells.raisedAt[row]! - first.cells.raisedAt[firstRow]!;
  return before >= 0 && before <= rule.firstOut!.within;
}

/** Rows whose cause is gone while they stand begin their delay anew: what is still wrong then is told. */
function freeRows(engine: AlarmEngine, site: Site, look: Look, events: AlarmEvent[]): void {
  const { now } = look;
  const { phase, since } = site.cells;
  for (const row of site.suppressed) {
    const alarm = engine.alarms.get(keyOf(identityAt(site, row)));
    if (alarm?.silent !== 'suppressed' || phase[row]! < Phase.standing) {
      site.suppressed.delete(row);
      continue;
    }
    const cause = causeOf(engine, site, row);
    if (cause !== null) {
      if (alarm.cause !== cause) {
        alarm.cause = cause;
        urge(engine, alarm, now, events);
      }
      continue;
    }
    if (site.causes.some((other) => findTogether(site, row, other, isComing(other, look)) >= 0)) continue;
    if (areaCause(engine.gatherings, site, row) === 'coming') continue;
    free(engine, alarm, now, events);
    site.suppressed.delete(row);
    phase[row] = Phase.rising;
    since[row] = now;
    site.cells.standing--;
  }
}

/** What time alone does: escalation, downgrade, the end of chatter. */
function age(engine: AlarmEngine, now: number, events: AlarmEvent[]): void {
  forgetRaises(engine.chatter, now, (key) => engine.byId.get(ruleOfKey(key))?.chatter ?? null);
  for (const alarm of engine.alarms.values()) {
    const rule = engine.byId.get(alarm.rule);
    if (!rule) continue;
    if (alarm.chattering && calmed(engine.chatter, alarm, now, rule.chatter)) {
      alarm.chattering = false;
      events.push(event(now, 'settled', alarm));
      if (!alarm.active) lower(engine, alarm, now, events);
      continue;
    }
    step(alarm, rule, now, events);
  }
}

function endSilencers(engine: AlarmEngine, now: number, events: AlarmEvent[]): void {
  const ended = engine.silencers.filter(({ until }) => until !== null && until <= now);
  for (const silencer of ended) endSilencer(engine, silencer, now, events);
}

function inOrder({ rules }: AlarmEngine, events: AlarmEvent[]): AlarmEvent[] {
  if (events.length < 2) return events;
  const place = new Map(rules.map(({ text }, i) => [text.id, i]));
  const rank = ({ rule }: AlarmEvent) => place.get(rule) ?? -1;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return events.sort((a, b) => rank(a) - rank(b) || compare(a.station, b.station) || compare(a.spot, b.spot));
}
