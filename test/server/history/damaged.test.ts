import { describe, expect, it } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { openHistory } from '#server/history/history.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';
import { MINUTE } from '#twin/units.ts';

const START = Date.UTC(2026, 9, 1);

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`a chunk that was damaged on disk, on ${name}`, () => {
    let database: Database;
    suiteDatabase(create!, (made) => {
      database = made;
    });

    it.each(['append', 'appendLate'] as const)('costs nothing of what %s brings later', async (append) => {
      await database.query('TRUNCATE history_chunk');
      let now = START + MINUTE;
      const notes: string[] = [];
      const history = await openHistory(database, { now, note: (note) => notes.push(note) });
      const sealed = async () => {
        for (const end = now + 12 * MINUTE; now < end; ) {
          now += MINUTE / 2;
          await history.tick(now);
        }
      };
      const say = (seconds: number) => {
        const { count, points, values, qualities } = valuesOf({ P_IN: 0.3 });
        history[append](1, ROOM, START + 1000 * seconds, count, points, values, qualities);
      };
      say(0);
      say(40);
      await sealed();
      await database.query("UPDATE history_chunk SET data = decode(repeat('ff', length(data)), 'hex')");
      say(20);
      await sealed();
      await history.close();
      expect(notes).toEqual([expect.stringContaining('a chunk of station 1 cannot be read')]);
      const { rows } = await database.query<{ t0: string; values: number }>(
        'SELECT t0, values FROM history_chunk WHERE t0 > $1',
        [START],
      );
      expect(rows.map(({ t0, values }) => [Number(t0) - START, values])).toEqual([[20_000, 1]]);
    });
  });
}
