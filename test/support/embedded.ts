import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '#server/database/database.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { copyEmptyDatabase } from './prepared.ts';

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

/** A new data folder with an empty, migrated database. */
export async function embeddedFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'shuijing-embedded-'));
  await copyEmptyDatabase(folder);
  return folder;
}
