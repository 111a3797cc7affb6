import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';
import type { Priority } from './queue.ts';

/** Values come back as `pg` gives them: int8 and numeric as text, bytea as Buffer, jsonb parsed. */
export type Query = <R = Record<string, unknown>>(
  sql: string,
  params?: readonly unknown[],
) => Promise<{ rows: R[]; rowCount: number }>;

/**
 * The one door to PostgreSQL, a server or the embedded one. The embedded one is a single session, so every
 * statement waits in one queue by priority; keep statements under about 50 ms and transactions short.
 */
export interface Database {
  readonly kind: 'postgres' | 'embedded';
  /** Rejects with DatabaseAway when there is no connection; with the database's own error otherwise. */
  query<R = Record<string, unknown>>(
    sql: string,
    params?: readonly unknown[],
    priority?: Priority,
  ): Promise<{ rows: R[]; rowCount: number }>;
  /**
   * Commits when `work` resolves, rolls back when it rejects. Inside, use only the query given: the outer one
   * would wait for this transaction to end. When the connection breaks at the commit nobody knows whether it
   * happened: what is written must bear being written twice.
   */
  transaction<T>(work: (query: Query) => Promise<T>, priority?: Priority): Promise<T>;
  /** false while the database cannot be reached; it is tried again by itself */
  healthy(): boolean;
  close(): Promise<void>;
}

export type DatabaseStep = 'connecting' | 'creating' | 'starting' | 'postgis' | 'migrating' | 'ready';

export interface DatabaseOptions {
  /** postgres://… of a server with PostGIS; without it the embedded database in `dataDir` is used */
  url?: string | undefined;
  /** folder of the embedded database; it is created when missing */
  dataDir: string;
  onProgress?: (step: DatabaseStep) => void;
  /** told of every loss and return of the connection, and of statements that fail in the background */
  onNote?: (note: string) => void;
}

/**
 * Opens the database, with PostGIS and the newest tables. Throws one sentence when it cannot: a wrong URL,
 * missing PostGIS, a data folder that another process uses.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const progress = options.onProgress ?? (() => {});
  const note = options.onNote ?? (() => {});
  if (options.url) progress('connecting');
  const database = options.url
    ? await openPool({ kind: 'postgres', connection: { connectionString: options.url }, size: 4, note })
    : await openEmbedded(options.dataDir, progress, note);
  try {
    progress('postgis');
    await createPostgis(database);
    progress('migrating');
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  progress('ready');
  return database;
}

async function createPostgis(database: Database): Promise<void> {
  const { rows } = await database.query("SELECT 1 FROM pg_extension WHERE extname = 'postgis'");
  if (rows.length > 0) return;
  try {
    await database.query('CREATE EXTENSION postgis');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the database has no PostGIS and it cannot be created (${reason}): run CREATE EXTENSION postgis as its owner`,
    );
  }
}
