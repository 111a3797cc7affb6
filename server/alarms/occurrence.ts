import { type Alarm, type AlarmEvent, keyOf, stateOf } from '#twin/alarm/alarm.ts';
import type { AlarmSummary, Suspects } from '#twin/wire/alarms.ts';
import { type Dispatch, NO_DISPATCH } from '../notification/outboxRow.ts';
import type { LateAlarm } from './lateAlarms.ts';

/** One occurrence of an alarm as it is stored and shown. */
export interface Occurrence extends AlarmSummary {
  evidence: Alarm['evidence'];
  diagnosis: Alarm['diagnosis'];
  /** where it may have broken, of an area that is asked for it */
  suspects: Suspects | null;
}

/** Where something may have broken in the area of an alarm; null while nothing is known of it. */
export type SuspectsOf = (alarm: Pick<Alarm, 'rule' | 'station'>) => Suspects | null;

/** One line of the alarm log as it is stored. */
export interface LoggedEvent {
  id: number;
  alarm: number | null;
  time: number;
  kind: string;
  rule: string;
  station: string;
  spot: string;
  priority: number;
  annunciates: boolean;
  by: string | null;
  reason: string | null;
}

/** Where a station or area lies, and who made the pumps at a spot of it. */
export type Whereabouts = (
  station: string,
  spot: string,
) => { district: string; supplyZone: string; maker: string };

/** What has to be written after a look or an action. */
export interface Changes {
  occurrences: Occurrence[];
  events: LoggedEvent[];
  /** who is to be told of it */
  dispatch: Dispatch;
}

/**
 * The occurrences that are open, by number: follows the engine's alarms and knows what of them changed. Numbers are
 * given in the order in which alarms were raised and never again.
 */
export class OpenOccurrences {
  readonly byId = new Map<number, Occurrence>();
  private readonly byKey = new Map<string, Occurrence>();
  private readonly whereabouts: Whereabouts;
  private readonly suspectsOf: SuspectsOf;
  private nextId: number;
  private nextEvent: number;

  /** `last`: highest numbers given so far */
  constructor(
    open: readonly Occurrence[],
    last: { id: number; event: number },
    whereabouts: Whereabouts,
    suspectsOf: SuspectsOf = () => null,
  ) {
    for (const occurrence of open) this.put(occurrence);
    this.nextId = last.id + 1;
    this.nextEvent = last.event + 1;
    this.whereabouts = whereabouts;
    this.suspectsOf = suspectsOf;
  }

  /** Follows the engine: its alarms as they are now and what has happened since the last call. */
  follow(alarms: ReadonlyMap<string, Alarm>, events: readonly AlarmEvent[], now: number): Changes {
    const changed = new Set<Occurrence>();
    const logged: LoggedEvent[] = [];
    const before = new Map(this.byKey);
    for (const [key, occurrence] of before) {
      const alarm = alarms.get(key);
      if (alarm?.raisedAt === occurrence.raisedAt) continue;
      this.end(key, occurrence, now);
      changed.add(occurrence);
    }
    for (const [key, alarm] of alarms) {
      if (this.byKey.has(key)) continue;
      const made = this.make(alarm);
      this.put(made);
      changed.add(made);
    }
    for (const event of events) {
      const key = keyOf(event);
      // what ends, or gives way to a new one, is said of the one before
      const about = ENDS.has(event.kind) ? (before.get(key) ?? this.byKey.get(key)) : this.byKey.get(key);
      if (about && event.kind === 'acknowledged') {
        about.acknowledgedAt = event.time;
        about.acknowledgedBy = event.by ?? null;
        changed.add(about);
      }
      if (about?.acknowledgedAt && event.annunciates) {
        // told anew, it waits anew
        about.acknowledgedAt = null;
        about.acknowledgedBy = null;
        changed.add(about);
      }
      if (about && event.kind === 'cleared') {
        about.clearedAt = event.time;
        changed.add(about);
      }
      const { time, kind, rule, station, spot, priority, annunciates, by = null, reason = null } = event;
      const alarm = about?.id ?? null;
      const id = this.nextEvent++;
      logged.push({ id, alarm, time, kind, rule, station, spot, priority, annunciates, by, reason });
    }
    for (const [key, alarm] of alarms) {
      const occurrence = this.byKey.get(key)!;
      if (this.update(occurrence, alarm)) changed.add(occurrence);
    }
    return { occurrences: [...changed], events: logged, dispatch: NO_DISPATCH };
  }

  /** Numbers what was found in values that came late; it is over, and nobody was told. */
  late(found: readonly LateAlarm[]): Changes {
    const occurrences: Occurrence[] = [];
    const events: LoggedEvent[] = [];
    for (const { rule, station, spot, priority, raisedAt, clearedAt, evidence } of found) {
      const id = this.nextId++;
      occurrences.push({
        id,
        rule,
        station,
        spot,
        priority,
        ...this.whereabouts(station, spot),
        state: 'normal',
        active: false,
        chattering: false,
        cause: null,
        raisedAt,
        toldAt: null,
        late: true,
        clearedAt,
        acknowledgedAt: null,
        acknowledgedBy: null,
        endedAt: clearedAt,
        evidence,
        diagnosis: [],
        suspects: null,
      });
      const line = { alarm: id, rule, station, spot, priority, annunciates: false, by: null, reason: null };
      events.push({ ...line, id: this.nextEvent++, time: raisedAt, kind: 'raised' });
      events.push({ ...line, id: this.nextEvent++, time: clearedAt, kind: 'cleared' });
    }
    return { occurrences, events, dispatch: NO_DISPATCH };
  }

  private put(occurrence: Occurrence): void {
    this.byId.set(occurrence.id, occurrence);
    this.byKey.set(keyOf(occurrence), occurrence);
  }

  private end(key: string, occurrence: Occurrence, now: number): void {
    Object.assign(occurrence, { active: false, chattering: false, state: 'normal', endedAt: now });
    this.byId.delete(occurrence.id);
    this.byKey.delete(key);
  }

  private make(alarm: Alarm): Occurrence {
    const { rule, station, spot, raisedAt, evidence, diagnosis } = alarm;
    return {
      id: this.nextId++,
      rule,
      station,
      spot,
      raisedAt,
      ...this.whereabouts(station, spot),
      ...this.changeable(alarm),
      late: false,
      acknowledgedAt: null,
      acknowledgedBy: null,
      endedAt: null,
      evidence,
      diagnosis,
      suspects: this.suspectsOf(alarm),
    };
  }

  private changeable(alarm: Alarm) {
    const { priority, active, chattering, cause, told, clearedAt } = alarm;
    return {
      priority,
      state: stateOf(alarm),
      active,
      chattering,
      cause: (cause !== null && this.byKey.get(cause)?.id) || null,
      toldAt: told,
      clearedAt,
    };
  }

  /** Whether something of it is new. */
  private update(occurrence: Occurrence, alarm: Alarm): boolean {
    // the last word stands when nothing is asked any more
    const suspects = this.suspectsOf(alarm) ?? occurrence.suspects;
    const next = { ...this.changeable(alarm), suspects };
    const known: Record<string, unknown> = { ...occurrence };
    if (Object.entries(next).every(([name, value]) => known[name] === value)) return false;
    Object.assign(occurrence, next);
    return true;
  }
}

const ENDS = new Set<AlarmEvent['kind']>([
  'cleared',
  'acknowledged',
  'reset',
  'freed',
  'settled',
  'withdrawn',
]);
