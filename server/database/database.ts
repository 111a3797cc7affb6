import type { Database, DatabaseStep, Query } from './contract.ts';
import { openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPool } from './pool.ts';

export type { Database, DatabaseStep, Query };

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
