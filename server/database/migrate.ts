import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import type { Pool } from './pool.ts';

const FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/** Brings the tables to the newest version: the SQL files of server/migrations that have not run here yet. */
export async function migrate(pool: Pool): Promise<void> {
  await pool.client((dbClient) =>
    runner({
      dbClient,
      dir: FOLDER,
      direction: 'up',
      migrationsTable: 'migration',
      // the embedded database has one session and no advisory locks
      ...(pool.kind === 'embedded' ? { noLock: true } : { advisoryLockMode: 'wait' as const }),
      log: () => {},
    }),
  );
}
