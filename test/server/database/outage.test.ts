import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { embeddedFolder } from '#test/support/embedded.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START = Date.UTC(2026, 9, 1);

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 50));
}

describe.skipIf(!postgresPrograms())('a server that goes away', () => {
  let server: TestPostgres;
  let database: Database;
  let history: History;
  const notes: string[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({ url: server.url, dataDir: '', onNote: (note) => notes.push(note) });
    history = await openHistory(database, { now: START });
  });
  afterAll(async () => {
    await history?.close();
    await database?.close();
    server?.remove();
  });

  it('is noticed, waited for, and nothing appended in the meantime is lost', async () => {
    const { count, points, values, qualities } = valuesOf({ P_IN: 0.3 });
    const append = (second: number) =>
      history.append(1, ROOM, START + second * 1000, count, points, values, qualities);
    append(0);
    await history.flush();
    server.stop('immediate');
    append(1);
    await history.tick(START + 1000);
    append(2);
    await history.tick(START + 60_000);
    expect(database.healthy()).toBe(false);
    expect(history.stats().behindMs).toBeGreaterThanOrEqual(59_000);
    await expect(database.query('SELECT 1')).rejects.toThrow(/the database is away/);
    await expect(history.flush()).rejects.toThrow(/the database is away/);

    server.start();
    await until(() => database.healthy());
    await history.flush();
    expect(history.stats().behindMs).toBe(0);
    await history.close();
    history = await openHistory(database, { now: START + 60_000 });
    const { series } = await history.read({
      station: 1,
      template: ROOM,
      points: ['P_IN'],
      from: START,
      to: START + 10_000,
      buckets: 10,
    });
    expect(series[0]!.t.map((t) => t - START)).toEqual([0, 1000, 2000]);
    expect(notes.some((note) => note.startsWith('database lost'))).toBe(true);
    expect(notes.at(-1)).toBe('database back');
  });
});

describe('the embedded database', { timeout: 180_000 }, () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await embeddedFolder();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  const holder = () =>
    (JSON.parse(readFileSync(join(dataDir, 'database.lock'), 'utf8')) as { pid: number }).pid;
  const alive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('serves one process: a second one is told who has it', async () => {
    const database = await openDatabase({ dataDir });
    try {
      await expect(openDatabase({ dataDir })).rejects.toThrow(
        `the data folder ${dataDir} is in use by process ${holder()}`,
      );
      expect(database.healthy()).toBe(true);
    } finally {
      await database.close();
    }
  });

  it('starts again when its process is killed, with what was committed', async () => {
    const database = await openDatabase({ dataDir });
    try {
      await database.query("INSERT INTO city VALUES ('kept', '1')");
      process.kill(holder(), 'SIGKILL');
      await until(() => !database.healthy());
      await until(() => database.healthy());
      const { rows } = await database.query("SELECT value FROM city WHERE key = 'kept'");
      expect(rows).toEqual([{ value: 1 }]);
    } finally {
      await database.close();
    }
  });

  it('ends with its parent, however that ends', async () => {
    const open = `import('./server/database/database.ts').then(async ({ openDatabase }) => {
      await openDatabase({ dataDir: ${JSON.stringify(dataDir)} });
      process.stdout.write('ready');
      setInterval(() => {}, 1000);
    })`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '-e', open], { cwd: ROOT });
    await new Promise((done) => parent.stdout.once('data', done));
    const pid = holder();
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !alive(pid));
    await (await openDatabase({ dataDir })).close();
  });

  it('ends with its parent, also when that ends before it has begun', async () => {
    const open = `const { fork } = require('node:child_process');
      const child = fork('bin/database.ts', ${JSON.stringify([dataDir, dataDir])}, {
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      process.stdout.write(String(child.pid));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', open], { cwd: ROOT });
    const [pid] = await once(parent.stdout, 'data');
    parent.kill('SIGKILL');
    await until(() => !alive(Number(pid)));
  });

  it('is created anew when its creation was interrupted', async () => {
    rmSync(join(dataDir, 'pg.complete'));
    rmSync(join(dataDir, 'pg', 'global'), { recursive: true });
    const steps: string[] = [];
    const database = await openDatabase({ dataDir, onProgress: (step) => steps.push(step) });
    await database.close();
    expect(steps).toEqual(['creating', 'postgis', 'migrating', 'ready']);
  });
});
