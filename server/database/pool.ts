import pg from 'pg';
import type { Database, Query } from './contract.ts';
import { type Priority, PriorityQueue } from './queue.ts';

/** There is no connection at the moment; the same call may succeed later. */
export class DatabaseAway extends Error {
  override name = 'DatabaseAway';
}

export interface PoolOptions {
  kind: Database['kind'];
  connection: pg.ClientConfig;
  /** sessions; exactly one for the embedded database */
  size: number;
  note: (note: string) => void;
  /** called when the database has not answered for long, so that its owner may start it again */
  onSilence?: () => void;
  /** called by close() after the last session ended */
  onClose?: () => Promise<void>;
}

/** A Database that lends a session to work outside its queue; for migrations at start only. */
export interface Pool extends Database {
  client<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
}

/** No statement of ours is meant to take so long; a session that hangs is given up, ms. */
const STATEMENT_TIMEOUT = 60_000;
const CONNECT_TIMEOUT = 10_000;
const FIRST_RETRY = 250;
const LAST_RETRY = 5000;
/** Failed tries in a row after which the owner of the database is told. */
const SILENT_TRIES = 4;

/** Connects once to prove that it works, then keeps `size` sessions and tries again by itself when they break. */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const pool = new SessionPool(options);
  try {
    await pool.prove();
  } catch (error) {
    await pool.close();
    throw new Error(`cannot open the database: ${reasonOf(error)}`);
  }
  return pool;
}

class SessionPool implements Pool {
  readonly kind: Database['kind'];
  private readonly sessions: pg.Pool;
  private readonly queue: PriorityQueue;
  private readonly options: PoolOptions;
  private away: string | undefined;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(options: PoolOptions) {
    this.options = options;
    this.kind = options.kind;
    this.queue = new PriorityQueue(options.size, () => performance.now());
    this.sessions = new pg.Pool({
      ...options.connection,
      max: options.size,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: STATEMENT_TIMEOUT,
      keepAlive: true,
    });
    this.sessions.on('error', (error) => this.lose(error));
  }

  async prove(): Promise<void> {
    await this.sessions.query('SELECT 1');
  }

  healthy(): boolean {
    return !this.closed && this.away === undefined;
  }

  query<R>(sql: string, params: readonly unknown[] = [], priority: Priority = 'read') {
    return this.lend(priority, (client) => ask<R>(client, sql, params));
  }

  transaction<T>(work: (query: Query) => Promise<T>, priority: Priority = 'read'): Promise<T> {
    return this.lend(priority, async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work((sql, params = []) => ask(client, sql, params));
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (!isConnectionLoss(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  client<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    return this.lend('background', work);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.retry);
    await this.sessions.end();
    await this.options.onClose?.();
  }

  private lend<T>(priority: Priority, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.queue.run(priority, async () => {
      if (this.closed) throw new DatabaseAway('the database is closed');
      if (this.away !== undefined) throw new DatabaseAway(`the database is away: ${this.away}`);
      let client: pg.PoolClient;
      try {
        client = await this.sessions.connect();
      } catch (error) {
        this.lose(error);
        throw new DatabaseAway(`the database is away: ${reasonOf(error)}`);
      }
      let broken: Error | undefined;
      const onError = (error: Error) => {
        broken = error;
      };
      client.on('error', onError);
      try {
        return await work(client);
      } catch (error) {
        if (!broken && !isConnectionLoss(error)) throw error;
        broken ??= error as Error;
        this.lose(broken);
        throw new DatabaseAway(`the database is away: ${reasonOf(broken)}`);
      } finally {
        client.off('error', onError);
        client.release(broken ?? false);
      }
    });
  }

  /** From the first failure on, calls fail at once and one probe runs until it succeeds. */
  private lose(error: unknown): void {
    if (this.closed || this.away !== undefined) return;
    this.away = reasonOf(error);
    this.options.note(`database lost: ${this.away}`);
    this.probe(FIRST_RETRY, 1);
  }

  private probe(delay: number, attempt: number): void {
    this.retry = setTimeout(async () => {
      try {
        await this.prove();
        this.away = undefined;
        this.options.note('database back');
      } catch (error) {
        if (this.closed) return;
        this.away = reasonOf(error);
        if (attempt % SILENT_TRIES === 0) this.options.onSilence?.();
        this.probe(Math.min(delay * 2, LAST_RETRY), attempt + 1);
      }
    }, delay);
  }
}

async function ask<R>(client: pg.ClientBase, sql: string, params: readonly unknown[]) {
  const result = await client.query(sql, params as unknown[]);
  return { rows: result.rows as R[], rowCount: result.rowCount ?? 0 };
}

/** Errors after which a session is not used again: no SQLSTATE at all, or class 08 (connection) or 57P0x (shutdown). */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return /^(08|57P0)/.test(code);
  if (typeof code === 'string') return /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/.test(code);
  return /Connection terminated|not queryable|Query read timeout|timeout exceeded|Client has encountered a connection error/.test(
    error.message,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message || error.name : String(error);
}
