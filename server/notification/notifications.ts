import { existsSync, readFileSync } from 'node:fs';
import { type Book, readBook } from '#twin/notification/book.ts';
import { messageOf, type Notice, testMessage } from '#twin/notification/text.ts';
import type { Rule } from '#twin/rules/load.ts';
import { HOUR } from '#twin/units.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { NotificationChannel, NotificationHealth } from '#twin/wire/notifications.ts';
import type { Changes, Occurrence } from '../alarms/occurrence.ts';
import type { Database } from '../database/database.ts';
import type { Registry } from '../registry/registry.ts';
import type { Channel } from './channel.ts';
import { districtsOf, noticeOf } from './notice.ts';
import { openChannels } from './open.ts';
import {
  type Dispatch,
  forgetOld,
  loadDispatch,
  type OutboxRow,
  recentRows,
  writeOutcome,
} from './outboxRow.ts';
import { Postman } from './postman.ts';
import { Teller } from './teller.ts';

export interface NotificationOptions {
  database: Database;
  registry: Registry;
  /** the rule of this id as it is in force now */
  ruleOf: (id: string) => Rule | undefined;
  book: Book;
  channels: ReadonlyMap<string, Channel>;
  /** an alarm that is open now */
  find: (id: number) => Occurrence | undefined;
  now: () => number;
  note: (note: string) => void;
  patienceMs?: number;
}

const NOBODY: Book = { site: '', zoneOffset: 8 * HOUR, channels: new Map(), groups: new Map(), routes: [] };
const SHOWN = 100;

/**
 * Reads the file and makes its channels ready; nobody is told while there is none and none was asked for.
 * @throws BookError; Error with one sentence when the file cannot be read or a secret is missing
 */
export function readNotifications(
  file: { path: string; asked: boolean },
  { rules, registry }: { rules: readonly Rule[]; registry: Registry },
  env: Readonly<Record<string, string | undefined>>,
  now: () => number,
): { book: Book; channels: Map<string, Channel> } {
  if (!file.asked && !existsSync(file.path)) return { book: NOBODY, channels: new Map() };
  let text: string;
  try {
    text = readFileSync(file.path, 'utf8');
  } catch {
    throw new Error(`NOTIFICATIONS is ${JSON.stringify(file.path)}: the file cannot be read`);
  }
  const districts = [...new Set(registry.stations.map(({ station }) => station.district))];
  const book = readBook(file.path, text, { districts, rules: rules.map((rule) => rule.text.id) });
  try {
    return { book, channels: openChannels(book, env, now) };
  } catch (error) {
    throw new Error(`${file.path}: ${(error as Error).message}`);
  }
}

/** Who is told of alarms outside of the page: makes the messages, delivers them, and knows how that goes. */
export class Notifications {
  private readonly options: NotificationOptions;
  private readonly teller: Teller;
  private readonly postman: Postman;
  private readonly testing = new Set<string>();

  private constructor(options: NotificationOptions, teller: Teller, postman: Postman) {
    this.options = options;
    this.teller = teller;
    this.postman = postman;
  }

  /** Takes up where the last server left off. */
  static async begin(options: NotificationOptions): Promise<Notifications> {
    const { database, registry, ruleOf, book, channels, find, now, note, patienceMs } = options;
    const { courses, rows } = await loadDispatch(database);
    const teller = new Teller(
      book,
      courses,
      (alarm) => districtsOf(registry, alarm),
      (rule) => ruleOf(rule)?.text.told ?? null,
    );
    const notice = (row: OutboxRow): Notice =>
      noticeOf(row, {
        alarm: find(row.alarm),
        rule: ruleOf(row.rule),
        station: registry.byCode.get(row.station)?.station,
        language: book.channels.get(row.channel)?.language ?? 'zh',
        site: book.site,
      });
    const postman = new Postman(
      {
        channels,
        find,
        noticeOf: notice,
        messageOf: (channel, notices) =>
          messageOf(notices, book.channels.get(channel)!.language, book.zoneOffset),
        keep: async (changed) => {
          await writeOutcome(database.query.bind(database), changed);
        },
        now,
        note,
        ...(patienceMs !== undefined && { patienceMs }),
      },
      rows,
    );
    return new Notifications(options, teller, postman);
  }

  /** What has to be written with the alarms that have changed. */
  follow(
    open: ReadonlyMap<number, AlarmSummary>,
    { occurrences, events }: Pick<Changes, 'occurrences' | 'events'>,
    now: number,
  ): Dispatch {
    const ended = occurrences.filter(({ endedAt }) => endedAt !== null);
    const dispatch = this.teller.follow(open, { ended, events }, now);
    this.postman.add(dispatch.rows);
    return dispatch;
  }

  /** It is written. */
  stored(rows: readonly OutboxRow[]): void {
    this.postman.stored(rows);
  }

  /** Starts what is due; waits for nothing. */
  turn(): void {
    this.postman.turn();
  }

  forgetOld(): Promise<unknown> {
    return forgetOld(this.options.database, this.options.now());
  }

  channels(): NotificationChannel[] {
    return [...this.options.book.channels].map(([id, text]) => {
      const line = this.postman.lineOf(id);
      const waiting = this.postman.waitingOf(id);
      const { failures, downSince, lastError, lastDelivered, nextAttempt } = line;
      return {
        id,
        kind: text.kind,
        name: text.name ?? { zh: id, en: id },
        language: text.language,
        target: this.options.channels.get(id)!.target,
        state: downSince !== null ? 'down' : lastDelivered !== null ? 'up' : 'new',
        downSince,
        failures,
        lastError,
        lastDelivered,
        nextAttempt: downSince === null ? null : nextAttempt,
        waiting: waiting.length,
        oldestWaiting: waiting.length > 0 ? Math.min(...waiting.map(({ madeAt }) => madeAt)) : null,
        routes: this.routesTo(id),
      };
    });
  }

  async health(): Promise<NotificationHealth> {
    const { database, book, now } = this.options;
    return {
      time: now(),
      configured: book !== NOBODY,
      channels: this.channels(),
      recent: (await recentRows(database, SHOWN)).map(({ about: _, attemptedAt: __, ...entry }) => entry),
    };
  }

  has(id: string): boolean {
    return this.options.book.channels.has(id);
  }

  /** Sends a test message now; null while one to this channel is under way. */
  async test(id: string, by: string): Promise<{ error: string | null } | null> {
    if (this.testing.has(id)) return null;
    this.testing.add(id);
    try {
      const { site, channels } = this.options.book;
      return await this.postman.test(id, testMessage(by, channels.get(id)!.language, site));
    } finally {
      this.testing.delete(id);
    }
  }

  close(): Promise<void> {
    return this.postman.close();
  }

  private routesTo(channel: string): string[] {
    const { routes, groups } = this.options.book;
    const leads = (name: string) => {
      const group = groups.get(name);
      if (!group) return name === channel;
      return (
        group.otherwise.includes(channel) || group.shifts.some(({ channels }) => channels.includes(channel))
      );
    };
    return routes
      .filter(({ tell, escalate }) => tell.some(leads) || escalate.some((step) => step.tell.some(leads)))
      .map(({ id }) => id);
  }
}
