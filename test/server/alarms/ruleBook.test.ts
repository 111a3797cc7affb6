import { beforeEach, describe, expect, it } from 'vitest';
import { logOf, pastAlarms } from '#server/alarms/past.ts';
import { RuleBook, type Saved, type Wish } from '#server/alarms/ruleBook.ts';
import type { RuleLibrary } from '#server/alarms/ruleFolder.ts';
import type { Database } from '#server/database/database.ts';
import { DATABASES } from '#test/support/embedded.ts';
import { suiteDatabase } from '#test/support/suiteDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { readRules } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { DeskTrial, forgetAlarms, ROOM } from './aDesk.ts';

const LOW = { P_IN: 0.1 };
const FINE = { P_IN: 0.3 };
const FLOOD = aRule({ id: 'FLOOD', when: 'FLOOD', for: '60 s' });

const textOf = (rule: RuleText) => JSON.stringify(rule);
const libraryOf = (...rules: RuleText[]): RuleLibrary => ({
  read: readRules({ file: 'library.yaml', yaml: JSON.stringify(rules) }).rules,
  sources: new Map(rules.map((rule) => [rule.id, textOf(rule)])),
  overrides: [],
});

/** A desk whose rules are those of a book over the same database. */
class BookTrial extends DeskTrial {
  book!: RuleBook;
  private readonly place: Database;
  private readonly texts: RuleText[];

  constructor(place: Database, ...rules: RuleText[]) {
    super(place, rules);
    this.place = place;
    this.texts = rules;
  }

  override async start(): Promise<this> {
    const note = (text: string) => this.notes.push(text);
    this.book = await RuleBook.open({
      database: this.place,
      library: libraryOf(...this.texts),
      templates: () => [templateById('tank:LO3'), templateById('tank:LO2+MI2')],
      now: this.clock.now,
      note,
    });
    await super.start(this.book.rules.map(({ text }) => text));
    this.book.follow((rules) => void this.desk.change(rules));
    return this;
  }

  save(rule: RuleText, given: Partial<Wish> = {}): Promise<Saved> {
    const base = this.book.find(rule.id)?.version ?? 0;
    return this.book.save({ rule: rule.id, yaml: textOf(rule), base, by: '李工', reason: '试', ...given });
  }

  back(rule: string): Promise<Saved> {
    const base = this.book.find(rule)!.version;
    return this.book.save({ rule, yaml: null, base, by: '王工', reason: '恢复' });
  }

  inForce(): string[] {
    return this.desk.rules.map(({ text: { id, version, priority } }) => `${id} v${version} p${priority}`);
  }
}

for (const [name, create] of Object.entries(DATABASES)) {
  describe.skipIf(!create)(`rules that are edited while the server runs, on ${name}`, () => {
    let database: Database;
    suiteDatabase(create!, (made) => {
      database = made;
    });
    beforeEach(async () => {
      await forgetAlarms(database);
      await database.query('TRUNCATE alarm_rule_edit');
    });

    it('a text about a pump that no station has is refused, and what is near is said', async () => {
      const trial = await new BookTrial(database, aRule()).start();
      const refused = await trial.save(aRule({ when: 'LO/P9/HZ > 3 Hz' }));
      const message = 'no station of the city has LO/P9/HZ: did you mean LO/P1/HZ?';
      expect(refused).toMatchObject({ refused: 'invalid', issues: [{ line: 1, message }] });
      expect(await trial.save(aRule({ when: 'LO/P3/HZ > 3 Hz' }))).toHaveProperty('done');
    });

    it('an edit in the middle of a delay keeps the delay', async () => {
      const trial = await new BookTrial(database, aRule({ for: '60 s' })).start();
      await trial.hear(LOW).run(40);
      const begun = trial.clock.now() - 38_000;
      expect(await trial.save(aRule({ for: '90 s' }))).toMatchObject({
        done: { version: 2, author: '李工' },
      });
      await trial.hear(LOW).run(50);
      expect(trial.open()).toEqual([]);
      await trial.run(2);
      expect(trial.only().raisedAt).toBe(begun + 90_000);
    });

    it('what stands, and what is shelved, stays under the same number and is not told again', async () => {
      const trial = await new BookTrial(database, aRule(), FLOOD).start();
      await trial.hear(LOW).run(2);
      const before = trial.only();
      const until = trial.clock.now() + 600_000;
      await trial.desk.each([before.id], ({ station, rule }) => ({
        do: 'silence',
        silencer: { kind: 'shelved', station, rule, until, oneShot: false, by: '李工', reason: '检修' },
      }));
      await trial.save(aRule({ when: 'P_IN < 0.2 MPa', priority: 3 }));
      await trial.hear(LOW).run(10);
      expect(trial.only()).toMatchObject({
        ...{ id: before.id, state: 'shelved', raisedAt: before.raisedAt },
        priority: 3,
      });
      expect(trial.desk.silencers).toHaveLength(1);
      const log = await logOf(database, before.id);
      expect(log.map(({ kind }) => kind)).toEqual(['raised', 'shelved', 'regraded']);
    });

    it.each([
      [{ when: 'P_INN < 0.1' }, 'when: no point is named "P_INN": did you mean P_IN?'],
      [{ suppressedBy: ['FLOOD'], id: 'FLOOD' }, 'a rule cannot suppress itself'],
      [{ suppressedBy: ['FLOD'] }, 'no rule has the id FLOD: did you mean FLOOD?'],
    ])('%j is refused, and the rules in force go on unchanged', async (given, message) => {
      const trial = await new BookTrial(database, aRule({ for: '60 s' }), FLOOD).start();
      await trial.hear(LOW).run(40);
      const before = trial.inForce();
      const refused = await trial.save(aRule(given));
      expect(refused).toMatchObject({ refused: 'invalid', issues: [{ line: 1, message }] });
      expect(trial.inForce()).toEqual(before);
      await trial.hear(LOW).run(22);
      expect(trial.open()).toEqual([`LOW-INLET ${ROOM} unacknowledged`]);
      expect((await new BookTrial(database, aRule(), FLOOD).start()).book.find('LOW-INLET')?.edit).toBeNull();
    });

    it('a circle of causes is refused, whichever rule closes it', async () => {
      const trial = await new BookTrial(database, aRule(), FLOOD).start();
      expect(await trial.save(aRule({ suppressedBy: ['FLOOD'] }))).toHaveProperty('done');
      const closing = await trial.save({ ...FLOOD, suppressedBy: ['LOW-INLET'] });
      expect(closing).toMatchObject({ refused: 'invalid' });
      expect(trial.inForce()).toEqual(['FLOOD v1 p2', 'LOW-INLET v2 p2']);
    });

    it('an edit survives a restart, with all its versions', async () => {
      const trial = await new BookTrial(database, aRule()).start();
      await trial.save(aRule({ priority: 3 }));
      await trial.save(aRule({ priority: 4 }));
      await trial.start();
      expect(trial.inForce()).toEqual(['LOW-INLET v3 p4']);
      const versions = await trial.book.history('LOW-INLET');
      expect(versions.map(({ version, author }) => [version, author])).toEqual([
        [3, '李工'],
        [2, '李工'],
      ]);
      expect(trial.book.find('LOW-INLET')).toMatchObject({ source: 'edited', version: 3, problems: [] });
    });

    it('back to the library is a version too', async () => {
      const trial = await new BookTrial(database, aRule()).start();
      expect(await trial.back('LOW-INLET')).toMatchObject({ refused: 'same' });
      await trial.save(aRule({ priority: 3 }));
      expect(await trial.back('LOW-INLET')).toMatchObject({ done: { version: 3, yaml: null } });
      await trial.start();
      expect(trial.inForce()).toEqual(['LOW-INLET v1 p2']);
      expect(trial.book.find('LOW-INLET')).toMatchObject({ source: 'library', version: 3 });
      expect(await trial.save(aRule({ priority: 1 }))).toMatchObject({ done: { version: 4 } });
    });

    it('alarms of a rule that is taken away end, and their log says why', async () => {
      const trial = await new BookTrial(database, FLOOD).start();
      await trial.save(aRule());
      expect(trial.book.find('LOW-INLET')).toMatchObject({ source: 'added', version: 1 });
      await trial.hear(LOW).run(2);
      const { id } = trial.only();
      await trial.back('LOW-INLET');
      await trial.hear(LOW).run(2);
      expect(trial.open()).toEqual([]);
      expect((await logOf(database, id)).map(({ kind }) => kind)).toEqual(['raised', 'withdrawn']);
      expect((await pastAlarms(database, {}, 10)).alarms).toMatchObject([{ id, state: 'normal' }]);
      await trial.hear(FINE);
    });

    it('a rule that people added is taken away, stays in sight with its last text, and comes back', async () => {
      const trial = await new BookTrial(database, FLOOD).start();
      const written = await trial.save(aRule({ priority: 3 }));
      const { yaml } = (written as Extract<Saved, { done: unknown }>).done;
      expect(await trial.back('LOW-INLET')).toMatchObject({ done: { version: 2, yaml: null } });
      for (const book of [trial.book, (await trial.start()).book]) {
        expect(book.find('LOW-INLET')).toMatchObject({ source: 'removed', version: 2, yaml, rule: null });
        expect(trial.inForce()).toEqual(['FLOOD v1 p2']);
      }
      expect(await trial.back('LOW-INLET')).toMatchObject({ refused: 'same' });
      expect(await trial.save(aRule({ priority: 3 }))).toMatchObject({ done: { version: 3 } });
      expect(trial.book.find('LOW-INLET')).toMatchObject({ source: 'added', version: 3 });
      expect(trial.inForce()).toEqual(['FLOOD v1 p2', 'LOW-INLET v3 p3']);
    });

    it('a rule that another leans on cannot be taken away', async () => {
      const trial = await new BookTrial(database, FLOOD).start();
      await trial.save(aRule());
      await trial.save({ ...FLOOD, suppressedBy: ['LOW-INLET'] });
      expect(await trial.back('LOW-INLET')).toMatchObject({
        refused: 'invalid',
        issues: [{ file: 'FLOOD', message: 'no rule has the id LOW-INLET' }],
      });
      expect(trial.inForce()).toHaveLength(2);
    });

    it('who edits what somebody else has changed meanwhile is told so', async () => {
      const trial = await new BookTrial(database, aRule()).start();
      const both = await Promise.all([
        trial.save(aRule({ priority: 3 }), { base: 1, by: '李工' }),
        trial.save(aRule({ priority: 4 }), { base: 1, by: '王工' }),
      ]);
      expect(both).toMatchObject([{ done: { version: 2 } }, { refused: 'changed' }]);
      expect(trial.inForce()).toEqual(['LOW-INLET v2 p3']);
    });

    it('an edit that no longer fits a new library is left out with a note, and the start goes on', async () => {
      const trial = await new BookTrial(database, aRule(), FLOOD).start();
      await trial.save(aRule({ suppressedBy: ['FLOOD'] }));
      const renewed = await new BookTrial(database, aRule(), {
        ...FLOOD,
        suppressedBy: ['LOW-INLET'],
        version: 2,
      }).start();
      expect(renewed.inForce()).toEqual(['LOW-INLET v1 p2', 'FLOOD v2 p2']);
      expect(renewed.notes).toEqual([
        expect.stringMatching(/the edit of rule LOW-INLET is not in force: .*suppress each other/),
      ]);
      expect(renewed.book.find('LOW-INLET')).toMatchObject({
        source: 'edited',
        version: 2,
        problems: [{ message: expect.stringContaining('suppress each other') }],
      });
    });

    it('other files are in force when who follows the rules is told, and not when that fails', async () => {
      const { book } = await new BookTrial(database, aRule()).start();
      const priorities = () => book.rules.map(({ text }) => text.priority);
      let asked: number[] = [];
      book.follow(() => {
        asked = priorities();
      });
      await book.renew(libraryOf(aRule({ priority: 1 })));
      expect(asked).toEqual([1]);
      book.follow(() => {
        throw new Error('no desk');
      });
      await expect(book.renew(libraryOf(aRule({ priority: 4 })))).rejects.toThrow('no desk');
      expect(priorities()).toEqual([1]);
    });

    it('while the database is away nothing is changed', async () => {
      const trial = await new BookTrial(database, aRule()).start();
      const away: Database = { ...database, query: () => Promise.reject(new Error('away')) };
      const book = await RuleBook.open({
        database: { ...database, query: (...of) => database.query(...of) },
        library: libraryOf(aRule()),
        now: trial.clock.now,
        note: () => undefined,
      });
      Object.assign(book, { database: away });
      const wish = { rule: 'LOW-INLET', yaml: textOf(aRule({ priority: 4 })), base: 1, by: 'x', reason: 'y' };
      await expect(book.save(wish)).rejects.toThrow('away');
      expect(book.rules.map(({ text }) => text.priority)).toEqual([2]);
      Object.assign(book, { database });
      expect(await book.save(wish)).toMatchObject({ done: { version: 2 } });
    });
  });
}
