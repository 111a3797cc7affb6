import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlarmDesk } from '#server/alarms/desk.ts';
import { areasIn, whereaboutsIn } from '#server/alarms/whereabouts.ts';
import type { Database } from '#server/database/database.ts';
import { Notifications, readNotifications } from '#server/notification/notifications.ts';
import { Registry } from '#server/registry/registry.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { aRule, rulesOf } from '#test/twin/alarm/timeline.ts';
import { createBaselines } from '#twin/baseline/city.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { Quality } from '#twin/state/quality.ts';

export const ROOM = 'SM-0001';
export const OTHER = 'SM-0002';

export interface NotifierOptions {
  database: Database;
  /** what the file says */
  book: object;
  now: () => number;
  rules?: RuleText[];
  env?: Record<string, string>;
  patienceMs?: number;
  note?: (note: string) => void;
}

/** The server's alarms and notifications over a real database, for rooms whose values the test gives. */
export class Notifier {
  readonly desk: AlarmDesk;
  readonly notifications: Notifications;
  private readonly registry: Registry;
  private readonly now: () => number;

  private constructor(desk: AlarmDesk, notifications: Notifications, registry: Registry, now: () => number) {
    this.desk = desk;
    this.notifications = notifications;
    this.registry = registry;
    this.now = now;
  }

  static async start(options: NotifierOptions): Promise<Notifier> {
    const { database, book, now, rules = [aRule()], env = {}, patienceMs, note = () => undefined } = options;
    const registry = await Registry.load(
      fakeDatabase([
        [
          /FROM station WHERE registered/,
          stationRows(aStation(ROOM), aStation(OTHER, { district: '350206' })),
        ],
      ]),
    );
    const inForce = rulesOf(...rules);
    const folder = mkdtempSync(join(tmpdir(), 'shuijing-notifications-'));
    const path = join(folder, 'notifications.yaml');
    writeFileSync(path, JSON.stringify({ site: 'https://twin.example.org', ...book }));
    const told = readNotifications({ path, asked: true }, { rules: inForce, registry }, env, now);
    rmSync(folder, { recursive: true });
    let desk: AlarmDesk | undefined;
    const notifications = await Notifications.begin({
      database,
      registry,
      ruleOf: (id) => inForce.find(({ text }) => text.id === id),
      ...told,
      find: (id) => desk?.find(id),
      now,
      note,
      ...(patienceMs !== undefined && { patienceMs }),
    });
    desk = await AlarmDesk.begin({
      database,
      rules: inForce,
      state: registry.state,
      areaOf: areasIn(registry),
      whereabouts: whereaboutsIn(registry),
      baselines: createBaselines(),
      now,
      notifications,
      note,
    });
    return new Notifier(desk, notifications, registry, now);
  }

  /** Values arrive now. */
  hear(values: Record<string, number>, code = ROOM): this {
    const { columns, row } = this.registry.byCode.get(code)!.place;
    for (const [name, value] of Object.entries(values)) {
      const index = columns.template.index.get(name)!;
      columns.values[index]![row] = value;
      columns.qualities[index]![row] = Quality.good;
      columns.times[index]![row] = this.now();
    }
    columns.lastMessage[row] = this.now();
    return this;
  }
}

/** Removes every alarm and message there ever was. */
export const forgetAll = (database: Database): Promise<unknown> =>
  database.query(
    'TRUNCATE alarm, alarm_event, alarm_state_0, alarm_state_1, notification, notification_course',
  );
