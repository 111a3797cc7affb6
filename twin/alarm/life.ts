import type { Rule } from '#twin/rules/load.ts';
import { type Alarm, type AlarmEvent, type AlarmEventKind, isOver, keyOf } from './alarm.ts';
import { newRaise } from './chatter.ts';
import { concerns, type Silencer } from './silencer.ts';
import type { AlarmEngine } from './standing.ts';

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
    if (known.silent === 'suppressed' && !cause) {
      known.cause = null;
      tell(known, now, events);
    }
    takeBeneath(engine, known);
    return;
  }
  const alarm: Alarm = {
    ...id,
    priority: rule.text.priority,
    aged: [],
    active: true,
    acknowledged: false,
    latched: false,
    chattering: false,
    silent: null,
    cause,
    raisedAt: now,
    told: null,
    clearedAt: null,
    evidence,
    diagnosis,
  };
  engine.alarms.set(key, alarm);
  alarm.silent = cause ? 'suppressed' : silencedBy(engine, alarm);
  if (alarm.silent) events.push(event(now, alarm.silent, alarm, { evidence }));
  else tell(alarm, now, events);
  takeBeneath(engine, alarm);
  if (rule.chatter && engine.chatter.get(key)?.on) {
    alarm.chattering = true;
    events.push(event(now, 'chatter', alarm));
  }
}

/** Annunciates. */
function tell(alarm: Alarm, now: number, events: AlarmEvent[]): void {
  alarm.silent = null;
  alarm.told = now;
  events.push(event(now, 'raised', alarm, { annunciates: true, evidence: alarm.evidence }));
}

/** How a silencer keeps an alarm from people; null: none does. Out of service stands over a shelf. */
export function silencedBy(engine: AlarmEngine, { rule, station }: Alarm): Silencer['kind'] | null {
  const found = engine.silencers.filter((silencer) => concerns(silencer, rule, station));
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
  alarm.latched = alarm.told !== null && Boolean(rule?.text.latch);
  events.push(event(now, 'cleared', alarm));
  endOneShots(engine, alarm, now, events);
  drop(engine, alarm);
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
    else if (alarm.active && alarm.told === null) {
      tell(alarm, now, events);
      takeBeneath(engine, alarm);
    } else alarm.silent = null;
  }
}

/** One whose cause is gone while it stands: it is raised anew if it is still wrong after its delay. */
export function free(engine: AlarmEngine, alarm: Alarm, now: number, events: AlarmEvent[]): void {
  events.push(event(now, 'freed', alarm));
  engine.alarms.delete(keyOf(alarm));
  letGo(engine, alarm);
}

/**
 * Whether an alarm that stands hides what follows from it. One that was never told because it lies on a shelf or is out
 * of service does not: nobody would know of either.
 */
export const explains = ({ told, silent }: Alarm): boolean =>
  told !== null || silent === null || silent === 'suppressed';

/** What was told at its place before the cause was known is shown beneath it from now on. */
function takeBeneath({ alarms, byId }: AlarmEngine, cause: Alarm): void {
  if (!explains(cause)) return;
  for (const alarm of alarms.values()) {
    if (alarm.station !== cause.station || alarm.cause !== null || !alarm.active) continue;
    if (!byId.get(alarm.rule)?.text.suppressedBy?.includes(cause.rule)) continue;
    if (isTogether(alarm.spot, cause.spot)) alarm.cause = keyOf(cause);
  }
}

/** A pump belongs together with its set, both with their station. */
const isTogether = (a: string, b: string): boolean =>
  a === b || a === '' || b === '' || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);

/** What was told and is no longer explained stands for itself again; what was silent is freed by its own site. */
export function letGo({ alarms }: AlarmEngine, cause: Alarm): void {
  const key = keyOf(cause);
  for (const alarm of alarms.values())
    if (alarm.cause === key && alarm.silent !== 'suppressed') alarm.cause = null;
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
