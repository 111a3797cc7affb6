import { beforeEach, describe, expect, it, vi } from 'vitest';
import { warmWindows } from '#server/alarms/warmWindows.ts';
import type { Database } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { valuesOf } from '#test/support/telemetry.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { DeskTrial, forgetAlarms, ROOM } from './aDesk.ts';

const LOW_ON_AVERAGE = aRule({ when: 'mean(P_IN, 10 min) < 0.2 MPa' });
const SECONDS_AWAY = 20;

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`moving windows over a restart on ${name}`, () => {
    let database: Database;
    let history: History;
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(() => forgetAlarms(database));

    /** A pressure every two seconds for so long, to the twin and to the history. */
    async function live(trial: DeskTrial, seconds: number, inlet: number): Promise<void> {
      const { id, place } = trial.registry.byCode.get(ROOM)!;
      for (let second = 0; second < seconds; second += 2) {
        trial.hear({ P_IN: inlet });
        const { count, points, values, qualities } = valuesOf({ P_IN: inlet });
        history.append(id, place.columns.template, trial.clock.now(), count, points, values, qualities);
        await trial.run(2);
      }
    }

    /** Killed, and there again; the room goes on meanwhile. */
    async function restart(trial: DeskTrial): Promise<void> {
      await history.flush();
      trial.clock.pass(1000 * SECONDS_AWAY);
      await trial.start();
      history = await openHistory(database, { now: trial.clock.now() });
    }

    const warm = (trial: DeskTrial) =>
      warmWindows(
        {
          history,
          stations: trial.registry.stations,
          rules: trial.desk.rules,
          interval: 2000,
          recall: (known) => trial.desk.recall(known),
          now: trial.clock.now,
          note: (note) => trial.notes.push(note),
        },
        new AbortController().signal,
      );

    it('what they knew is read again: an alarm comes when it would have come', async () => {
      const trial = await new DeskTrial(database, [LOW_ON_AVERAGE]).start();
      history = await openHistory(database, { now: trial.clock.now() });
      await live(trial, 720, 0.3);
      const fell = trial.clock.now();
      await live(trial, 180, 0.1);
      await restart(trial);
      // before it is read nothing is known, and nothing is told
      await live(trial, 20, 0.1);
      await warm(trial);
      expect(trial.notes).toEqual([]);
      await live(trial, 180, 0.1);
      // of ten minutes more than half: parts of a twelfth leave at once, and of the absence nothing is known
      const seconds = (trial.only().raisedAt - fell) / 1000;
      expect(seconds).toBeGreaterThanOrEqual(300);
      expect(seconds).toBeLessThanOrEqual(300 + 50 + SECONDS_AWAY);
      await history.close();
    });

    it('only points that windows take are read, of all rooms of a kind at once', async () => {
      const lowNow = aRule({ id: 'LOW-NOW', when: 'LO/P_OUT < 0.2 MPa' });
      const trial = await new DeskTrial(database, [LOW_ON_AVERAGE, lowNow]).start();
      history = await openHistory(database, { now: trial.clock.now() });
      const { count, points, values, qualities } = valuesOf({ P_IN: 0.3, 'LO/P_OUT': 0.5 });
      for (const { id, place } of trial.registry.stations)
        history.append(id, place.columns.template, trial.clock.now(), count, points, values, qualities);
      await restart(trial);
      const read = vi.spyOn(history, 'records');
      await warm(trial);
      expect(read.mock.calls.map(([{ stations, points }]) => ({ stations, points }))).toEqual([
        { stations: trial.registry.stations.map(({ id }) => id), points: ['P_IN'] },
      ]);
      await history.close();
    });

    it('what was filled in before it was heard live is passed over', async () => {
      const trial = await new DeskTrial(database, [LOW_ON_AVERAGE]).start();
      history = await openHistory(database, { now: trial.clock.now() });
      const { id, place } = trial.registry.byCode.get(ROOM)!;
      const { count, points, values, qualities } = valuesOf({ P_IN: 0.1 });
      for (let ago = 20; ago > 0; ago -= 5)
        history.appendLate(
          id,
          place.columns.template,
          trial.clock.now() - ago * 60_000,
          count,
          points,
          values,
          qualities,
        );
      await live(trial, 180, 0.1);
      await restart(trial);
      await warm(trial);
      await live(trial, 60, 0.1);
      expect(trial.notes).toEqual([]);
      expect(trial.desk.list()).toEqual([]);
      await history.close();
    });
  });
}
