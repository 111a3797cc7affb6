import { beforeEach, describe, expect, it } from 'vitest';
import { BaselineKeeper } from '#server/baseline/keeper.ts';
import type { Database } from '#server/database/database.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { expectedAt, MONDAY } from '#test/twin/baseline/days.ts';
import { learn } from '#twin/baseline/city.ts';
import { usualAt } from '#twin/baseline/profile.ts';
import { saveBaseline } from '#twin/baseline/station.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { HOUR, MINUTE } from '#twin/units.ts';

const ROOMS = 300;
const UTC = MONDAY - 8 * HOUR;

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`baselines on ${name}`, () => {
    let database: Database;
    let notes: string[];
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(async () => {
      notes = [];
      await database.query('TRUNCATE baseline_0, baseline_1');
    });

    const start = () => BaselineKeeper.begin(database, (note) => notes.push(note));
    const state = emptyState();
    for (let i = 0; i < ROOMS; i++) addStation(state, `SM-${i}`, 'tank:LO2');
    const [columns] = [...state.byTemplate.values()];
    for (const one of columns!.qualities) one.fill(Quality.good);

    /** Minutes from an hour since MONDAY to another. */
    const live = ({ baselines }: BaselineKeeper, from: number, to: number) => {
      const flow = columns!.values[columns!.template.index.get('LO/F_OUT')!]!;
      for (let now = UTC + from * HOUR; now < UTC + to * HOUR; now += MINUTE) {
        flow.fill(expectedAt(Math.floor((now - UTC) / HOUR)));
        learn(baselines, state, now);
      }
    };
    const plain = ({ baselines }: BaselineKeeper) =>
      new Map([...baselines.byStation].map(([code, one]) => [code, saveBaseline(one)]));

    it('a server that is ended and started again knows what was usual', async () => {
      const before = await start();
      live(before, 0, 73);
      await before.close();
      const after = await start();
      expect(plain(after)).toEqual(plain(before));
      const profile = after.baselines.byStation.get('SM-5')!.profiles.get('LO/F_OUT')!;
      expect(usualAt(profile, MONDAY + 79.5 * HOUR)).toBe(18);
      expect(notes).toEqual([]);
    });

    it('a server that is killed loses what was learnt since the turn of a station', async () => {
      const before = await start();
      live(before, 0, 4);
      for (let turn = 0; turn < 150; turn++) await before.turn();
      const written = plain(before);
      live(before, 4, 6);
      // the round ends and another begins: of some stations the newer is written, the older of the others stays
      for (let turn = 0; turn < 60; turn++) await before.turn();
      const after = await start();
      const newer = plain(before);
      const known = [...plain(after)];
      expect(known.length).toBe(ROOMS);
      const renewed = known.filter(([code, one]) => JSON.stringify(one) === JSON.stringify(newer.get(code)));
      expect(renewed.length).toBeGreaterThan(100);
      expect(renewed.length).toBeLessThan(200);
      for (const [code, one] of known)
        if (!renewed.some(([other]) => other === code)) expect(one).toEqual(written.get(code));
      // the round that was broken off is gone on with, and loses nobody
      live(after, 6, 8);
      for (let turn = 0; turn < 100; turn++) await after.turn();
      expect((await start()).baselines.byStation.size).toBe(ROOMS);
    });

    it('writes nothing while nothing has changed', async () => {
      const keeper = await start();
      await keeper.turn();
      const { rows } = await database.query(
        'SELECT station FROM baseline_0 UNION ALL SELECT station FROM baseline_1',
      );
      expect(rows).toEqual([]);
    });
  });
}
