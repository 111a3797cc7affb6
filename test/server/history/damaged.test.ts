import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';
import { MINUTE } from '#twin/units.ts';

const START = Date.UTC(2026, 9, 1);
const END = START + 60 * MINUTE;

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`a chunk that was damaged on disk, on ${name}`, () => {
    let database: Database;
    let history: History;
    let now: number;
    const notes: string[] = [];
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(async () => {
      await database.query('TRUNCATE history_chunk');
      now = START + MINUTE;
      notes.length = 0;
      history = await openHistory(database, { now, note: (note) => notes.push(note) });
    });

    afterEach(() => history.close());

    const seal = async () => {
      for (const end = now + 12 * MINUTE; now < end; ) {
        now += MINUTE / 2;
        await history.tick(now);
      }
    };
    const say = (seconds: number, append: 'append' | 'appendLate' = 'append') => {
      const { count, points, values, qualities } = valuesOf({ P_IN: 0.3, 'LO/P_OUT': 0.5 });
      history[append](1, ROOM, START + 1000 * seconds, count, points, values, qualities);
    };
    const damage = (where = 'true') =>
      database.query(
        `UPDATE history_chunk SET data = decode(repeat('ff', length(data)), 'hex') WHERE ${where}`,
      );

    it.each(['append', 'appendLate'] as const)('costs nothing of what %s brings later', async (append) => {
      say(0, append);
      say(40, append);
      await seal();
      await damage();
      say(20, append);
      await seal();
      expect(notes).toEqual([expect.stringContaining('a chunk of station 1 cannot be read')]);
      const { rows } = await database.query<{ t0: string; values: number }>(
        'SELECT t0, values FROM history_chunk WHERE t0 > $1',
        [START],
      );
      expect(rows.map(({ t0, values }) => [Number(t0) - START, values])).toEqual([[20_000, 2]]);
    });

    describe('of three', () => {
      // the three chunks hold 0 to 40 s, 900 to 940 s and 1800 to 1840 s; the one in the middle is damaged
      const DAMAGED = { from: START + 900_000, to: START + 940_001 };
      beforeEach(async () => {
        for (const begin of [0, 900, 1800]) {
          now = START + 1000 * (begin + 60);
          await history.tick(now);
          for (const second of [0, 20, 40]) say(begin + second);
          await seal();
        }
      });
      const read = (...points: string[]) =>
        history.read({ station: 1, template: ROOM, points, from: START, to: END, buckets: 3600 });
      const damageMiddle = () => damage(`t0 = ${DAMAGED.from}`);
      const seconds = (times: ArrayLike<number>) => Array.from(times, (t) => (t - START) / 1000);

      it('leaves the rest of a range readable, and is named', async () => {
        await damageMiddle();
        const { series } = await read('P_IN', 'LO/P_OUT');
        for (const one of series) {
          expect(seconds(one.t)).toEqual([0, 20, 40, 1800, 1820, 1840]);
          expect(one.unreadable).toEqual([DAMAGED]);
        }
      });

      it('is named to who reads everything of a station at once', async () => {
        await damageMiddle();
        const { series } = await read(...[...ROOM.index.keys()].slice(0, 20), 'LO/P_OUT');
        expect(series.map(({ unreadable }) => unreadable)).toEqual(series.map(() => [DAMAGED]));
        expect(seconds(series.at(-1)!.t)).toEqual([0, 20, 40, 1800, 1820, 1840]);
      });

      it('is named within what was asked for', async () => {
        await damageMiddle();
        const [from, to] = [DAMAGED.from + 10_000, DAMAGED.from + 30_000];
        const { series } = await history.read({
          station: 1,
          template: ROOM,
          points: ['P_IN'],
          from,
          to,
          buckets: 1,
        });
        expect(series[0]).toMatchObject({ t: [], unreadable: [{ from, to }] });
      });

      it('is told once and counted, however often it is met', async () => {
        await damageMiddle();
        await read('P_IN');
        await read('P_IN', 'LO/P_OUT');
        expect(notes).toEqual([
          expect.stringContaining(
            'a chunk of station 1 from 2026-10-01T00:15:00.000Z to 2026-10-01T00:15:40.000Z cannot be read',
          ),
        ]);
        expect(history.stats().unreadable).toBe(1);
      });

      it('keeps back one point when one column of it is damaged', async () => {
        const column = ROOM.index.get('P_IN')! + 1;
        const [first, after] = [`offsets[${column + 1}]`, `offsets[${column + 2}]`];
        await database.query(
          `UPDATE history_chunk
           SET data = overlay(data placing decode(repeat('ff', ${after} - ${first}), 'hex') from ${first} + 1)
           WHERE t0 = ${DAMAGED.from}`,
        );
        const { series } = await read('P_IN', 'LO/P_OUT');
        expect(series.map(({ unreadable }) => unreadable)).toEqual([[DAMAGED], []]);
        expect(seconds(series[1]!.t)).toEqual([0, 20, 40, 900, 920, 940, 1800, 1820, 1840]);
      });

      it('leaves everything else that is asked of the history answered', async () => {
        await damageMiddle();
        const range = { template: ROOM, from: START, to: END };
        expect(seconds(await history.heard({ ...range, station: 1, width: 1000 }))).toEqual([
          0, 20, 40, 1800, 1820, 1840,
        ]);
        const points = [ROOM.index.get('P_IN')!];
        const [states] = await history.statesAt(START + 950_000, [{ station: 1, template: ROOM, points }]);
        expect(states).toMatchObject([{ t: START + 40_000, value: 0.3 }]);
        const [record] = await history.records({ ...range, stations: [1], points: ['P_IN'] });
        expect(seconds(record!.columns[0]!.t)).toEqual([0, 20, 40, 1800, 1820, 1840]);
        expect(seconds(record!.live)).toEqual(seconds(record!.heard));
      });

      it('nothing is named where nothing is damaged', async () => {
        const { series } = await read('P_IN');
        expect(series[0]!.unreadable).toEqual([]);
        expect(seconds(series[0]!.t)).toEqual([0, 20, 40, 900, 920, 940, 1800, 1820, 1840]);
        expect(history.stats().unreadable).toBe(0);
      });
    });
  });
}
