import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#server/database/database.ts';
import { openHistory } from '#server/history/history.ts';
import { embeddedFolder } from '#test/support/embedded.ts';
import { postgresPrograms, startPostgres, type TestPostgres } from '#test/support/postgres.ts';
import { ROOM, random } from '#test/support/telemetry.ts';

const START = Date.UTC(2026, 9, 1);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Lets it append until it has printed `frames` more durable frames, then kills it. Returns the last one printed. */
async function appendAndKill(place: string, first: number, frames: number): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/support/appender.ts', String(START), String(first), place],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let durable = first;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) {
      if (/^\d+$/.test(line)) durable = Math.max(durable, Number(line));
    }
    if (durable >= first + frames) child.kill('SIGKILL');
  });
  await new Promise((done) => child.once('close', done));
  if (durable < first + frames) throw new Error(`ended at ${durable}: ${errors}`);
  return durable;
}

/** Every frame number found of a station, in order. */
async function framesOf(history: Awaited<ReturnType<typeof openHistory>>, station: number, last: number) {
  const to = START + (last + 1000) * 2000;
  const { series } = await history.read({
    station,
    template: ROOM,
    points: ['P_IN'],
    from: START,
    to,
    buckets: (to - START) / 2000,
  });
  const one = series[0]!;
  return one.t.map((t, i) => ({ frame: (t - START) / 2000, count: one.count[i]!, value: one.mean[i]! }));
}

async function expectNothingLost(place: string, kills: number) {
  const rnd = random(7);
  let durable = 0;
  for (let i = 0; i < kills; i++)
    durable = await appendAndKill(place, durable, 150 + Math.floor(rnd() * 400));
  const database = await openDatabase(
    place.startsWith('postgres') ? { url: place, dataDir: '' } : { dataDir: place },
  );
  const history = await openHistory(database, { now: START + durable * 2000 });
  try {
    for (const station of [1, 5, 10]) {
      const found = (await framesOf(history, station, durable)).filter(({ frame }) => frame < durable);
      expect(found).toHaveLength(durable);
      for (const [i, { frame, count, value }] of found.entries()) {
        expect({ frame, count, value }).toEqual({ frame: i, count: 1, value: (i % 1000) / 1000 });
      }
    }
  } finally {
    await history.close();
    await database.close();
  }
}

describe.skipIf(!postgresPrograms())('killed while it appends to PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  it('has lost nothing that was durable, and doubled nothing', async () => {
    await expectNothingLost(server.url, 4);
  });
});

describe('killed while it appends to the embedded database', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await embeddedFolder();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has lost nothing that was durable, doubled nothing, and left no process', {
    timeout: 180_000,
  }, async () => {
    await expectNothingLost(folder, 3);
  });
});
