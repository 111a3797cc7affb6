import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '#server/database/database.ts';
import { type History, type HistoryOptions, openHistory } from '#server/history/history.ts';
import { PARTITION } from '#server/history/seal.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-10-01T00:00:00Z, the border of a partition */
const START = Date.UTC(2026, 9, 1);

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`history on ${name}`, () => {
    let place: TestDatabase;
    let database: Database;
    let history: History;
    let now = START;
    beforeAll(async () => {
      place = await create!();
      database = await place.open();
    });
    afterAll(async () => {
      await history?.close();
      await database?.close();
      place?.remove();
    });
    beforeEach(async () => {
      await history?.close();
      await forget(database);
      now = START;
      history = await open();
    });

    const open = (options: Partial<HistoryOptions> = {}) => openHistory(database, { now, ...options });
    const restart = async (options: Partial<HistoryOptions> = {}) => {
      await history.close();
      history = await open(options);
    };
    /** Moves the clock on in ticks of a second, or of `step`. */
    const pass = async (time: number, step = SECOND) => {
      for (const end = now + time; now < end; ) {
        now = Math.min(end, now + step);
        await history.tick(now);
      }
    };
    const live = (t: number, named: Parameters<typeof valuesOf>[0], station = 1) => {
      const { count, points, values, qualities } = valuesOf(named);
      return history.append(station, ROOM, t, count, points, values, qualities);
    };
    const late = (t: number, named: Parameters<typeof valuesOf>[0], station = 1) => {
      const { count, points, values, qualities } = valuesOf(named);
      return history.appendLate(station, ROOM, t, count, points, values, qualities);
    };
    /** Every single value of a point: [seconds since START, value]. */
    const stored = async (point: string, from = START - DAY, to = START + 2 * DAY, station = 1) => {
      const { series } = await history.read({
        station,
        template: ROOM,
        points: [point],
        from,
        to,
        buckets: to - from,
      });
      return series[0]!.t.map((t, i) => [(t - START) / SECOND, series[0]!.mean[i]!, series[0]!.count[i]!]);
    };
    const chunkRows = async () => {
      const { rows } = await database.query<{ kind: number; values: number; station: number }>(
        'SELECT station, kind, values FROM history_chunk ORDER BY station, t0, kind, seq',
      );
      return rows;
    };

    it('reads a value as soon as it was appended', async () => {
      live(START, { P_IN: 0.312, 'LO/P_OUT': 0.45 });
      live(START + 2 * SECOND, { P_IN: 0.313 });
      expect(await stored('P_IN')).toEqual([
        [0, 0.312, 1],
        [2, 0.313, 1],
      ]);
      expect(await stored('LO/P_OUT')).toEqual([[0, 0.45, 1]]);
      expect(await stored('LO/P_OUT', START, START + DAY, 2)).toEqual([]);
    });

    it('is durable after a flush, and goes on after a restart in the middle of a window', async () => {
      live(START, { P_IN: 0.312 });
      await history.flush();
      expect(history.stats().behindMs).toBe(0);
      await restart();
      live(START + 2 * SECOND, { P_IN: 0.313 });
      await restart();
      expect(await stored('P_IN')).toEqual([
        [0, 0.312, 1],
        [2, 0.313, 1],
      ]);
      expect(history.stats().unsealedFrames).toBe(2);
    });

    it('knows what earlier runs heard live, sealed or not, and until when', async () => {
      expect(history.earlier).toEqual({ heard: new Set(), until: null });
      live(START, { P_IN: 0.3 }, 1);
      await pass(25 * MINUTE, MINUTE);
      live(now - MINUTE, { P_IN: 0.3 }, 2);
      late(now, { P_IN: 0.3 }, 3);
      await history.flush();
      await restart();
      expect(history.earlier).toEqual({ heard: new Set([1, 2]), until: now - MINUTE });
    });

    it('seals every ten minutes and reads the same as before', async () => {
      for (let t = START; t < START + 25 * MINUTE; t += 2 * SECOND) {
        now = t;
        live(t, { P_IN: 0.3 + ((t / SECOND) % 7) / 1000, 'LO/P1/RUN': 1 });
        if ((t - START) % (10 * SECOND) === 0) await history.tick(t);
      }
      const before = await stored('P_IN');
      expect(before).toHaveLength(750);
      await pass(10 * MINUTE, 5 * SECOND);
      expect(history.stats().unsealedFrames).toBe(0);
      const rows = await chunkRows();
      expect(rows.length).toBeGreaterThanOrEqual(3);
      expect(rows.reduce((sum, row) => sum + row.values, 0)).toBe(1500);
      expect(await stored('P_IN')).toEqual(before);
      await restart();
      expect(await stored('P_IN')).toEqual(before);
    });

    it('never lets a chunk cross the border of a partition', async () => {
      const border = START + PARTITION;
      now = border;
      for (let t = border - MINUTE; t < border + MINUTE; t += 2 * SECOND) live(t, { P_IN: 0.3 });
      await pass(12 * MINUTE, 10 * SECOND);
      const { rows } = await database.query<{ t0: string; t1: string }>(
        'SELECT t0, t1 FROM history_chunk ORDER BY t0',
      );
      expect(rows.map((row) => [Number(row.t0) - border, Number(row.t1) - border])).toEqual([
        [-MINUTE, -2 * SECOND],
        [0, MINUTE - 2 * SECOND],
      ]);
      expect(await stored('P_IN', border - HOUR, border + HOUR)).toHaveLength(60);
    });

    it('empties the tick tables when their frames are sealed', async () => {
      for (let i = 0; i < 60; i++) {
        live(now, { P_IN: 0.3 });
        await pass(MINUTE, 30 * SECOND);
      }
      let kept = 0;
      for (let i = 0; i < 4; i++) {
        const { rows } = await database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM history_tick_${i}`,
        );
        kept += rows[0]!.n;
      }
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(40);
    });

    it('keeps a value that comes twice once, whether sealed or not, and the live one of two', async () => {
      live(START, { P_IN: 0.312 });
      live(START, { P_IN: 0.312 });
      late(START, { P_IN: 0.999 });
      expect(await stored('P_IN')).toEqual([[0, 0.312, 1]]);
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await stored('P_IN')).toEqual([[0, 0.312, 1]]);
      late(START, { P_IN: 0.999 });
      live(START, { P_IN: 0.312 });
      expect(await stored('P_IN')).toEqual([[0, 0.312, 1]]);
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await stored('P_IN')).toEqual([[0, 0.312, 1]]);
    });

    it('folds a back-fill into one chunk per partition, readable while it arrives', async () => {
      const minutes = Array.from({ length: 24 * 12 }, (_, i) => START - DAY + i * 5 * MINUTE);
      const first = minutes.slice(0, 150);
      const rest = minutes.slice(150);
      for (const t of first) late(t, { P_IN: 0.3, L1: 2.5 });
      expect(await stored('P_IN')).toHaveLength(150);
      await pass(3 * MINUTE, 10 * SECOND);
      for (const t of rest) late(t, { P_IN: 0.3, L1: 2.5 });
      expect(await stored('P_IN')).toHaveLength(288);
      await pass(3 * MINUTE, 10 * SECOND);
      expect((await chunkRows()).map((row) => row.values)).toEqual([144, 144, 144, 144]);
      expect(await stored('L1')).toHaveLength(288);
      expect(history.stats().unsealedFrames).toBe(0);
    });

    it('stores nothing of a replay that it has already, and only what is new of one that it has in part', async () => {
      for (let i = 0; i < 300; i++) live(START + i * 2 * SECOND, { P_IN: 0.3, L1: 2 });
      now = START + 10 * MINUTE;
      await pass(12 * MINUTE, 10 * SECOND);
      for (let i = 0; i < 300; i++) late(START + i * 2 * SECOND, { P_IN: 0.3 });
      await pass(3 * MINUTE, 10 * SECOND);
      expect((await chunkRows()).some((row) => row.kind === 1)).toBe(false);
      for (let i = 290; i < 310; i++) late(START + i * 2 * SECOND, { P_IN: 0.3 });
      await pass(3 * MINUTE, 10 * SECOND);
      expect((await chunkRows()).filter((row) => row.kind === 1).map((row) => row.values)).toEqual([10]);
      expect(await stored('P_IN')).toHaveLength(310);
    });

    it('keeps quality and gives the worst of a bucket, with the mean of the good', async () => {
      live(START, { P_IN: 0.3 });
      live(START + SECOND, { P_IN: [0.9, 4] });
      live(START + 2 * SECOND, { P_IN: 0.302 });
      live(START + MINUTE, { P_IN: [0.5, 3] });
      live(START + 2 * MINUTE, { P_IN: [Number.NaN, 7] });
      const read = async () => {
        const { bucketMs, series } = await history.read({
          station: 1,
          template: ROOM,
          points: ['P_IN'],
          from: START,
          to: START + 10 * MINUTE,
          buckets: 10,
        });
        expect(bucketMs).toBe(MINUTE);
        return series;
      };
      const expected = [
        {
          point: 'P_IN',
          unit: 'MPa',
          t: [START, START + MINUTE],
          min: [0.3, 0.5],
          mean: [0.301, 0.5],
          max: [0.302, 0.5],
          count: [3, 1],
          quality: [4, 3],
          unreadable: [],
        },
      ];
      expect(await read()).toEqual(expected);
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await read()).toEqual(expected);
    });

    it('says which point it does not know', async () => {
      const request = {
        station: 1,
        template: ROOM,
        points: ['NOPE'],
        from: START,
        to: START + 1,
        buckets: 1,
      };
      await expect(history.read(request)).rejects.toThrow('no point "NOPE" in tank:LO3');
    });

    it('refuses times that it cannot keep', () => {
      expect(live(0, { P_IN: 0.3 })).toBe(false);
      expect(late(START - 4 * DAY, { P_IN: 0.3 })).toBe(false);
      expect(live(START + 3 * DAY, { P_IN: 0.3 })).toBe(false);
      expect(history.stats().refused).toEqual({ time: 3, memory: 0 });
    });

    it('knows every station as it was at a past time', async () => {
      const points = [ROOM.index.get('P_IN')!, ROOM.index.get('L1')!, ROOM.index.get('RSSI')!];
      for (const station of [1, 2, 3]) {
        live(START, { P_IN: 0.3, L1: station }, station);
        live(START + 10 * SECOND, { P_IN: 0.31 }, station);
      }
      late(START - HOUR, { P_IN: 0.2 }, 2);
      const requests = [1, 2, 3].map((station) => ({ station, template: ROOM, points }));
      const check = async () => {
        const states = await history.statesAt(START + 5 * SECOND, requests);
        expect(states.map((state) => state.map((value) => value?.value))).toEqual([
          [0.3, 1, undefined],
          [0.3, 2, undefined],
          [0.3, 3, undefined],
        ]);
        expect((await history.statesAt(START + 10 * SECOND, requests))[0]![0]).toEqual({
          t: START + 10 * SECOND,
          value: 0.31,
          quality: 0,
        });
        const before = await history.statesAt(START - HOUR + MINUTE, requests);
        expect(before.map((state) => state[0]?.value)).toEqual([undefined, 0.2, undefined]);
        expect((await history.statesAt(START + 2 * HOUR, requests))[0]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
      };
      await check();
      await pass(12 * MINUTE, 10 * SECOND);
      await check();
    });

    it('keeps the sheet of a minute until late values change it', async () => {
      const minute = START - 30 * MINUTE;
      await history.putOverview(minute, Uint8Array.of(1, 2, 3));
      await history.putOverview(minute, Uint8Array.of(4, 5));
      await history.putOverview(minute + HOUR, Uint8Array.of(6));
      expect([...(await history.getOverview(minute))!]).toEqual([4, 5]);
      late(minute + SECOND, { P_IN: 0.3 });
      await pass(3 * MINUTE, 10 * SECOND);
      expect(await history.getOverview(minute)).toBeUndefined();
      expect([...(await history.getOverview(minute + HOUR))!]).toEqual([6]);
    });

    it('seals what it has when the clock is set back, and goes on doing so', async () => {
      live(START, { P_IN: 0.3 });
      late(START - MINUTE, { P_IN: 0.2 });
      now = START - HOUR;
      await pass(2 * MINUTE, 10 * SECOND);
      expect(history.stats().unsealedFrames).toBe(0);
      live(now, { P_IN: 0.4 });
      await pass(12 * MINUTE, 10 * SECOND);
      expect(history.stats().unsealedFrames).toBe(0);
    });

    it('drops what is older than its days', async () => {
      live(START, { P_IN: 0.3 });
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await stored('P_IN')).toHaveLength(1);
      expect(history.stats().oldest).toBe(START);
      now = START + 3 * DAY + PARTITION;
      await history.tick(now);
      live(now, { P_IN: 0.3 });
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await stored('P_IN')).toEqual([]);
      expect(history.stats().oldest).toBe(START + 3 * DAY + PARTITION);
    });

    it('drops the oldest when it has more than its bytes', async () => {
      await restart({ retentionBytes: 1 });
      late(START - DAY, { P_IN: 0.3 });
      live(START, { P_IN: 0.3 });
      await pass(15 * MINUTE, 10 * SECOND);
      expect(await stored('P_IN')).toEqual([[0, 0.3, 1]]);
    });

    it('keeps the values of a station whose template changed', async () => {
      const { templateById } = await import('#twin/catalogue/template.ts');
      const larger = templateById('tank:LO4+HI2');
      live(START, { P_IN: 0.3, 'LO/P_OUT': 0.4 });
      const { count, points, values, qualities } = valuesOf({ P_IN: 0.31 });
      history.append(1, larger, START + SECOND, count, points, values, qualities);
      await history.flush();
      await restart();
      const read = async () => {
        const { series } = await history.read({
          station: 1,
          template: larger,
          points: ['P_IN', 'LO/P_OUT', 'HI/P_OUT'],
          from: START,
          to: START + MINUTE,
          buckets: 60,
        });
        return series.map((one) => one.mean);
      };
      expect(await read()).toEqual([[0.3, 0.31], [0.4], []]);
      await pass(12 * MINUTE, 10 * SECOND);
      expect(await read()).toEqual([[0.3, 0.31], [0.4], []]);
    });

    it('starts with what is left when a row is broken, and says so', async () => {
      live(START, { P_IN: 0.3 });
      await history.flush();
      await database.query("INSERT INTO history_tick_0 (seq, data) VALUES (77, '\\x0102')");
      live(START + SECOND, { P_IN: 0.4 });
      const notes: string[] = [];
      await restart({ note: (text) => notes.push(text) });
      expect(notes).toEqual([expect.stringContaining('tick 77 cannot be read')]);
      expect(await stored('P_IN')).toHaveLength(2);
    });

    it('refuses when its memory is full, and takes again when it has written', async () => {
      await restart({ memoryLimit: 20_000 });
      let taken = 0;
      while (live(START + taken * SECOND, { P_IN: 0.3, L1: 2 })) taken++;
      expect(taken).toBeGreaterThan(100);
      expect(history.pressure()).toBe(1);
      await pass(5 * SECOND);
      expect(history.pressure()).toBeLessThan(0.5);
      expect(live(START + taken * SECOND, { P_IN: 0.3 })).toBe(true);
      expect(await stored('P_IN')).toHaveLength(taken + 1);
    });
  });
}

async function forget(database: Database): Promise<void> {
  const { rows } = await database.query<{ start: string }>('SELECT start FROM history_partition');
  for (const { start } of rows) {
    await database.query(`DROP TABLE IF EXISTS history_chunk_${Number(start) / PARTITION}`);
    await database.query(`DROP TABLE IF EXISTS overview_minute_${Number(start) / PARTITION}`);
  }
  await database.query(
    'TRUNCATE history_partition, history_mark, history_tick_0, history_tick_1, history_tick_2, history_tick_3',
  );
  await database.query('UPDATE history_needed SET seq = 0');
}
