import { describe, expect, it } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { openHistory } from '#server/history/history.ts';
import { unpack } from '#server/history/pack.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';
import { MINUTE } from '#twin/units.ts';
import { decodeColumn, decodeTimes } from '#twin/wire/chunk.ts';
import { scalesOf } from '#twin/wire/frame.ts';

const START = Date.UTC(2026, 9, 1);

/** `point@seconds` of every value that the sealed chunks of a station hold: the storage itself, nothing merged. */
async function inChunks(database: Database, station: number): Promise<string[]> {
  const { rows } = await database.query<{ offsets: number[]; data: Buffer }>(
    'SELECT offsets, data FROM history_chunk WHERE station = $1',
    [station],
  );
  return rows.flatMap(({ offsets, data }) => {
    const part = (k: number) => unpack(data.subarray(offsets[k], offsets[k + 1]));
    const times = decodeTimes(part(0));
    return scalesOf(ROOM).flatMap((scale, i) =>
      [...(decodeColumn(part(i + 1), times, scale)?.t ?? [])].map(
        (t) => `${ROOM.points[i]!.name}@${(t - START) / 1000}`,
      ),
    );
  });
}

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`the sealed history on ${name}`, () => {
    let database: Database;
    suiteDatabase(create!, (made) => {
      database = made;
    });

    it('holds each point and time once, whatever came twice, live or late, before or after sealing and a restart', async () => {
      let now = START + MINUTE;
      let history = await openHistory(database, { now });
      const sealed = async () => {
        for (const end = now + 12 * MINUTE; now < end; ) {
          now += MINUTE / 2;
          await history.tick(now);
        }
      };
      const given = new Map<number, Set<string>>();
      const say = (station: number, kind: 'live' | 'late', from: number, to: number) => {
        const append = (kind === 'live' ? history.append : history.appendLate).bind(history);
        for (let second = from; second < to; second += 2) {
          const { count, points, values, qualities } = valuesOf({ P_IN: 0.3, L1: 2.5 });
          append(station, ROOM, START + 1000 * second, count, points, values, qualities);
          const all = given.get(station) ?? new Set();
          for (const point of ['P_IN', 'L1']) all.add(`${point}@${second}`);
          given.set(station, all);
        }
      };
      // a replay beside what is new; history that is live later; a station that says again what it said before a restart
      say(1, 'live', 0, 40);
      say(1, 'late', 10, 60);
      say(2, 'late', 0, 40);
      say(3, 'live', 0, 40);
      say(3, 'live', 20, 30);
      await sealed();
      await history.close();
      history = await openHistory(database, { now });
      say(1, 'late', 0, 80);
      say(2, 'live', 20, 60);
      say(3, 'live', 30, 60);
      await sealed();
      say(2, 'late', 0, 70);
      say(3, 'late', 0, 70);
      await sealed();
      expect(history.stats().unsealedFrames).toBe(0);
      await history.close();
      for (const [station, all] of given)
        expect((await inChunks(database, station)).sort()).toEqual([...all].sort());
    });
  });
}
