import { AlarmDesk } from '#server/alarms/desk.ts';
import { areasIn, whereaboutsIn } from '#server/alarms/whereabouts.ts';
import type { Database } from '#server/database/database.ts';
import { Registry } from '#server/registry/registry.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { aRule, rulesOf } from '#test/twin/alarm/timeline.ts';
import type { PlatformHealth } from '#twin/alarm/platformWatch.ts';
import { createBaselines } from '#twin/baseline/city.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { Quality } from '#twin/state/quality.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';

export const ROOM = 'SM-0001';
export const OTHER = 'SM-0002';
const LOOK = 2000;

/** A desk over a real database, two rooms, and a clock that only the test moves. */
export class DeskTrial {
  readonly clock = new VirtualClock();
  readonly notes: string[] = [];
  /** how the platform says that it is */
  health: PlatformHealth = {};
  desk!: AlarmDesk;
  registry!: Registry;
  private readonly database: Database;
  private rules: RuleText[];

  constructor(database: Database, rules: RuleText[] = [aRule()]) {
    this.database = database;
    this.rules = rules;
  }

  /** Starts a server's alarms; what ran before is as if killed, `lastAlive` when it is known. */
  async start(rules = this.rules, lastAlive: number | null = null): Promise<this> {
    this.rules = rules;
    this.registry = await Registry.load(
      fakeDatabase([
        [
          /FROM station WHERE registered/,
          stationRows(aStation(ROOM), aStation(OTHER, { district: '350206' })),
        ],
      ]),
    );
    this.desk = await AlarmDesk.begin({
      database: this.database,
      rules: rulesOf(...rules),
      state: this.registry.state,
      areaOf: areasIn(this.registry),
      whereabouts: whereaboutsIn(this.registry),
      baselines: createBaselines(),
      now: this.clock.now,
      health: () => this.health,
      lastAlive,
      note: (note) => this.notes.push(note),
    });
    return this;
  }

  /** Values arrive now. */
  hear(values: Record<string, number>, code = ROOM): this {
    const { columns, row } = this.registry.byCode.get(code)!.place;
    for (const [name, value] of Object.entries(values)) {
      const index = columns.template.index.get(name)!;
      columns.values[index]![row] = value;
      columns.qualities[index]![row] = Quality.good;
      columns.times[index]![row] = this.clock.now();
    }
    columns.lastMessage[row] = this.clock.now();
    return this;
  }

  /** Looks every two seconds for so long; each look is written. */
  async run(seconds: number): Promise<this> {
    for (const end = this.clock.now() + seconds * 1000; this.clock.now() < end; ) {
      this.clock.pass(LOOK);
      await this.desk.look();
    }
    return this;
  }

  /** What is open, by rule and station. */
  open(): string[] {
    return this.desk.list().map(({ rule, station, state }) => `${rule} ${station} ${state}`);
  }

  only(): AlarmSummary {
    const all = this.desk.list();
    if (all.length !== 1) throw new Error(`one alarm was expected, there are ${all.length}`);
    return all[0]!;
  }
}

/** Removes every alarm there ever was. */
export async function forgetAlarms(database: Database): Promise<void> {
  await database.query('TRUNCATE alarm, alarm_event, alarm_state_0, alarm_state_1, late_stretch');
}
