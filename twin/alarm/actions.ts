import type { AlarmEvent } from './alarm.ts';
import { drop, endSilencer, event, silencedBy } from './life.ts';
import { concerns, isSameSilence, refuseSilencer, type SilencedPlace, type Silencer } from './silencer.ts';
import type { AlarmEngine } from './standing.ts';

/** What a person does with alarms. */
export type AlarmAction =
  | { do: 'acknowledge' | 'reset'; key: string; by: string; note?: string }
  | { do: 'silence'; silencer: Silencer }
  | ({ do: 'endSilence'; by: string; reason?: string } & SilencedPlace);

/** Done, with what it led to; or refused, and why. */
export type ActionResult = { events: AlarmEvent[] } | { refused: string };

/** Carries out what a person asks for at `now`, ms since epoch. */
export function act(engine: AlarmEngine, action: AlarmAction, now: number): ActionResult {
  switch (action.do) {
    case 'acknowledge':
      return acknowledge(engine, action.key, action.by, action.note, now);
    case 'reset':
      return reset(engine, action.key, action.by, action.note, now);
    case 'silence':
      return silence(engine, action.silencer, now);
    case 'endSilence':
      return endSilence(engine, action, now);
  }
}

function acknowledge(
  engine: AlarmEngine,
  key: string,
  by: string,
  note: string | undefined,
  now: number,
): ActionResult {
  const alarm = engine.alarms.get(key);
  if (!alarm) return { refused: 'the alarm is over' };
  if (alarm.told === null && !alarm.owed) return { refused: 'nobody was told of this alarm yet' };
  if (alarm.acknowledged) return { refused: 'it is acknowledged already' };
  if (by.trim() === '') return { refused: 'somebody must answer for it: a name is missing' };
  alarm.acknowledged = true;
  drop(engine, alarm);
  return { events: [event(now, 'acknowledged', alarm, { by, ...(note && { reason: note }) })] };
}

function reset(
  engine: AlarmEngine,
  key: string,
  by: string,
  note: string | undefined,
  now: number,
): ActionResult {
  const alarm = engine.alarms.get(key);
  if (!alarm) return { refused: 'the alarm is over' };
  if (!alarm.latched) return { refused: alarm.active ? 'its condition still holds' : 'it is not latched' };
  if (!alarm.acknowledged) return { refused: 'it must be acknowledged first' };
  if (by.trim() === '') return { refused: 'somebody must answer for it: a name is missing' };
  alarm.latched = false;
  drop(engine, alarm);
  return { events: [event(now, 'reset', alarm, { by, ...(note && { reason: note }) })] };
}

function silence(engine: AlarmEngine, silencer: Silencer, now: number): ActionResult {
  const refused = refuseSilencer(silencer, now);
  if (refused) return { refused };
  if (silencer.rule !== null && !engine.rules.some(({ text }) => text.id === silencer.rule))
    return { refused: `no rule has the id ${silencer.rule}` };
  const { kind, station, rule, spot = '', by, reason } = silencer;
  engine.silencers = [...engine.silencers.filter((other) => !isSameSilence(other, silencer)), silencer];
  for (const alarm of engine.alarms.values())
    if (alarm.silent !== 'suppressed' && concerns(silencer, alarm)) alarm.silent = silencedBy(engine, alarm);
  const logged = { time: now, kind, rule: rule ?? '', station, spot, priority: 0, annunciates: false };
  return { events: [{ ...logged, by, reason }] };
}

function endSilence(
  engine: AlarmEngine,
  { by, reason, ...place }: Extract<AlarmAction, { do: 'endSilence' }>,
  now: number,
): ActionResult {
  const found =
    engine.silencers.find((silencer) => isSameSilence(silencer, place)) ??
    // an alarm that lies on a shelf of its whole rule comes off it with that
    engine.silencers.find((silencer) => isSameSilence(silencer, { ...place, spot: undefined }));
  if (!found) return { refused: place.kind === 'shelved' ? 'it is not on a shelf' : 'it is in service' };
  const events: AlarmEvent[] = [];
  endSilencer(engine, found, now, events, by, reason);
  return { events };
}
