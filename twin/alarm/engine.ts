import type { Rule } from '#twin/rules/load.ts';
import { Flag, type Look } from '#twin/rules/look.ts';
import type { TemplateColumns, TwinState } from '#twin/state/columns.ts';
import { HOUR } from '#twin/units.ts';
import { type Alarm, type AlarmEvent, type AlarmEventKind, isOver, keyOf } from './alarm.ts';
import { growCells, Phase, stepCells } from './cells.ts';
import { type Chatter, calmed, newRaise } from './chatter.ts';
import { concerns, type Silencer } from './silencer.ts';
import { evidenceAt, type Site, sitesOf } from './site.ts';

/**
 * The alarm engine: rules over columns, the life cycle of each alarm, and the log of what happened. It knows no
 * clock: `tick` is told the time, the same values at the same times give the same log.
 */
export interface AlarmEngine {
  readonly rules: readonly Rule[];
  readonly byId: ReadonlyMap<string, Rule>;
  readonly state: TwinState;
  /** China Standard Time unless told otherwise, ms */
  readonly zoneOffset: number;
  readonly sites: Map<TemplateColumns, Site[]>;
  readonly alarms: Map<string, Alarm>;
  readonly chatter: Map<string, Chatter>;
  silencers: Silencer[];
  /** of the last tick, ms since epoch */
  time: number;
}

export const createEngine = (
  rules: readonly Rule[],
  state: TwinState,
  zoneOffset = 8 * HOUR,
): AlarmEngine => ({
  rules,
  byId: new Map(rules.map((rule) => [rule.text.id, rule])),
  state,
  zoneOffset,
  sites: new Map(),
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
  for (const columns of engine.state.byTemplate.values()) {
    const look = { columns, rows: columns.codes.length, now, zoneOffset: engine.zoneOffset };
    for (const site of sitesIn(engine, columns)) stepSite(engine, site, look, elapsed, events);
  }
  age(engine, now, events);
  return inOrder(engine, events);
}

function sitesIn(engine: AlarmEngine, columns: TemplateColumns): Site[] {
  let sites = engine.sites.get(columns);
  if (!sites) {
    sites = sitesOf(engine.rules, columns);
    engine.sites.set(columns, sites);
  }
  for (const site of sites) site.cells = growCells(site.cells, columns.capacity);
  return sites;
}

function stepSite(engine: AlarmEngine, site: Site, look: Look, elapsed: number, events: AlarmEvent[]): void {
  const { rule, cells, causes } = site;
  const { rows, now } = look;
  const when = site.when(look);
  const clear = site.clear && (cells.standing > 0 || site.clearRemembers) ? site.clear(look) : null;
  if (site.suppressed.size > 0) freeRows(engine, site, look, events);
  const waits = (row: number) => causes.some((cause) => isComing(cause, row, look));
  const turns = stepCells(cells, rule, when, clear, rows, now, elapsed, waits);
  for (const row of turns.raised) raise(engine, site, row, now, events);
  for (const row of turns.cleared) lower(engine, identity(site, row), now, events);
}

const identity = ({ rule, spot, columns }: Site, row: number) => ({
  rule: rule.text.id,
  station: columns.codes[row]!,
  spot: spot.name,
});

function raise(engine: AlarmEngine, site: Site, row: number, now: number, events: AlarmEvent[]): void {
  const { text } = site.rule;
  const id = identity(site, row);
  const key = keyOf(id);
  const known = engine.alarms.get(key);
  const alarm: Alarm = {
    ...id,
    priority: text.priority,
    active: true,
    acknowledged: false,
    latched: false,
    chattering: known?.chattering ?? false,
    silent: null,
    cause: null,
    raisedAt: now,
    told: null,
    clearedAt: null,
    evidence: evidenceAt(site, row),
  };
  if (site.rule.chatter) newRaise(engine.chatter, key, now, site.rule.chatter);
  const cause = site.causes.find((other) => stands(other, row));
  if (cause) site.suppressed.add(row);
  if (known?.chattering) {
    // one standing alarm, however often it comes and goes
    Object.assign(known, { active: true, clearedAt: null });
    if (known.silent === 'suppressed' && !cause) tell(known, now, events);
    return;
  }
  engine.alarms.set(key, alarm);
  if (cause) alarm.cause = keyOf(identity(cause, row));
  alarm.silent = cause ? 'suppressed' : silencedBy(engine, alarm);
  if (alarm.silent) events.push(event(now, alarm.silent, alarm, { evidence: alarm.evidence }));
  else tell(alarm, now, events);
  if (site.rule.chatter && engine.chatter.get(key)?.on) {
    alarm.chattering = true;
    events.push(event(now, 'chatter', alarm));
  }
}

/** The cause's condition holds and its delay runs: one that is no longer known is not waited for. */
const isComing = ({ cells, when }: Site, row: number, look: Look): boolean =>
  cells.phase[row] === Phase.rising && when(look)[row] === Flag.yes;

const stands = ({ cells }: Site, row: number): boolean => cells.phase[row]! >= Phase.standing;

/** Annunciates. */
function tell(alarm: Alarm, now: number, events: AlarmEvent[]): void {
  alarm.silent = null;
  alarm.cause = null;
  alarm.told = now;
  events.push(event(now, 'raised', alarm, { annunciates: true, evidence: alarm.evidence }));
}

function silencedBy(engine: AlarmEngine, { rule, station }: Alarm): Silencer['kind'] | null {
  const found = engine.silencers.filter((silencer) => concerns(silencer, rule, station));
  return found.find(({ kind }) => kind === 'outOfService')?.kind ?? found[0]?.kind ?? null;
}

function lower(
  engine: AlarmEngine,
  id: Pick<Alarm, 'rule' | 'station' | 'spot'>,
  now: number,
  events: AlarmEvent[],
): void {
  const alarm = engine.alarms.get(keyOf(id));
  if (!alarm) return;
  alarm.active = false;
  alarm.clearedAt = now;
  if (alarm.chattering) return;
  const rule = engine.byId.get(alarm.rule);
  alarm.latched = alarm.told !== null && Boolean(rule?.text.latch);
  events.push(event(now, 'cleared', alarm));
  endOneShots(engine, alarm, now, events);
  drop(engine, alarm);
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
    if (site.causes.some((cause) => stands(cause, row) || isComing(cause, row, look))) continue;
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

/** What was kept silent by it and still stands is told now. */
export function endSilencer(
  engine: AlarmEngine,
  silencer: Silencer,
  now: number,
  events: AlarmEvent[],
  by = silencer.by,
  reason?: string,
): void {
  engine.silencers = engine.silencers.filter((other) => other !== silencer);
  const kind: AlarmEventKind = silencer.kind === 'shelved' ? 'unshelved' : 'inService';
  events.push({
    time: now,
    kind,
    rule: silencer.rule ?? '',
    station: silencer.station,
    spot: '',
    priority: 0,
    annunciates: false,
    by,
    ...(reason && { reason }),
  });
  for (const alarm of engine.alarms.values()) {
    if (alarm.silent !== silencer.kind || !concerns(silencer, alarm.rule, alarm.station)) continue;
    const still = silencedBy(engine, alarm);
    if (still) alarm.silent = still;
    else if (alarm.active && alarm.told === null) tell(alarm, now, events);
    else alarm.silent = null;
  }
}

function endOneShots(engine: AlarmEngine, alarm: Alarm, now: number, events: AlarmEvent[]): void {
  const ended = engine.silencers.filter(
    (silencer) => silencer.oneShot && concerns(silencer, alarm.rule, alarm.station),
  );
  for (const silencer of ended) endSilencer(engine, silencer, now, events);
}

/** Takes an alarm that is over out of the list. */
export function drop(engine: AlarmEngine, alarm: Alarm): void {
  if (isOver(alarm)) engine.alarms.delete(keyOf(alarm));
}

export const event = (
  time: number,
  kind: AlarmEventKind,
  { rule, station, spot, priority, cause }: Alarm,
  more: Partial<AlarmEvent> = {},
): AlarmEvent => ({
  time,
  kind,
  rule,
  station,
  spot,
  priority,
  annunciates: false,
  ...(cause && { cause }),
  ...more,
});

function inOrder({ rules }: AlarmEngine, events: AlarmEvent[]): AlarmEvent[] {
  if (events.length < 2) return events;
  const place = new Map(rules.map(({ text }, i) => [text.id, i]));
  const rank = ({ rule }: AlarmEvent) => place.get(rule) ?? -1;
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return events.sort((a, b) => rank(a) - rank(b) || compare(a.station, b.station) || compare(a.spot, b.spot));
}
