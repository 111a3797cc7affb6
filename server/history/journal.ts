import type { Database } from '#server/database/database.ts';
import type { Template } from '#twin/catalogue/template.ts';
import type { Kind } from './log.ts';
import { packTick, readTick, type TickWriter } from './tick.ts';

/** Frames that arrived, durable within a tick: rows of the tick tables, which take turns. */

const TABLES = 4;
/** Rows of one statement when several ticks wait. */
const ROWS = 4;
/**
 * Numbers left out at a start: the statement of a server that was killed may still be under way in the database, and a
 * tick of ours under a number of its would be taken for one that is there.
 */
const UNDER_WAY = 2 * ROWS;
/** Rows read in one statement at start. */
const REPLAY_ROWS = 16;

interface TickTable {
  name: string;
  /** highest tick in it; −1 when empty */
  lastSeq: number;
  /** since when it is the one written to, ms */
  since: number;
}

interface PendingTick {
  seq: number;
  /** when the first frame of it was appended, ms */
  since: number;
  size: number;
  packed: Promise<Buffer>;
}

export class Journal {
  /** number of the tick that is open */
  seq = 1;
  /** bytes in memory that wait to be durable */
  waitingBytes = 0;
  private readonly database: Database;
  private readonly turn: number;
  private readonly tables: TickTable[] = Array.from({ length: TABLES }, (_, i) => ({
    name: `history_tick_${i}`,
    lastSeq: -1,
    since: 0,
  }));
  private current = this.tables[0]!;
  private readonly pending: PendingTick[] = [];
  private writing: Promise<void> | undefined;
  private noted = 0;

  /** `turn`: after how long the next table is taken, ms */
  constructor(database: Database, turn: number) {
    this.database = database;
    this.turn = turn;
  }

  /** Since when the oldest tick waits to be durable, ms; undefined when none does. */
  get waitingSince(): number | undefined {
    return this.pending[0]?.since;
  }

  /**
   * Shows every frame kept, tick by tick in order, and goes on counting after them. What cannot be read of a tick
   * is told and left out: the rest of the history is worth more than a start that fails.
   */
  async replay(
    now: number,
    visit: (seq: number, station: number, kind: Kind, template: Template, frame: Uint8Array) => void,
    unreadable: (seq: number, error: unknown) => void,
  ): Promise<void> {
    for (const table of this.tables) {
      const { rows } = await this.database.query<{ last: string | null }>(
        `SELECT max(seq) AS last FROM ${table.name}`,
      );
      table.lastSeq = rows[0]?.last == null ? -1 : Number(rows[0].last);
      table.since = now;
    }
    const { rows: needed } = await this.database.query<{ seq: string }>('SELECT seq FROM history_needed');
    let after = Number(needed[0]?.seq ?? 0) - 1;
    const full = this.tables.filter((table) => table.lastSeq >= 0).sort((a, b) => a.lastSeq - b.lastSeq);
    for (const table of full) {
      while (after < table.lastSeq) {
        const { rows } = await this.database.query<{ seq: string; data: Buffer }>(
          `SELECT seq, data FROM ${table.name} WHERE seq > $1 ORDER BY seq LIMIT ${REPLAY_ROWS}`,
          [after],
        );
        if (rows.length === 0) break;
        for (const row of rows) {
          after = Number(row.seq);
          try {
            readTick(row.data, (station, kind, template, frame) =>
              visit(after, station, kind, template, frame),
            );
          } catch (error) {
            unreadable(after, error);
          }
        }
      }
      this.current = table;
      this.seq = table.lastSeq + 1 + UNDER_WAY;
    }
  }

  /** Ends the open tick, if anything is in it; `since`: when its first frame came. */
  cut(open: TickWriter, since: number): void {
    if (open.size === 0) return;
    const bytes = open.take();
    const tick: PendingTick = { seq: this.seq++, since, size: bytes.length, packed: packTick(bytes) };
    this.pending.push(tick);
    this.waitingBytes += tick.size;
    tick.packed.then(
      (packed) => {
        if (!this.pending.includes(tick)) return;
        this.waitingBytes -= tick.size - packed.length;
        tick.size = packed.length;
      },
      // met by write(), which awaits it
      () => {},
    );
  }

  /** Writes what waits, in order. Rejects when the database does; what waits is kept for the next time. */
  write(now: number): Promise<void> {
    this.writing ??= this.writeAll(now).finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  /**
   * Empties the tables whose ticks are all sealed, and notes where a restart has to begin. `needed`: the first
   * tick that it would need.
   */
  async discard(needed: number): Promise<void> {
    if (needed !== this.noted) {
      await this.database.query('UPDATE history_needed SET seq = $1', [needed], 'background');
      this.noted = needed;
    }
    for (const table of this.tables) {
      if (table === this.current || table.lastSeq < 0 || table.lastSeq >= needed) continue;
      await this.database.query(`TRUNCATE ${table.name}`, [], 'background');
      table.lastSeq = -1;
    }
  }

  /** Size of the tick tables. */
  async bytes(): Promise<number> {
    const sum = this.tables.map(({ name }) => `pg_total_relation_size('${name}')`).join(' + ');
    const { rows } = await this.database.query<{ bytes: string }>(`SELECT ${sum} AS bytes`, [], 'background');
    return Number(rows[0]!.bytes);
  }

  private async writeAll(now: number): Promise<void> {
    this.takeTurn(now);
    while (this.pending.length > 0) {
      const ticks = this.pending.slice(0, ROWS);
      const params: unknown[] = [];
      for (const tick of ticks) params.push(tick.seq, await tick.packed);
      const rows = ticks.map((_, i) => `($${2 * i + 1}::bigint, $${2 * i + 2}::bytea)`).join(', ');
      // noted before, so that a row written by a statement whose answer is lost counts as there
      this.current.lastSeq = ticks.at(-1)!.seq;
      await this.database.query(
        `INSERT INTO ${this.current.name} (seq, data) VALUES ${rows} ON CONFLICT DO NOTHING`,
        params,
        'ingest',
      );
      this.pending.splice(0, ticks.length);
      for (const tick of ticks) this.waitingBytes -= tick.size;
    }
  }

  /** The next table when this one had its time, unless the next is still needed. */
  private takeTurn(now: number): void {
    if (now - this.current.since < this.turn) return;
    const next = this.tables[(this.tables.indexOf(this.current) + 1) % TABLES]!;
    if (next.lastSeq >= 0) return;
    this.current = next;
    next.since = now;
  }
}
