import { type Baselines, learntRows } from '#twin/baseline/city.ts';
import { type Workshop, workshop } from '#twin/rules/compile.ts';
import type { Rule } from '#twin/rules/load.ts';
import { Flag, type Look } from '#twin/rules/look.ts';
import type { TemplateColumns, TwinState } from '#twin/state/columns.ts';
import { HOUR } from '#twin/units.ts';
import { type AlarmEvent, keyOf, ruleOfKey } from './alarm.ts';
import { type AreaOf, areaCause, extendAreas, gatheringsOf, waitsForArea } from './area.ts';
import { stepAreas } from './areas.ts';
import { countNeighbours, lookAround, noZones } from './around.ts';
import { growCells, Phase, stepCells } from './cells.ts';
import { calmed, forgetRaises } from './chatter.ts';
import { endSilencer, event, lower, raise } from './life.ts';
import { diagnosisAt, evidenceAt, type Site, sitesOf } from './site.ts';
import type { AlarmEngine } from './standing.ts';

export interface EngineOptions {
  zoneOffset?: number;
  /** where stations lie; without it they are all in one place */
  areaOf?: AreaOf;
  /** what is usual; without it nothing is */
  baselines?: Baselines | null;
  /** of an engine that this one follows: windows that are asked for again go on */
  workshops?: AlarmEngine['workshops'];
}

const NONE_BEFORE: Workshop['before'] = new Map();
const ONE_PLACE: AreaOf = () => ({ district: '', zone: '' });

export const createEngine = (
  rules: readonly Rule[],
  state: TwinState,
  { zoneOffset = 8 * HOUR, areaOf = ONE_PLACE, baselines = null, workshops = new Map() }: EngineOptions = {},
): AlarmEngine => ({
  rules,
  byId: new Map(rules.map((rule) => [rule.text.id, rule])),
  state,
  zoneOffset,
  areaOf,
  baselines,
  zones: noZones(),
  sites: new Map(),
  workshops: new Map(),
  before: new Map(workshops),
  gatherings: gatheringsOf(rules),
  alarms: new Map(),
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
  for (const columns of engine.state.byTemplate.values()) takeUp(engine, columns);
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
  for (const columns of engine.state.byTemplate.values()) takeUp(engine, columns);
  const looks = looksAt(engine, now);
  for (const { look } of looks) countNeighbours(engine, look);
  fill(engine, looks);
}

function fill({ workshops }: AlarmEngine, looks: readonly { look: Look }[]): void {
  for (const { look } of looks)
    for (const window of workshops.get(look.columns)!.windows.values()) window.take(look);
}

function looksAt(engine: AlarmEngine, now: number): { look: Look; sites: readonly Site[] }[] {
  const { zoneOffset, baselines } = engine;
  const around = lookAround(engine);
  return [...engine.sites].map(([columns, sites]) => {
    const learnt = baselines && learntRows(baselines, columns);
    return { look: { columns, rows: columns.codes.length, now, zoneOffset, learnt, around }, sites };
  });
}

/** Compiles the rules for a template. */
export function makeSites(engine: AlarmEngine, columns: TemplateColumns): Site[] {
  const shared = workshop(columns.template, engine.before.get(columns));
  engine.workshops.set(columns, shared);
  const sites = sitesOf(engine.rules, columns, shared);
  // what nobody asked for again is let go of
  shared.before = NONE_BEFORE;
  engine.before.delete(columns);
  engine.sites.set(columns, sites);
  return sites;
}

/** Stations may have come since the last look. */
function takeUp(engine: AlarmEngine, columns: TemplateColumns): void {
  const sites = engine.sites.get(columns) ?? makeSites(engine, columns);
  // all sites of a template have grown alike
  if (sites.length > 0 && sites[0]!.cells.phase.length < columns.capacity)
    for (const site of sites) site.cells = growCells(site.cells, columns.capacity);
  for (const gathering of engine.gatherings) extendAreas(gathering, columns, engine.areaOf);
}

function stepSite(engine: AlarmEngine, site: Site, look: Look, elapsed: number, events: AlarmEvent[]): void {
  const { rule, cells, causes } = site;
  const { rows, now } = look;
  const when = site.when(look);
  const clear = site.clear && cells.standing > 0 ? site.clear(look) : null;
  // nearly every rule, nearly always; what stands beneath a cause keeps its cells busy
  if (!site.when.holds && !cells.busy) return;
  if (site.suppressed.size > 0) freeRows(engine, site, look, events);
  const gathered = engine.gatherings.some((gathering) => gathering.rule.gather!.rule === rule.text.id);
  const waits = (row: number) =>
    causes.some((cause) => isComing(cause, row, look)) ||
    (gathered && waitsForArea(engine.gatherings, site, row));
  const turns = stepCells(cells, rule, when, clear, rows, now, elapsed, waits);
  for (const row of turns.raised) {
    const cause = causeOf(engine, site, row);
    if (cause !== null) site.suppressed.add(row);
    const why = {
      cause,
      evidence: evidenceAt(site, row),
      diagnosis: diagnosisAt(site, row, look, engine.alarms),
    };
    raise(engine, rule, identity(site, row), why, now, events);
  }
  for (const row of turns.cleared) lower(engine, identity(site, row), now, events);
}

const identity = ({ rule, spot, columns }: Site, row: number) => ({
  rule: rule.text.id,
  station: columns.codes[row]!,
  spot: spot.name,
});

/** Key of the alarm that explains a row's: one of its own room, else one of its area; null when none stands. */
function causeOf({ gatherings }: AlarmEngine, site: Site, row: number): string | null {
  const own =
    site.causes.find((other) => stands(other, row)) ?? site.peers.find((other) => isFirst(other, site, row));
  if (own) return keyOf(identity(own, row));
  const area = areaCause(gatherings, site, row);
  return area === null || area === 'coming' ? null : keyOf({ ...area, spot: '' });
}

/** The cause's condition holds and its delay runs: one that is no longer known is not waited for. */
const isComing = ({ cells, when }: Site, row: number, look: Look): boolean =>
  cells.phase[row] === Phase.rising && when(look)[row] === Flag.yes;

const stands = ({ cells }: Site, row: number): boolean => cells.phase[row]! >= Phase.standing;

/**
 * Whether one of a first-out group came before another at its place, and explains it: not long before, and at least as
 * urgent. One that is explained itself explains nothing: two would hide each other.
 */
function isFirst(first: Site, { rule, cells }: Site, row: number): boolean {
  if (!stands(first, row) || first.suppressed.has(row)) return false;
  if (first.rule.text.priority > rule.text.priority) return false;
  const before = cells.raisedAt[row]! - first.cells.raisedAt[row]!;
  return before >= 0 && before <= rule.firstOut!.within;
}

/** Rows whose cause is gone while they stand begin their delay anew: what is still wrong then is told. */
function freeRows(engine: AlarmEngine, site: Site, look: Look, events: AlarmEvent[]): void {
  const { now } = look;
  const { phase, since } = site.cells;
  for (const row of site.suppressed) {
    const alarm = engine.alarms.get(keyOf(identity(site, row)));
    if (alarm?.silent !== 'suppressed' || phase[row]! < Phase.standing) {
      site.suppressed.delete(row);
      continue;
    }
    const cause = causeOf(engine, site, row);
    if (cause !== null) {
      alarm.cause = cause;
      continue;
    }
    if (site.causes.some((other) => isComing(other, row, look))) continue;
    if (areaCause(engine.gatherings, site, row) === 'coming') continue;
    events.push(event(now, 'freed', alarm));
    engine.alarms.delete(keyOf(alarm));
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
    const { escalate, downgrade } = rule;
    if (alarm.told === null || alarm.silent || !alarm.active || (!escalate && !downgrade)) continue;
    const stands = now - alarm.told;
    if (escalate && !alarm.acknowledged && alarm.priority > escalate.to && stands >= escalate.after) {
      alarm.priority = escalate.to;
      events.push(event(now, 'escalated', alarm, { annunciates: true }));
    } else if (downgrade && alarm.priority < downgrade.to && stands >= downgrade.after) {
      alarm.priority = downgrade.to;
      events.push(event(now, 'downgraded', alarm));
    }
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
