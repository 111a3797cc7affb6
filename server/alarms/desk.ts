import { type AlarmAction, act } from '#twin/alarm/actions.ts';
import { type AlarmEvent, keyOf } from '#twin/alarm/alarm.ts';
import type { AreaOf } from '#twin/alarm/area.ts';
import { createEngine, tick } from '#twin/alarm/engine.ts';
import { areasAsked } from '#twin/alarm/located.ts';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import { restoreAlarms, type SavedAlarms, saveAlarms, withRules } from '#twin/alarm/save.ts';
import type { Silencer } from '#twin/alarm/silencer.ts';
import type { AlarmEngine } from '#twin/alarm/standing.ts';
import { type FleetWindows, recallWindows } from '#twin/alarm/windows.ts';
import { type Baselines, learn } from '#twin/baseline/city.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { MotorsOf } from '#twin/rules/look.ts';
import type { TwinState } from '#twin/state/columns.ts';
import { DAY } from '#twin/units.ts';
import { ALARM_SHEET, ALARM_SHEET_COLUMNS, type AlarmSummary } from '#twin/wire/alarms.ts';
import { emptySheet, type Sheet } from '#twin/wire/sheet.ts';
import type { BurstFinder } from '../burst/finder.ts';
import type { Database } from '../database/database.ts';
import type { Notifications } from '../notification/notifications.ts';
import { NO_DISPATCH } from '../notification/outboxRow.ts';
import type { LateAlarm } from './lateAlarms.ts';
import type { Missed } from './lateArrivals.ts';
import { type Occurrence, OpenOccurrences, type Whereabouts } from './occurrence.ts';
import { AlarmStore } from './store.ts';
import { Writer } from './writer.ts';

export interface DeskOptions {
  database: Database;
  rules: readonly Rule[];
  state: TwinState;
  areaOf: AreaOf;
  /** without it no rated current is known */
  motorsOf?: MotorsOf;
  whereabouts: Whereabouts;
  /** what is usual, which learns at every look */
  baselines: Baselines;
  now: () => number;
  /** how the platform itself is; nobody knows when absent */
  health?: () => PlatformHealth;
  /** when the server before was last alive, ms since epoch; null: nobody knows */
  lastAlive?: number | null;
  /** who is told of it outside of the page */
  notifications?: Pick<Notifications, 'follow' | 'stored'>;
  /** where mains may have burst */
  finder?: Pick<BurstFinder, 'see' | 'suspectsOf'>;
  /** what could not be written is told once, and once when it could be again */
  note: (note: string) => void;
}

/** What became of what a person asked for. */
export interface Done {
  done: number;
  refused: { id: number; reason: string }[];
}

/** The live alarms of the city: looks at the twin, keeps the list, does what people ask, and has it all written. */
export class AlarmDesk {
  /** grows with every change of the list */
  revision = 0;
  private lastTold = 0;
  private engine: AlarmEngine;
  private readonly open: OpenOccurrences;
  private readonly store: AlarmStore;
  private readonly writer: Writer;
  private readonly now: () => number;
  private readonly notifications: DeskOptions['notifications'];
  private readonly finder: DeskOptions['finder'];

  private constructor(
    engine: AlarmEngine,
    open: OpenOccurrences,
    store: AlarmStore,
    writer: Writer,
    now: () => number,
    notifications: DeskOptions['notifications'],
    finder: DeskOptions['finder'],
  ) {
    this.finder = finder;
    this.notifications = notifications;
    this.engine = engine;
    this.open = open;
    this.store = store;
    this.writer = writer;
    this.now = now;
  }

  /** Takes up where the last server left off: what stood stands, what was delayed goes on. */
  static async begin({
    database,
    rules,
    state,
    areaOf,
    motorsOf = () => undefined,
    whereabouts,
    baselines,
    now,
    health = () => ({}),
    lastAlive = null,
    notifications,
    finder,
    note,
  }: DeskOptions): Promise<AlarmDesk> {
    const store = new AlarmStore(database);
    const stored = await store.load();
    const engine = createEngine(rules, state, { areaOf, motorsOf, baselines, health });
    if (stored.state) restoreAlarms(engine, stored.state, absenceSince(lastAlive, stored.state, now()));
    const open = new OpenOccurrences(stored.open, stored.last, whereabouts, finder?.suspectsOf);
    const writer = new Writer(async (changes, standing) => {
      await store.save(changes, standing);
      notifications?.stored(changes.dispatch.rows);
    }, note);
    return new AlarmDesk(engine, open, store, writer, now, notifications, finder);
  }

  get rules(): readonly Rule[] {
    return this.engine.rules;
  }

  get silencers(): readonly Silencer[] {
    return this.engine.silencers;
  }

  /**
   * Other rules from now on: what stands, is delayed or shelved stays, what no rule speaks of any more ends. Resolves
   * when that is written.
   */
  change(rules: readonly Rule[]): Promise<void> {
    const { engine, events } = withRules(this.engine, rules);
    this.engine = engine;
    return this.take(events);
  }

  /** What moving windows knew before this server began. */
  recall(known: readonly FleetWindows[]): void {
    recallWindows(this.engine, known);
  }

  /** Forgets alarms that ended so many days ago, and their log. */
  forgetOld(days: number): Promise<void> {
    return this.store.forgetBefore(this.now() - days * DAY);
  }

  /**
   * Adds what was found in stretches whose values came late to the history of alarms; what was known when it was stays
   * as it is. Resolves when it is written.
   */
  async addLate(found: readonly LateAlarm[], missed: readonly Missed[]): Promise<void> {
    if (found.length === 0) return;
    const known = await this.store.knownIn(
      [...new Set(found.map(({ station }) => station))],
      Math.min(...missed.map(({ from }) => from)),
      Math.max(...missed.map(({ to }) => to)),
    );
    const isKnown = (one: LateAlarm) =>
      known.some(
        (other) => keyOf(other) === keyOf(one) && other.from <= one.clearedAt && other.to >= one.raisedAt,
      );
    const changes = this.open.late(found.filter((one) => !isKnown(one)));
    if (changes.occurrences.length === 0) return;
    this.revision++;
    await this.writer.write(changes, saveAlarms(this.engine));
  }

  /** Looks at every station; resolves when what changed is written, which nobody needs to wait for. */
  look(): Promise<void> {
    const now = this.time();
    const { baselines, state } = this.engine;
    if (baselines) learn(baselines, state, now);
    this.finder?.see(state, areasAsked(this.engine), now);
    return this.take(tick(this.engine, now));
  }

  /** Everything that is not normal, in no order. */
  list(): AlarmSummary[] {
    return [...this.open.byId.values()].map(
      ({ evidence: _, diagnosis: __, suspects: ___, ...summary }) => summary,
    );
  }

  find(id: number): Occurrence | undefined {
    return this.open.byId.get(id);
  }

  /** Does the same with each of the alarms; resolves when it is written. */
  async each(ids: readonly number[], action: (alarm: Occurrence, now: number) => AlarmAction): Promise<Done> {
    const now = this.time();
    const answer: Done = { done: 0, refused: [] };
    const events: AlarmEvent[] = [];
    for (const id of new Set(ids)) {
      const alarm = this.open.byId.get(id);
      const result = alarm
        ? act(this.engine, action(alarm, now), now)
        : { refused: 'there is no such alarm, or it is over' };
      if ('refused' in result) answer.refused.push({ id, reason: result.refused });
      else {
        answer.done++;
        events.push(...result.events);
      }
    }
    await this.take(events);
    return answer;
  }

  /** Keeps a station's alarms silent, whether one stands or not; what is refused is said. */
  silence(silencer: Silencer): Promise<string | null> {
    return this.once({ do: 'silence', silencer });
  }

  /** Ends a shelf or puts equipment back into service; what is refused is said. */
  endSilence(action: Extract<AlarmAction, { do: 'endSilence' }>): Promise<string | null> {
    return this.once(action);
  }

  private async once(action: AlarmAction): Promise<string | null> {
    const result = act(this.engine, action, this.time());
    if ('refused' in result) return result.refused;
    await this.take(result.events);
    return null;
  }

  /** Counts for the live socket. */
  sheet(): Sheet {
    const sheet = emptySheet(1, ALARM_SHEET_COLUMNS);
    const { values } = sheet;
    values.fill(0);
    values[ALARM_SHEET.revision] = this.revision;
    values[ALARM_SHEET.lastTold] = this.lastTold;
    for (const { state, active, priority } of this.open.byId.values()) {
      if (state === 'shelved' || state === 'outOfService') values[ALARM_SHEET.shelved]!++;
      else if (state === 'suppressed') values[ALARM_SHEET.suppressed]!++;
      else {
        if (state === 'unacknowledged' || state === 'returned')
          values[ALARM_SHEET.waiting1 + priority - 1]!++;
        if (active) values[ALARM_SHEET.standing1 + priority - 1]!++;
      }
    }
    return sheet;
  }

  /** Waits until everything that has happened is written, or fails. */
  close(): Promise<void> {
    return this.writer.write({ occurrences: [], events: [], dispatch: NO_DISPATCH }, saveAlarms(this.engine));
  }

  private take(events: readonly AlarmEvent[]): Promise<void> {
    const now = this.time();
    const changes = this.open.follow(this.engine.alarms, events, now);
    if (this.notifications) changes.dispatch = this.notifications.follow(this.open.byId, changes, now);
    if (changes.occurrences.length > 0 || changes.events.length > 0) this.revision++;
    for (const { annunciates, time } of events) if (annunciates) this.lastTold = time;
    return this.writer.write(changes, saveAlarms(this.engine));
  }

  /** A clock that is set back does not turn back what has been seen. */
  private time(): number {
    const now = this.now();
    return this.engine.time > now ? this.engine.time : now;
  }
}

/** The state was last written when something changed, which may be long before the server ended. */
function absenceSince(lastAlive: number | null, { time }: SavedAlarms, now: number) {
  if (lastAlive === null || time === null) return undefined;
  const to = Math.max(now, time);
  return { from: Math.min(to, Math.max(lastAlive, time)), to };
}

/** The key the engine knows an occurrence by. */
export const keyOfOccurrence = ({ rule, station, spot }: Occurrence): string =>
  keyOf({ rule, station, spot });
