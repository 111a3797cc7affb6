import { beforeEach, describe, expect, it } from 'vitest';
import { figuresOf } from '#server/alarms/figures.ts';
import { LateAlarms } from '#server/alarms/lateAlarms.ts';
import { LateArrivals } from '#server/alarms/lateArrivals.ts';
import { LateStretches } from '#server/alarms/lateStretches.ts';
import { logOf, occurrenceById, pastAlarms } from '#server/alarms/past.ts';
import type { Database } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { DAY, HOUR, MINUTE, SECOND } from '#twin/units.ts';
import { DeskTrial, forgetAlarms, OTHER, ROOM } from './aDesk.ts';

describe('what arrives late', () => {
  const NOW = Date.UTC(2026, 10, 1);

  it('is looked at once nothing more has come for a minute', () => {
    const arrivals = new LateArrivals();
    arrivals.note(ROOM, NOW - HOUR, NOW - 40 * MINUTE, NOW);
    arrivals.note(ROOM, NOW - 40 * MINUTE, NOW - 20 * MINUTE, NOW + 30 * SECOND);
    expect(arrivals.takeArrived(NOW + 80 * SECOND)).toEqual([]);
    const missed = { station: ROOM, from: NOW - HOUR, to: NOW - 20 * MINUTE + SECOND };
    expect(arrivals.takeArrived(NOW + 90 * SECOND)).toEqual([missed]);
    expect(arrivals.takeArrived(NOW + HOUR)).toEqual([]);
  });

  it('of many stations at one time is looked at together, not with what is of another time', () => {
    const arrivals = new LateArrivals();
    for (let i = 0; i < 30; i++) arrivals.note(`SM-${i}`, NOW - HOUR, NOW - MINUTE, NOW);
    arrivals.note(OTHER, NOW - 3 * HOUR, NOW - 2 * HOUR, NOW);
    const sizes = [1, 2, 3, 4].map(() => arrivals.takeArrived(NOW + HOUR).length);
    expect(sizes).toEqual([25, 5, 1, 0]);
  });

  it('without end is looked at every half hour', () => {
    const arrivals = new LateArrivals();
    for (let t = 0; t <= 30 * MINUTE; t += 10 * SECOND)
      arrivals.note(ROOM, NOW + t - HOUR, NOW + t - HOUR, NOW + t);
    expect(arrivals.takeArrived(NOW + 30 * MINUTE)).toMatchObject([{ from: NOW - HOUR }]);
  });

  it('is not looked at when it is but what a gateway sends again, and of weeks only the last day is', () => {
    const arrivals = new LateArrivals();
    arrivals.note(ROOM, NOW - 2 * MINUTE, NOW, NOW);
    arrivals.note(OTHER, NOW - 20 * DAY, NOW, NOW);
    expect(arrivals.takeArrived(NOW + 2 * MINUTE)).toMatchObject([{ station: OTHER, from: NOW - DAY }]);
    expect(arrivals.takeArrived(NOW + 2 * MINUTE)).toEqual([]);
  });
});

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`alarms of what came late on ${name}`, () => {
    let database: Database;
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(() => forgetAlarms(database));
    const waiting = async () => (await database.query('SELECT station FROM late_stretch')).rows;

    const SILENT = aRule({ id: 'SILENT', when: 'silence() > 10 min' });
    const LOW_INLET = aRule({
      for: '30 s',
      clear: 'P_IN > 0.2 MPa',
      evidence: ['P_IN'],
      // of an alarm that is not replayed nothing is known
      causes: [
        {
          cause: { zh: '断线', en: 'cut off' },
          remedy: { zh: '恢复通信', en: 'mend the link' },
          prior: 0.1,
          signs: [{ alarm: 'SILENT', supports: 0.5, says: { zh: '失联', en: 'it is silent' } }],
        },
      ],
    });

    /** A room that was cut off for ten minutes, with a low inlet from the third to the sixth, and is back. */
    async function cutOff(trial: DeskTrial) {
      const { clock, registry } = trial;
      const history = await openHistory(database, { now: clock.now() });
      const { id, place } = registry.byCode.get(ROOM)!;
      const { template } = place.columns;
      const say = (kind: 'append' | 'appendLate', time: number, inlet: number) =>
        history[kind](
          id,
          template,
          time,
          1,
          Uint16Array.of(template.index.get('P_IN')!),
          Float64Array.of(inlet),
          Uint8Array.of(0),
        );
      const begun = clock.now();
      for (let t = 0; t < 30 * MINUTE; t += 2 * SECOND) say('append', begun + t, 0.3);
      const lost = begun + 30 * MINUTE;
      const low = (t: number) => t >= 3 * MINUTE && t < 6 * MINUTE;
      clock.pass(40 * MINUTE);
      const arrivals = new LateArrivals();
      for (let t = 0; t < 10 * MINUTE; t += 2 * SECOND) {
        say('appendLate', lost + t, low(t) ? 0.1 : 0.3);
        arrivals.note(ROOM, lost + t, lost + t, clock.now());
      }
      await history.flush();
      const late = await begin(trial, history, arrivals);
      return { late, lost, arrivals, history, close: () => late.close().then(() => history.close()) };
    }

    const begin = (
      { desk, clock, registry, notes }: DeskTrial,
      history: Pick<History, 'read'>,
      arrivals: LateArrivals,
    ) =>
      LateAlarms.begin({
        arrivals,
        stretches: new LateStretches(database),
        history,
        registry,
        rules: () => desk.rules,
        keep: (found, missed) => desk.addLate(found, missed),
        now: clock.now,
        interval: 2 * SECOND,
        note: (note) => notes.push(note),
      });

    it('are in the history of alarms at their time, with their evidence, and nobody is told', async () => {
      const trial = await new DeskTrial(database, [SILENT, LOW_INLET]).start();
      const { late, lost, close } = await cutOff(trial);
      trial.clock.pass(2 * MINUTE);
      await late.turn();
      const { alarms } = await pastAlarms(database, {}, 10);
      expect(alarms).toMatchObject([
        {
          rule: 'LOW-INLET',
          station: ROOM,
          state: 'normal',
          late: true,
          toldAt: null,
          raisedAt: lost + 3 * MINUTE + 30 * SECOND,
          clearedAt: lost + 6 * MINUTE,
        },
      ]);
      const [{ id }] = alarms as [(typeof alarms)[0]];
      expect((await occurrenceById(database, id))!.evidence).toEqual({ P_IN: 0.1 });
      expect((await logOf(database, id)).map(({ kind }) => kind)).toEqual(['raised', 'cleared']);
      const figures = await figuresOf(
        database,
        [],
        { kindOf: () => undefined, equipmentOf: () => undefined },
        lost,
        trial.clock.now(),
        trial.clock.now(),
      );
      expect(figures).toMatchObject({ told: 0, toClear: null });
      expect(trial.open()).toEqual([]);
      expect(trial.notes).toEqual([]);
      await close();
    });

    it('are written once, however often the same comes', async () => {
      const trial = await new DeskTrial(database, [SILENT, LOW_INLET]).start();
      const { late, lost, arrivals, close } = await cutOff(trial);
      trial.clock.pass(2 * MINUTE);
      await late.turn();
      arrivals.note(ROOM, lost, lost + 10 * MINUTE, trial.clock.now());
      trial.clock.pass(2 * MINUTE);
      await late.turn();
      expect((await pastAlarms(database, {}, 10)).alarms).toHaveLength(1);
      await close();
    });

    it('are found after a restart, when they waited at the end of the server or were being looked at', async () => {
      const trial = await new DeskTrial(database, [SILENT, LOW_INLET]).start();
      const { late, history, arrivals } = await cutOff(trial);
      // killed: nothing is closed
      await late.turn();
      let begun = () => {};
      const reading = new Promise<void>((done) => {
        begun = done;
      });
      const watched: Pick<History, 'read'> = {
        read(request) {
          begun();
          return history.read(request);
        },
      };
      const second = await begin(await trial.start(), watched, new LateArrivals());
      trial.clock.pass(2 * MINUTE);
      const cancelled = second.turn();
      await reading;
      await second.close();
      await cancelled;
      expect((await pastAlarms(database, {}, 10)).alarms).toEqual([]);
      const third = await begin(await trial.start(), history, new LateArrivals());
      trial.clock.pass(2 * MINUTE);
      await third.turn();
      expect((await pastAlarms(database, {}, 10)).alarms).toMatchObject([{ rule: 'LOW-INLET', late: true }]);
      expect(await waiting()).toEqual([]);
      expect(arrivals.waiting()).toHaveLength(1);
      await third.close();
      await history.close();
    });

    it('go on after the numbers given before, also after a restart', async () => {
      const trial = await new DeskTrial(database, [SILENT, LOW_INLET]).start();
      const { late, close } = await cutOff(trial);
      trial.clock.pass(2 * MINUTE);
      await late.turn();
      await close();
      await trial.start();
      await trial.hear({ P_IN: 0.1 }).run(60);
      const ids = (await pastAlarms(database, {}, 10)).alarms.map(({ id }) => id);
      expect(new Set(ids).size).toBe(2);
    });
  });
}
