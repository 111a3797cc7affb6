import { afterAll, beforeAll } from 'vitest';
import type { Database } from '#server/database/database.ts';
import type { TestDatabase } from './embedded.ts';

/** One database for all tests of a suite, made before the first and removed after the last; `use` is given it. */
export function suiteDatabase(create: () => Promise<TestDatabase>, use: (database: Database) => void): void {
  let place: TestDatabase | undefined;
  let database: Database | undefined;
  beforeAll(async () => {
    place = await create();
    database = await place.open();
    use(database);
  });
  afterAll(async () => {
    await database?.close();
    place?.remove();
  });
}
