import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '#server/database/database.ts';
import { Clocks } from '#server/ingest/clocks.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
import { DAY } from '#twin/units.ts';

for (const [name, create] of Object.entries(DATABASES)) {
  // skipped only where PostgreSQL is not installed
  describe.skipIf(!create)(name, () => {
    let place: TestDatabase;
    let database: Database;
    beforeAll(async () => {
      place = await create!();
      database = await place.open();
    });
    afterAll(async () => {
      await database?.close();
      place?.remove();
    });

    it('has PostGIS, the coordinate system of the city, and its tables', async () => {
      await database.query(
        `INSERT INTO station (code, registered, template, body, geom)
         VALUES ($1, true, 'tank:LO3', $2, ST_SetSRID(ST_Point(118.1, 24.5), 4490))`,
        ['XM-0001', JSON.stringify({ code: 'XM-0001' })],
      );
      const { rows } = await database.query<{ lon: number; code: string }>(
        `SELECT ST_X(geom) AS lon, body->>'code' AS code FROM station ORDER BY geom <-> ST_SetSRID(ST_Point(118, 24), 4490)`,
      );
      expect(rows).toEqual([{ lon: 118.1, code: 'XM-0001' }]);
    });

    it('keeps what is known of clocks, the last time of each', async () => {
      const { rows } = await database.query<{ id: number }>(
        `INSERT INTO station (code, registered, template, body) VALUES ('XM-0002', false, '', '{}') RETURNING id`,
      );
      const id = rows[0]!.id;
      const now = Date.UTC(2026, 5, 1);
      const clocks = new Clocks();
      for (const days of [1, 2]) {
        clocks.hears(id, now + days * DAY, now);
        await clocks.save(database);
      }
      const found = await Clocks.load(database);
      expect(found.of(id)!.steps).toEqual([
        { since: now + DAY, ahead: DAY, heard: [now + DAY] },
        { since: now + 2 * DAY, ahead: 2 * DAY, heard: [now + 2 * DAY] },
      ]);
      await database.query('DELETE FROM station WHERE id = $1', [id]);
      expect((await Clocks.load(database)).of(id)).toBeUndefined();
    });

    it('keeps bytes as they are', async () => {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 256));
      const { rows } = await database.query<{ b: Buffer }>('SELECT $1::bytea AS b', [bytes]);
      expect(rows[0]!.b.equals(bytes)).toBe(true);
    });

    it('commits a transaction or nothing of it', async () => {
      const count = async () =>
        (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM city')).rows[0]!.n;
      await expect(
        database.transaction(async (query) => {
          await query("INSERT INTO city VALUES ('a', '1')");
          throw new Error('changed my mind');
        }),
      ).rejects.toThrow('changed my mind');
      expect(await count()).toBe(0);
      await expect(
        database.transaction(async (query) => {
          await query("INSERT INTO city VALUES ('a', '1')");
          await query("INSERT INTO city VALUES ('a', '2')");
        }),
      ).rejects.toThrow(/city_pkey/);
      expect(await count()).toBe(0);
      await database.transaction((query) => query("INSERT INTO city VALUES ('a', '1')"));
      expect(await count()).toBe(1);
    });

    it('answers many at once, each with its own rows', async () => {
      const answers = await Promise.all(
        Array.from({ length: 300 }, (_, i) =>
          database.query<{ n: number }>('SELECT $1::int + g AS n FROM generate_series(1, 3) AS g', [i * 10]),
        ),
      );
      answers.forEach(({ rows }, i) => {
        expect(rows.map((row) => row.n)).toEqual([i * 10 + 1, i * 10 + 2, i * 10 + 3]);
      });
    });

    it('goes on after a statement that fails', async () => {
      await expect(database.query('SELECT * FROM nothing')).rejects.toThrow(/nothing/);
      expect(database.healthy()).toBe(true);
      await database.query('SELECT 1');
    });

    it('opens again where it was, without migrating twice', async () => {
      await database.close();
      await expect(database.query('SELECT 1')).rejects.toThrow('closed');
      database = await place.open();
      const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM station');
      expect(rows[0]!.n).toBe(1);
    });
  });
}

describe('a database that cannot be opened', () => {
  it('says what is wrong with the address', async () => {
    const dataDir = '';
    await expect(openDatabase({ url: 'postgres://x@127.0.0.1:1/x', dataDir })).rejects.toThrow(
      /cannot open the database: .*ECONNREFUSED/,
    );
    await expect(openDatabase({ url: 'no address', dataDir })).rejects.toThrow(/cannot open the database/);
  });
});
