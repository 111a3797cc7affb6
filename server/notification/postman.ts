import { stillWanted } from '#twin/notification/course.ts';
import { backOff, failed, type Line, NEW_LINE, succeeded } from '#twin/notification/line.ts';
import type { Message, Notice } from '#twin/notification/text.ts';
import { DAY, SECOND } from '#twin/units.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';
import type { NotificationEntry } from '#twin/wire/notifications.ts';
import { type Channel, NotTaken, PartlyTaken, Refused, withoutSecrets } from './channel.ts';
import type { OutboxRow } from './outboxRow.ts';
import { standingOf } from './teller.ts';

export interface PostmanOptions {
  channels: ReadonlyMap<string, Channel>;
  find: (alarm: number) => AlarmSummary | undefined;
  noticeOf: (row: OutboxRow) => Notice;
  messageOf: (channel: string, notices: readonly Notice[]) => Message;
  /** keeps rows with what became of them */
  keep: (rows: readonly OutboxRow[]) => Promise<void>;
  now: () => number;
  random?: () => number;
  note: (note: string) => void;
  /** an attempt is given up after this time, ms */
  patienceMs?: number;
}

/** What could not be delivered for so long is given up. */
const LONGEST = DAY;
/** A message is kept back so long for the database to have it; then people come first. */
const LONGEST_HELD = 10 * SECOND;
/** And a message waits so long for the database to know of its attempt. */
const LONGEST_KEPT = 5 * SECOND;
/** A channel that takes other messages and has refused one so often will not take it. */
const MOST_REFUSALS = 8;
/** Alarms in one message. */
const MOST_AT_ONCE = 20;
const PATIENCE = 30 * SECOND;

interface Box {
  line: Line;
  rows: Map<string, OutboxRow>;
  running: Promise<void> | null;
  abort: AbortController | null;
}

/** Brings messages to their channels: each channel for itself, so that one that hangs holds up no other. */
export class Postman {
  private readonly options: PostmanOptions;
  private readonly boxes = new Map<string, Box>();
  private readonly unstored = new Set<string>();
  /** how often a message was refused, by its key */
  private readonly refusals = new Map<string, number>();
  /** when those are tried again whom a mail server refused, by the message's key */
  private readonly retries = new Map<string, number>();
  private ended = false;

  constructor(options: PostmanOptions, waiting: readonly OutboxRow[]) {
    this.options = options;
    for (const id of options.channels.keys())
      this.boxes.set(id, { line: NEW_LINE, rows: new Map(), running: null, abort: null });
    for (const row of waiting) {
      const box = this.boxes.get(row.channel);
      if (box) box.rows.set(row.key, row);
      else this.give(row, 'refused', 'the channel is no longer in the file');
    }
    const orphans = waiting.filter(({ outcome }) => outcome !== 'waiting');
    if (orphans.length > 0) this.options.keep(orphans).catch(() => undefined);
  }

  /** Messages that are due; they go out once `stored` says so. */
  add(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const box = this.boxes.get(row.channel);
      if (!box || box.rows.has(row.key)) continue;
      box.rows.set(row.key, row);
      this.unstored.add(row.key);
    }
  }

  /** The database has them. */
  stored(rows: readonly OutboxRow[]): void {
    for (const { key } of rows) this.unstored.delete(key);
    if (rows.length > 0) this.turn();
  }

  /** Starts what can be started; waits for nothing. Called every second. */
  turn(): void {
    if (this.ended) return;
    for (const [id, box] of this.boxes) {
      if (box.running || box.rows.size === 0 || this.options.now() < box.line.nextAttempt) continue;
      box.running = this.attempt(id, box)
        .catch((error: Error) => this.options.note(`notification: ${error.message}`))
        .finally(() => {
          box.running = null;
          box.abort = null;
        });
    }
  }

  lineOf(id: string): Line {
    return this.boxes.get(id)!.line;
  }

  waitingOf(id: string): OutboxRow[] {
    return [...this.boxes.get(id)!.rows.values()];
  }

  /** Sends a message now, outside of every queue. One that is taken ends the channel's waiting. */
  async test(id: string, message: Message): Promise<{ error: string | null }> {
    const channel = this.options.channels.get(id)!;
    try {
      await channel.send(message, [], this.patience(null), []);
    } catch (error) {
      return { error: withoutSecrets((error as Error).message, channel.secrets) };
    }
    const box = this.boxes.get(id)!;
    if (!box.running) {
      box.line = succeeded(this.options.now(), channel.gapMs);
      this.turn();
    }
    return { error: null };
  }

  /** Ends attempts that run; what they carried is tried again by the next server. */
  async close(): Promise<void> {
    this.ended = true;
    for (const { abort } of this.boxes.values()) abort?.abort();
    await Promise.all([...this.boxes.values()].map(({ running }) => running));
  }

  private async attempt(id: string, box: Box): Promise<void> {
    const { now, keep, note } = this.options;
    const gone = this.settled(box);
    if (gone.length > 0) await this.keepOrNote(gone);
    const { rows, notices, message } = this.next(id, box);
    if (!message) return;
    const channel = this.options.channels.get(id)!;
    const begun = now();
    for (const row of rows) Object.assign(row, { attempts: row.attempts + 1, attemptedAt: begun });
    // a server that dies in the middle leaves behind that it may have been delivered
    await this.keepOrNote(rows);
    box.abort = new AbortController();
    if (this.ended) return;
    const failure = await channel
      .send(message, notices, this.patience(box.abort.signal), rows[0]!.missing)
      .then(
        () => null,
        (error: Error) => error,
      );
    if (failure && this.ended) return;
    const words = failure && withoutSecrets(failure.message, channel.secrets);
    if (failure && !(failure instanceof PartlyTaken)) return this.notTaken(id, rows, failure, words!);
    if (box.line.failures > 0) note(`notification channel ${id} is up again`);
    box.line = succeeded(now(), channel.gapMs);
    for (const row of rows) {
      row.missing = [...(failure?.missing ?? [])];
      if (failure) this.tryMissing(row, words!);
      else this.give(row, 'delivered', null);
    }
    await keepUntilKept(
      () => keep(rows.map((row) => ({ ...row }))),
      () => this.ended,
      note,
    );
  }

  private async notTaken(id: string, rows: readonly OutboxRow[], error: Error, words: string): Promise<void> {
    const { now, note, random = Math.random } = this.options;
    const box = this.boxes.get(id)!;
    const refused = error instanceof Refused;
    if (box.line.failures === 0) note(`notification channel ${id} is down: ${words}`);
    box.line = failed(box.line, words, now(), random());
    for (const row of rows) {
      row.error = words;
      // it surely has not got there: the next attempt is no repeat
      if (error instanceof NotTaken) row.attemptedAt = null;
      if (!refused) continue;
      this.refusals.set(row.key, 1 + (this.refusals.get(row.key) ?? 0));
      if (this.hopeless(row, box)) this.give(row, 'refused', words);
    }
    await this.keepOrNote(rows);
  }

  /** What need not go out any more. */
  private settled({ rows }: Box): OutboxRow[] {
    const { now, find } = this.options;
    const gone: OutboxRow[] = [];
    const newest = new Map<string, number>();
    for (const row of rows.values())
      if (row.kind === 'repeat')
        newest.set(nameOfCourse(row), Math.max(row.madeAt, newest.get(nameOfCourse(row)) ?? 0));
    for (const row of [...rows.values()]) {
      const superseded = row.kind === 'repeat' && row.madeAt < newest.get(nameOfCourse(row))!;
      if (now() - row.madeAt > LONGEST) this.give(row, 'expired', row.error);
      else if (superseded || !stillWanted(row.kind, standingOf(find(row.alarm))))
        this.give(row, 'withdrawn', row.error);
      else continue;
      gone.push(row);
    }
    return gone;
  }

  /** The rows of the next message, those least tried first. */
  private next(id: string, { rows }: Box) {
    const { now, noticeOf, messageOf, channels } = this.options;
    const { limit } = channels.get(id)!;
    const ready = [...rows.values()]
      .filter(({ key, madeAt }) => !this.unstored.has(key) || now() - madeAt > LONGEST_HELD)
      .filter(({ key }) => (this.retries.get(key) ?? 0) <= now())
      .sort((a, b) => a.attempts - b.attempts || a.madeAt - b.madeAt);
    // one that was refused goes alone, after the others: it may be the reason
    const fresh = ready.filter(({ key, missing }) => !this.refusals.has(key) && missing.length === 0);
    const wanted = fresh.length > 0 ? fresh.slice(0, MOST_AT_ONCE) : ready.slice(0, 1);
    const taken: OutboxRow[] = [];
    let notices: Notice[] = [];
    let message: Message | null = null;
    for (const row of wanted) {
      const more = [...notices, noticeOf(row)];
      const longer = messageOf(id, more);
      if (message && Math.max(...[longer.markdown, longer.text].map(bytesOf)) > limit) break;
      taken.push(row);
      notices = more;
      message = longer;
    }
    return { rows: taken, notices, message };
  }

  /** The others have it: from now on it is for these only, later each time, and given up as what is refused is. */
  private tryMissing(row: OutboxRow, words: string): void {
    const { now, random = Math.random } = this.options;
    const refusals = 1 + (this.refusals.get(row.key) ?? 0);
    if (refusals >= MOST_REFUSALS) this.give(row, 'refused', words);
    else {
      this.refusals.set(row.key, refusals);
      this.retries.set(row.key, now() + backOff(refusals, random()));
      Object.assign(row, { error: words, attemptedAt: null });
    }
  }

  private hopeless(row: OutboxRow, { line }: Box): boolean {
    return (
      (this.refusals.get(row.key) ?? 0) >= MOST_REFUSALS &&
      line.lastDelivered !== null &&
      line.lastDelivered > row.madeAt
    );
  }

  private give(row: OutboxRow, outcome: NotificationEntry['outcome'], error: string | null): void {
    Object.assign(row, { outcome, error, doneAt: this.options.now(), attemptedAt: null });
    this.boxes.get(row.channel)?.rows.delete(row.key);
    this.unstored.delete(row.key);
    this.refusals.delete(row.key);
    this.retries.delete(row.key);
  }

  /** A database that is away keeps nobody from being told. */
  private async keepOrNote(rows: readonly OutboxRow[]): Promise<void> {
    const late = new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error('the database does not answer')), LONGEST_KEPT).unref(),
    );
    try {
      await Promise.race([this.options.keep(rows.map((row) => ({ ...row }))), late]);
    } catch (error) {
      this.options.note(`notification: not kept: ${(error as Error).message}`);
    }
  }

  private patience(signal: AbortSignal | null): AbortSignal {
    const timeout = AbortSignal.timeout(this.options.patienceMs ?? PATIENCE);
    return signal ? AbortSignal.any([signal, timeout]) : timeout;
  }
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

const nameOfCourse = ({ alarm, route }: OutboxRow): string => `${alarm}/${route}`;

/** What was delivered must be known after a restart: it is tried until the database has it. */
async function keepUntilKept(
  keep: () => Promise<void>,
  ended: () => boolean,
  note: (note: string) => void,
): Promise<void> {
  for (let wait = 200; ; wait = Math.min(10_000, wait * 2)) {
    try {
      return await keep();
    } catch (error) {
      if (wait === 200) note(`notification: delivered, but not kept yet: ${(error as Error).message}`);
      if (ended()) return;
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}
