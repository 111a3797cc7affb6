import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase } from '#server/database/database.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';

/** One of the two kinds of database, for tests that must hold on both. */
export interface TestDatabase {
  open(): Promise<Database>;
  /** notes of the databases opened */
  notes: string[];
  /** after every database is closed */
  remove(): void;
}

/** Both kinds by name; PostgreSQL is undefined where it is not installed. */
export const DATABASES: Record<'PostgreSQL' | 'embedded', (() => Promise<TestDatabase>) | undefined> = {
  PostgreSQL: postgresPrograms() ? onPostgres : undefined,
  embedded: onEmbedded,
};

async function onPostgres(): Promise<TestDatabase> {
  const server = await startPostgres();
  const notes: string[] = [];
  return {
    notes,
    open: () => openDatabase({ url: server.url, dataDir: '', onNote: (note) => notes.push(note) }),
    remove: () => server.remove(),
  };
}

async function onEmbedded(): Promise<TestDatabase> {
  const dataDir = await embeddedFolder();
  const notes: string[] = [];
  return {
    notes,
    open: () => openDatabase({ dataDir, onNote: (note) => notes.push(note) }),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * A new data folder with an empty, migrated database. It is a copy of one that is made once for the migrations
 * as they are: making it takes half a minute, copying it nothing.
 */
export async function embeddedFolder(): Promise<string> {
  const original = await emptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'shuijing-embedded-'));
  cpSync(original, folder, { recursive: true });
  return folder;
}

async function emptyDatabase(): Promise<string> {
  const migrations = join(ROOT, 'server/migrations');
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  for (const file of readdirSync(migrations).sort()) hash.update(readFileSync(join(migrations, file)));
  const cache = join(ROOT, 'node_modules/.cache/shuijing');
  const folder = join(cache, `embedded-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, 'making-'));
  try {
    await (await openDatabase({ dataDir: making })).close();
    renameSync(making, folder);
  } catch (error) {
    // another test file was faster
    if (!existsSync(folder)) throw error;
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}
