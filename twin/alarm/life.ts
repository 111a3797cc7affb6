import { isExplainedBy } from '#twin/rules/causes.ts';
import type { Rule } from '#twin/rules/load.ts';
import { type Alarm, type AlarmEvent, type AlarmEventKind, isOver, keyOf } from './alarm.ts';
import { newRaise } from './chatter.ts';
import { concerns, type Silencer } from './silencer.ts';
import { type AlarmEngine, kindAt } from './standing.ts';

/** What becomes of one alarm: raised, told or kept silent, returned, over. */

type Identity = Pick<Alarm, 'rule' | 'station' | 'spot'>;

/** An alarm whose condition has held for its delay. `cause`: key of the alarm that explains it. */
export function raise(
  engine: AlarmEngine,
  rule: Rule,
  id: Identity,
  { cause, evidence, diagnosis }: Pick<Alarm, 'cause' | 'evidence' | 'diagnosis'>,
  now: number,
  events: AlarmEvent[],
): void {
  const key = keyOf(id);
  const known = engine.alarms.get(key);
  if (rule.chatter) newRaise(engine.chatter, key, now, rule.chatter);
  if (known?.chattering) {
    // one standing alarm, however often it comes and goes
    Object.assign(known, { active: true, clearedAt: null });
    if (known.told === null && !cause) {
      known.cause = null;
      known.silent = silencedBy(engine, known);
      if (!known.silent) tell(known, now, events);
    }
    takeBeneath(engine, known);
    return;
  }
  // what people were told of stays theirs to acknowledge and to reset, whatever keeps it silent now
  const owed = known !== undefined && (isOwed(known) || known.latched);
  const alarm: Alarm = {
    ...id,
    priority: rule.text.priority,
    aged: [],
    active: true,
    acknowledged: owed && known.acknowledged,
    latched: false,
    chattering: false,
    silent: null,
    cause,
    raisedAt: now,
    told: null,
    ...(owed && { owed }),
    clearedAt: null,
    evidence,
    diagnosis,
  };
  enlist(engine, alarm);
  alarm.silent = cause ? 'suppressed' : silencedBy(engine, alarm);
  if (alarm.silent) events.push(event(now, alarm.silent, alarm, { evidence }));
  else tell(alarm, now, events);
  if (cause) urge(engine, alarm, now, events);
  takeBeneath(engine, alarm);
  if (rule.chatter && engine.chatter.get(key)?.on) {
    alarm.chattering = true;
    events.push(event(now, 'chatter', alarm));
  }
}

/**
 * A cause is as urgent as what it explains: what stands above a silent alarm takes its priority, and people are told of the
 * topmost again.
 */
export function urge({ alarms }: AlarmEngine, beneath: Alarm, now: number, events: AlarmEvent[]): void {
  const { priority } = beneath;
  for (let cause = alarms.get(beneath.cause ?? ''); cause; cause = alarms.get(cause.cause ?? '')) {
    if (cause.priority <= priority) return;
    cause.priority = priority;
    cause.urged = priority;
    const annunciates = cause.told !== null && cause.active && !cause.silent && !cause.cause;
    const saying = events.find((one) => one.annunciates && one.time === now && keyOf(one) === keyOf(cause!));
    // people are told of it in this look anyway
    if (annunciates && saying) saying.priority = priority;
    else events.push(event(now, 'escalated', cause, { annunciates }));
    if (annunciates) cause.acknowledged = false;
  }
}

const isOwed = ({ told, acknowledged, owed }: Alarm): boolean =>
  !acknowledged && (told !== null || owed === true);

/** Annunciates. */
function tell(alarm: Alarm, now: number, events: AlarmEvent[]): void {
  alarm.silent = null;
  alarm.acknowledged = false;
  delete alarm.owed;
  alarm.told = now;
  events.push(event(now, 'raised', alarm, { annunciates: true, evidence: alarm.evidence }));
}

/** How a silencer keeps an alarm from people; null: none does. Out of service stands over a shelf. */
export function silencedBy(engine: AlarmEngine, alarm: Alarm): Silencer['kind'] | null {
  const found = engine.silencers.filter((silencer) => concerns(silencer, alarm));
  return found.find(({ kind }) => kind === 'outOfService')?.kind ?? found[0]?.kind ?? null;
}

/** The return of an alarm has held for its delay. */
export function lower(engine: AlarmEngine, id: Identity, now: number, events: AlarmEvent[]): void {
  const alarm = engine.alarms.get(keyOf(id));
  if (!alarm) return;
  letGo(engine, alarm);
  alarm.active = false;
  alarm.clearedAt = now;
  if (alarm.chattering) return;
  const rule = engine.byId.get(alarm.rule);
  alarm.latched = latches(alarm, rule);
  events.push(event(now, 'cleared', alarm));
  if (alarm.silent === 'suppressed') Object.assign(alarm, { silent: null, cause: null });
  endOneShots(engine, alarm, now, events);
  drop(engine, alarm);
}

const latches = ({ told, owed }: Alarm, rule: Rule | undefined): boolean =>
  (told !== null || owed === true) && Boolean(rule?.text.latch);

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
    spot: silencer.spot ?? '',
    priority: 0,
    annunciates: false,
    by,
    ...(reason && { reason }),
  });
  const freed = [...(engine.atStation.get(silencer.station) ?? [])].filter(
    (alarm) => alarm.silent === silencer.kind && concerns(silencer, alarm),
  );
  // causes first, as the rules are: what follows from one that is told now is shown beneath it
  const order = new Map([...engine.byId.keys()].map((id, i) => [id, i]));
  for (const alarm of freed.sort((a, b) => (order.get(a.rule) ?? 0) - (order.get(b.rule) ?? 0))) {
    alarm.silent = silencedBy(engine, alarm);
    if (alarm.silent || !alarm.active) continue;
    const cause = explanation(engine, alarm);
    if (cause) {
      Object.assign(alarm, { told: now, cause: keyOf(cause), acknowledged: false });
      events.push(event(now, 'raised', alarm, { evidence: alarm.evidence }));
      urge(engine, alarm, now, events);
    } else tell(alarm, now, events);
    takeBeneath(engine, alarm);
  }
}

/** A told alarm of its station that explains another by its rule; undefined when none stands. */
function explanation(engine: AlarmEngine, alarm: Alarm): Alarm | undefined {
  const { atStation } = engine;
  return [...(atStation.get(alarm.station) ?? [])].find(
    (other) =>
      other.active &&
      other.told !== null &&
      isCause(engine, other, alarm) &&
      isTogether(alarm.spot, other.spot) &&
      !isBeneath(other, alarm, atStation),
  );
}

/** One whose cause is gone while it stands: it is raised anew if it is still wrong after its delay. */
export function free(engine: AlarmEngine, alarm: Alarm, now: number, events: AlarmEvent[]): void {
  events.push(event(now, 'freed', alarm));
  letGo(engine, alarm);
  if (!alarm.owed) return strike(engine, alarm);
  const latched = latches(alarm, engine.byId.get(alarm.rule));
  Object.assign(alarm, { active: false, clearedAt: now, silent: null, cause: null, latched });
  drop(engine, alarm);
}

/**
 * Whether an alarm that stands hides what follows from it. One that was never told because it lies on a shelf or is out
 * of service does not: nobody would know of either.
 */
export const explains = ({ told, silent }: Alarm): boolean =>
  told !== null || silent === null || silent === 'suppressed';

/**
 * What was told at its place before the cause was known is shown beneath it from now on; not what is more urgent, which
 * would be told and then out of sight.
 */
function takeBeneath(engine: AlarmEngine, cause: Alarm): void {
  const { atStation } = engine;
  if (!explains(cause)) return;
  for (const alarm of atStation.get(cause.station) ?? []) {
    if (alarm.cause !== null || !alarm.active || alarm.priority < cause.priority) continue;
    if (!isCause(engine, cause, alarm)) continue;
    if (isTogether(alarm.spot, cause.spot) && !isBeneath(cause, alarm, atStation)) alarm.cause = keyOf(cause);
  }
}

/** Whether an alarm explains another by the rules in force, at that other's kind of station. */
function isCause(engine: AlarmEngine, cause: Alarm, alarm: Alarm): boolean {
  const text = engine.byId.get(alarm.rule)?.text;
  return text !== undefined && isExplainedBy(text, cause.rule, kindAt(engine, alarm.station));
}

/** Whether an alarm stands beneath another of its station, however far: two would hide each other. */
function isBeneath(alarm: Alarm, above: Alarm, atStation: AlarmEngine['atStation']): boolean {
  const here = new Map([...(atStation.get(alarm.station) ?? [])].map((one) => [keyOf(one), one]));
  for (let one: Alarm | undefined = alarm; one; one = here.get(one.cause ?? '')) {
    if (one === above) return true;
    here.delete(keyOf(one));
  }
  return false;
}

/** A pump belongs together with its set, both with their station. */
const isTogether = (a: string, b: string): boolean =>
  a === b || a === '' || b === '' || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** What was told and is no longer explained stands for itself again; what was silent is freed by its own site. */
export function letGo({ alarms, atStation, byId }: AlarmEngine, cause: Alarm): void {
  const key = keyOf(cause);
  // what a room's alarm explains is in that room
  const area = byId.get(cause.rule)?.gather;
  for (const alarm of area ? alarms.values() : (atStation.get(cause.station) ?? []))
    if (alarm.cause === key && alarm.silent !== 'suppressed') alarm.cause = null;
}

function endOneShots(engine: AlarmEngine, alarm: Alarm, now: number, events: AlarmEvent[]): void {
  const ended = engine.silencers.filter((silencer) => silencer.oneShot && concerns(silencer, alarm));
  for (const silencer of ended) endSilencer(engine, silencer, now, events);
}

/** Takes an alarm that is over out of the list. */
export function drop(engine: AlarmEngine, alarm: Alarm): void {
  if (isOver(alarm)) strike(engine, alarm);
}

/** Puts an alarm into the list. */
export function enlist({ alarms, atStation }: AlarmEngine, alarm: Alarm): void {
  const key = keyOf(alarm);
  const before = alarms.get(key);
  const here = atStation.get(alarm.station) ?? new Set();
  if (before) here.delete(before);
  alarms.set(key, alarm);
  atStation.set(alarm.station, here.add(alarm));
}

function strike({ alarms, atStation }: AlarmEngine, alarm: Alarm): void {
  alarms.delete(keyOf(alarm));
  const here = atStation.get(alarm.station);
  here?.delete(alarm);
  if (here?.size === 0) atStation.delete(alarm.station);
}

/** What was told stands for itself when its cause is gone, or explains it no more by the rules in force. */
export function loosen(engine: AlarmEngine): void {
  const { alarms, byId } = engine;
  for (const alarm of alarms.values()) {
    if (alarm.cause === null || alarm.silent === 'suppressed') continue;
    const cause = alarms.get(alarm.cause);
    const explained =
      cause && (isCause(engine, cause, alarm) || byId.get(cause.rule)?.gather?.rule === alarm.rule);
    if (!explained) alarm.cause = null;
  }
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
