import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#server/database/database.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { until } from '#test/support/until.ts';
import { forgetAll } from './aNotifier.ts';
import { HANGS, OK, Robot, says } from './receivers.ts';

const PROGRAM = join(import.meta.dirname, '../../support/notifier.ts');
const PATIENCE = 120_000;

describe.skipIf(!postgresPrograms())('a server that is killed in the middle', () => {
  let postgres: TestPostgres;
  let database: Database;
  let robot: Robot;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    postgres = await startPostgres();
    database = await openDatabase({ url: postgres.url, dataDir: '' });
  });
  afterAll(async () => {
    await database?.close();
    postgres?.remove();
  });
  beforeEach(async () => {
    await forgetAll(database);
    robot = await new Robot().start();
  });
  afterEach(async () => {
    await kill();
    await robot.stop();
  });

  const start = async () => {
    const made = spawn(process.execPath, ['--import', 'tsx', PROGRAM, postgres.url, robot.url('/hook')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = made;
    const [said] = await once(made.stdout!, 'data');
    expect(String(said)).toBe('ready\n');
  };
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const delivered = async () => {
    const { rows } = await database.query<{ key: string }>(
      "SELECT key FROM notification WHERE outcome = 'delivered'",
    );
    return rows.map(({ key }) => key);
  };
  const keys = () =>
    robot.received.map(({ body }) => [body.alarms[0].key.replace(/@\d+/, ''), body.alarms[0].mayRepeat]);

  it(
    'while the channel is down: the message comes once, after the restart',
    async () => {
      robot.answer = says(500, '');
      await start();
      await until('a failed attempt', () => robot.received.length > 0, PATIENCE);
      await kill();
      robot.received.length = 0;
      robot.answer = OK;
      await start();
      await until('it is delivered', async () => (await delivered()).length === 1, PATIENCE);
      expect(robot.received).toHaveLength(1);
    },
    2 * PATIENCE,
  );

  it(
    'after the message was taken and kept: it does not come again',
    async () => {
      await start();
      await until('it is delivered', async () => (await delivered()).length === 1, PATIENCE);
      await kill();
      await start();
      await pause(2000);
      expect(keys()).toEqual([['1/told-2/hook', false]]);
    },
    2 * PATIENCE,
  );

  it(
    'while it waits for the answer: the message comes again, and says that it may',
    async () => {
      robot.answer = HANGS;
      await start();
      await until('the attempt', () => robot.received.length === 1, PATIENCE);
      await kill();
      robot.answer = OK;
      await start();
      await until('it is delivered', async () => (await delivered()).length === 1, PATIENCE);
      expect(keys()).toEqual([
        ['1/told-2/hook', false],
        ['1/told-2/hook', true],
      ]);
    },
    2 * PATIENCE,
  );
});
