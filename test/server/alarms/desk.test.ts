import { beforeEach, describe, expect, it } from 'vitest';
import { keyOfOccurrence } from '#server/alarms/desk.ts';
import { figuresOf } from '#server/alarms/figures.ts';
import { casesBefore, logOf, occurrenceById, pastAlarms, placeOf } from '#server/alarms/past.ts';
import type { Database } from '#server/database/database.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { DAY } from '#twin/units.ts';
import { ALARM_SHEET } from '#twin/wire/alarms.ts';
import { DeskTrial, forgetAlarms, OTHER, ROOM } from './aDesk.ts';

const LOW = { P_IN: 0.1 };
const FINE = { P_IN: 0.3 };
const namesIn = (trial: DeskTrial) => ({
  kindOf: (code: string) => trial.registry.byCode.get(code)?.station.kind,
  equipmentOf: (id: string) => trial.desk.rules.find(({ text }) => text.id === id)?.text.equipment,
});

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`live alarms on ${name}`, () => {
    let database: Database;
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(() => forgetAlarms(database));

    const acknowledge = (trial: DeskTrial, ids: number[], by = '李工') =>
      trial.desk.each(ids, (alarm) => ({ do: 'acknowledge', key: keyOfOccurrence(alarm), by }));

    it('an alarm is listed while it is open and in the history after it', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      const { id, toldAt, evidence: _, diagnosis: __, ...alarm } = trial.desk.find(trial.only().id)!;
      expect(alarm).toMatchObject({
        rule: 'LOW-INLET',
        station: ROOM,
        state: 'unacknowledged',
        district: '350203',
        supplyZone: 'Z1',
        raisedAt: toldAt,
      });
      await acknowledge(trial, [id]);
      await trial.hear(FINE).run(2);
      expect(trial.open()).toEqual([]);
      const { alarms } = await pastAlarms(database, {}, 10);
      expect(alarms).toMatchObject([
        {
          id,
          state: 'normal',
          acknowledgedBy: '李工',
          endedAt: trial.clock.now(),
          clearedAt: trial.clock.now(),
        },
      ]);
      const log = await logOf(database, id);
      expect(log.map(({ kind, by }) => [kind, by])).toEqual([
        ['raised', null],
        ['acknowledged', '李工'],
        ['cleared', null],
      ]);
    });

    it('the platform tells of itself, through a restart in the delay', async () => {
      const rule: RuleText = {
        ...aRule({ id: 'PLATFORM-DISK', for: '10 s' }),
        when: undefined,
        platform: 'disk',
      };
      const trial = await new DeskTrial(database, [rule]).start();
      const whole = (trouble: boolean) => [{ name: '', trouble }];
      trial.health = { disk: whole(true), database: whole(true) };
      await trial.run(6);
      expect(trial.open()).toEqual([]);
      await trial.start();
      await trial.run(6);
      expect(trial.open()).toEqual(['PLATFORM-DISK platform unacknowledged']);
      await acknowledge(trial, [trial.only().id]);
      trial.health = { disk: whole(false) };
      await trial.run(2);
      expect(trial.open()).toEqual([]);
      const { alarms } = await pastAlarms(database, {}, 10);
      expect(alarms).toMatchObject([{ station: 'platform', district: '', supplyZone: '' }]);
    });

    it('what it is likely caused by is kept with it, over a restart and after its end', async () => {
      const says = { zh: '阀门全开', en: 'the valve is open' };
      const causes: RuleText['causes'] = [
        { cause: says, remedy: says, prior: 0.2, signs: [{ if: 'ZV_IN > 90 %', supports: 0.5, says }] },
      ];
      const trial = await new DeskTrial(database, [aRule({ causes })]).start();
      await trial.hear({ ...LOW, ZV_IN: 100 }).run(2);
      const { id, diagnosis } = trial.desk.find(trial.only().id)!;
      expect(diagnosis).toMatchObject([{ confidence: expect.closeTo(0.6), signs: [{ holds: true }] }]);
      await trial.start();
      expect(trial.desk.find(id)!.diagnosis).toEqual(diagnosis);
      await acknowledge(trial, [id]);
      await trial.hear(FINE).run(2);
      expect((await occurrenceById(database, id))!.diagnosis).toEqual(diagnosis);
    });

    it('what ended long ago is forgotten, what is open stays whatever its age, and numbers go on', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      const ended = trial.only().id;
      await acknowledge(trial, [ended]);
      await trial.hear(FINE).run(2);
      await trial.hear(LOW).run(2);
      const open = trial.only().id;
      trial.clock.pass(3 * DAY);
      await trial.desk.forgetOld(4);
      expect((await pastAlarms(database, {}, 10)).alarms.map(({ id }) => id)).toEqual([open, ended]);
      await trial.desk.forgetOld(2);
      expect((await pastAlarms(database, {}, 10)).alarms.map(({ id }) => id)).toEqual([open]);
      expect(await logOf(database, ended)).toEqual([]);
      expect((await logOf(database, open)).map(({ kind }) => kind)).toEqual(['raised']);
    });

    it('what stood before a kill stands after it, under the same number, and is not told again', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      const before = trial.only();
      trial.clock.pass(20_000);
      await trial.start();
      await trial.run(2);
      expect(trial.only()).toEqual(before);
      await trial.hear(LOW).run(4);
      expect(trial.only()).toEqual(before);
      expect((await logOf(database, before.id)).map(({ kind }) => kind)).toEqual(['raised']);
    });

    it('a delay that ran when the server was killed goes on to the second', async () => {
      const trial = await new DeskTrial(database, [aRule({ for: '60 s' })]).start();
      await trial.hear(LOW).run(40);
      const begun = trial.clock.now() - 38_000;
      await trial.start();
      trial.hear(LOW);
      await trial.run(20);
      expect(trial.open()).toEqual([]);
      await trial.run(2);
      expect(trial.only().raisedAt).toBe(begun + 60_000);
    });

    it.each([true, false])(
      'a delay waits while the server is away, whether the room is heard at once: %s',
      async (heard) => {
        const trial = await new DeskTrial(database, [aRule({ for: '60 s' })]).start();
        await trial.hear(LOW).run(40);
        const killed = trial.clock.now();
        trial.clock.pass(600_000);
        await trial.start(undefined, killed);
        if (!heard) await trial.run(10);
        trial.hear(LOW);
        await trial.run(20);
        expect(trial.open()).toEqual([]);
        await trial.run(2);
        expect(trial.only().raisedAt).toBe(killed + 600_000 + (heard ? 22_000 : 32_000));
      },
    );

    it('a shelf outlives a kill', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      const until = trial.clock.now() + 600_000;
      await trial.desk.each([trial.only().id], ({ station, rule }) => ({
        do: 'silence',
        silencer: { kind: 'shelved', station, rule, until, oneShot: false, by: '李工', reason: '检修' },
      }));
      await trial.start();
      expect(trial.open()).toEqual([`LOW-INLET ${ROOM} shelved`]);
      expect(trial.desk.silencers).toMatchObject([{ station: ROOM, until, by: '李工', reason: '检修' }]);
    });

    it('the same alarm raised anew is another occurrence', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      await trial.hear(FINE).run(2);
      expect(trial.open()).toEqual([`LOW-INLET ${ROOM} returned`]);
      await trial.hear(LOW).run(2);
      expect(trial.open()).toEqual([`LOW-INLET ${ROOM} unacknowledged`]);
      const { alarms } = await pastAlarms(database, {}, 10);
      expect(alarms.map(({ state }) => state)).toEqual(['unacknowledged', 'normal']);
    });

    it('a consequence stands beneath the number of its cause', async () => {
      const cause = aRule({ id: 'POWER', when: 'not MAINS_OK' });
      const trial = await new DeskTrial(database, [cause, aRule({ suppressedBy: ['POWER'] })]).start();
      await trial.hear({ ...LOW, MAINS_OK: 0 }).run(2);
      const byRule = new Map(trial.desk.list().map((alarm) => [alarm.rule, alarm]));
      expect(byRule.get('LOW-INLET')).toMatchObject({ state: 'suppressed', cause: byRule.get('POWER')!.id });
      const { alarms } = await pastAlarms(database, { cause: byRule.get('POWER')!.id }, 10);
      expect(alarms.map(({ rule }) => rule)).toEqual(['LOW-INLET']);
    });

    it('what cannot be done is refused for itself', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).run(2);
      const { id } = trial.only();
      expect(await acknowledge(trial, [id, 999])).toEqual({
        done: 1,
        refused: [{ id: 999, reason: 'there is no such alarm, or it is over' }],
      });
      expect(await acknowledge(trial, [id])).toMatchObject({ done: 0, refused: [{ id }] });
    });

    it('the live sheet counts what waits, what stands, and moves on with each change', async () => {
      const trial = await new DeskTrial(database).start();
      const at = (column: keyof typeof ALARM_SHEET) => trial.desk.sheet().values[ALARM_SHEET[column]];
      await trial.run(2);
      expect([at('waiting2'), at('standing2'), at('lastTold')]).toEqual([0, 0, 0]);
      await trial.hear(LOW).hear(LOW, OTHER).run(2);
      expect([at('waiting2'), at('standing2'), at('lastTold')]).toEqual([2, 2, trial.clock.now()]);
      const revision = at('revision')!;
      await trial.run(2);
      expect(at('revision')).toBe(revision);
      await acknowledge(trial, [trial.desk.list()[0]!.id]);
      expect([at('waiting2'), at('standing2')]).toEqual([1, 2]);
      expect(at('revision')).toBeGreaterThan(revision);
    });

    it('the history is filtered and read page by page', async () => {
      const trial = await new DeskTrial(database).start();
      await trial.hear(LOW).hear(LOW, OTHER).run(2);
      for (let time = 0; time < 3; time++) {
        await trial.hear(FINE).run(2);
        await trial.hear(LOW).run(2);
      }
      const count = async (query: Parameters<typeof pastAlarms>[1]) =>
        (await pastAlarms(database, query, 100)).alarms.length;
      expect(await count({})).toBe(5);
      expect(await count({ station: OTHER })).toBe(1);
      expect(await count({ district: '350203', zone: 'Z1' })).toBe(4);
      expect(await count({ priority: '1,3' })).toBe(0);
      expect(await count({ stations: [OTHER, 'none'] })).toBe(1);
      expect([await count({ maker: 'A' }), await count({ maker: 'B' })]).toEqual([5, 0]);
      expect(await count({ state: 'normal', told: 'yes' })).toBe(3);
      expect(await count({ from: trial.clock.now() })).toBe(1);
      const first = await pastAlarms(database, {}, 3);
      const second = await pastAlarms(database, {}, 3, placeOf(first.next!)!);
      const ids = [...first.alarms, ...second.alarms].map(({ id }) => id);
      expect(new Set(ids).size).toBe(5);
      expect(second.next).toBeNull();
    });

    it('earlier cases at a spot are found however many the rest of the room has, others beside them', async () => {
      const perPump = aRule({ id: 'PUMP', when: 'FLT', for: '0 s', clearFor: '0 s' });
      const trial = await new DeskTrial(database, [perPump]).start();
      const fault = async (pump: string, code = ROOM) => {
        await trial.hear({ [`LO/${pump}/FLT`]: 1 }, code).run(2);
        await acknowledge(trial, [trial.desk.list()[0]!.id]);
        await trial.hear({ [`LO/${pump}/FLT`]: 0 }, code).run(2);
      };
      await fault('P1');
      await fault('P1', OTHER);
      for (let time = 0; time < 7; time++) await fault('P2');
      await trial.hear({ 'LO/P1/FLT': 1 }).run(2);
      const { before, elsewhere } = await casesBefore(database, trial.only());
      expect(before.map(({ spot }) => spot)).toEqual(['LO/P1']);
      expect(elsewhere.map(({ station, spot }) => `${station} ${spot}`)).toEqual([
        ...Array(3).fill(`${ROOM} LO/P2`),
        `${OTHER} LO/P1`,
      ]);
    });

    it('the figures count what people were told, in windows of ten minutes', async () => {
      const trial = await new DeskTrial(database, [
        aRule(),
        aRule({ id: 'FLOOD', when: 'FLOOD', priority: 1, equipment: 'room' }),
      ]).start();
      const from = trial.clock.now();
      await trial.hear(LOW).hear(LOW, OTHER).run(2);
      await acknowledge(trial, [trial.desk.list()[0]!.id]);
      await trial.hear(FINE).run(60);
      await trial.run(600);
      await trial.hear({ ...FINE, FLOOD: 1 }).run(2);
      const to = trial.clock.now() + 1;
      await database.query("UPDATE alarm SET maker = 'A, B' WHERE station = $1", [OTHER]);
      const figures = await figuresOf(database, trial.desk.list(), namesIn(trial), from, to, to);
      expect(figures).toMatchObject({
        told: 3,
        byPriority: [1, 2, 0, 0],
        most: 2,
        floods: 0,
        standing: 2,
        stale: 0,
        toAcknowledge: 0,
        toClear: 2000,
        byRule: [
          { name: 'LOW-INLET', count: 2 },
          { name: 'FLOOD', count: 1 },
        ],
        byMaker: [
          { name: 'A', count: 3 },
          { name: 'B', count: 1 },
        ],
        byKind: [{ name: 'tank', count: 3 }],
        byEquipment: [
          { name: '', count: 2 },
          { name: 'room', count: 1 },
        ],
      });
      expect(figures.windows.map(({ count }) => count)).toEqual([2, 1]);
      const later = await figuresOf(
        database,
        trial.desk.list(),
        namesIn(trial),
        to,
        to + 1000,
        to + 90_000_000,
      );
      expect(later).toMatchObject({ told: 0, most: 0, windows: [], stale: 2, toAcknowledge: null });
    });

    it('states in turn fill two tables, of which the newest counts', async () => {
      const trial = await new DeskTrial(database, [aRule({ for: '10 min' })]).start();
      await trial.hear(LOW);
      for (let look = 0; look < 130; look++) {
        trial.hear(look % 2 ? FINE : LOW);
        await trial.run(2);
      }
      const { rows } = await database.query<{ n: string }>(
        'SELECT (SELECT count(*) FROM alarm_state_0) + (SELECT count(*) FROM alarm_state_1) AS n',
      );
      expect(Number(rows[0]!.n)).toBeLessThan(121);
      await trial.hear(LOW).run(590);
      await trial.start();
      await trial.hear(LOW).run(12);
      expect(trial.open()).toEqual([`LOW-INLET ${ROOM} unacknowledged`]);
    });
  });
}
