import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleBook } from '#server/alarms/ruleBook.ts';
import { libraryIn, rulesIn } from '#server/alarms/ruleFolder.ts';
import { followFolder, RuleWatch } from '#server/alarms/ruleWatch.ts';
import type { KnownRoute } from '#server/alarms/toldRoutes.ts';
import { fakeDatabase } from '#test/support/fakeDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';

describe('rule files that change while the server runs', () => {
  let folder: string;
  let book: RuleBook;
  let notes: string[];
  let routes: readonly KnownRoute[] | null;
  let told: string[][];
  let look: () => Promise<void>;

  const write = (file: string, ...rules: Partial<RuleText>[]) =>
    writeFileSync(join(folder, file), rules.map((rule) => `- ${JSON.stringify(aRule(rule))}\n`).join(''));
  const inForce = () => book.rules.map(({ text: { id, priority } }) => `${id} p${priority}`);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    write('tank.yaml', { id: 'TANK-LOW' }, { id: 'TANK-HIGH', suppressedBy: ['TANK-LOW'] });
    const watch = new RuleWatch(folder);
    notes = [];
    told = [];
    const note = (text: string) => notes.push(text);
    const database = fakeDatabase([[/FROM alarm_rule_edit/, []]]);
    const stations = () => new Map([['SM-0001', 'tank' as const]]);
    routes = null;
    book = await RuleBook.open({
      database,
      library: watch.library,
      stations,
      routes: () => routes,
      now: () => 0,
      note,
    });
    book.follow((rules) => told.push(rules.map(({ text }) => text.id)));
    look = () => followFolder(watch, book, note);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read again and put in force, once', async () => {
    await look();
    expect(told).toEqual([]);
    write('tank.yaml', { id: 'TANK-LOW', priority: 1 }, { id: 'TANK-HIGH' });
    write('power.yaml', { id: 'POWER' });
    await look();
    await look();
    expect(inForce()).toEqual(['POWER p2', 'TANK-LOW p1', 'TANK-HIGH p2']);
    expect(told).toEqual([['POWER', 'TANK-LOW', 'TANK-HIGH']]);
    expect(notes).toEqual(['the rule files have changed: 3 rules in force']);
    expect(book.find('POWER')).toMatchObject({ source: 'library', yaml: expect.stringContaining('POWER') });
  });

  it('with a mistake are refused by file and line, once, and the rules in force go on unchanged', async () => {
    write('tank.yaml', { id: 'TANK-LOW' }, { id: 'TANK-HIGH', when: 'L_TANKK < 1 m', priority: 4 });
    await look();
    await look();
    expect(inForce()).toEqual(['TANK-LOW p2', 'TANK-HIGH p2']);
    expect(told).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/are refused.*\ntank\.yaml:2:\d+: when: no point is named/),
    ]);
    // a rule that another file leans on is gone
    write('tank.yaml', { id: 'TANK-HIGH', suppressedBy: ['TANK-LOW'] });
    await look();
    expect(inForce()).toEqual(['TANK-LOW p2', 'TANK-HIGH p2']);
    expect(notes.at(-1)).toMatch(/tank\.yaml:1:\d+: no rule has the id TANK-LOW/);
    write('tank.yaml', { id: 'TANK-HIGH' });
    await look();
    expect(inForce()).toEqual(['TANK-HIGH p2']);
  });

  describe('with thresholds that stations have instead', () => {
    const low = { value: '0.18 MPa', zh: '下限', en: 'least' };
    const named = { id: 'INLET', thresholds: { low }, when: 'P_IN < low' };
    const own = { rule: 'INLET', threshold: 'low', stations: ['SM-0001'], value: '0.12 MPa', version: 1 };
    const override = (given: object = {}) => {
      mkdirSync(join(folder, 'overrides'), { recursive: true });
      const text = JSON.stringify([{ ...own, author: 'a', reason: 'r', ...given }]);
      writeFileSync(join(folder, 'overrides/hill.yaml'), text);
    };
    const stationsOf = (rules: readonly Rule[]) =>
      rules.find(({ text }) => text.id === 'INLET')?.thresholds[0]?.stations;

    it('take them up, let them go, and the command line knows the same', async () => {
      write('inlet.yaml', named);
      override();
      await look();
      await look();
      expect(stationsOf(book.rules)).toEqual({ 'SM-0001': 0.12 });
      expect(stationsOf(rulesIn(folder))).toEqual({ 'SM-0001': 0.12 });
      expect(told).toHaveLength(1);
      rmSync(join(folder, 'overrides'), { recursive: true });
      await look();
      expect(stationsOf(book.rules)).toEqual({});
    });

    it('refuse what does not fit by file and line; the rules in force go on', async () => {
      write('inlet.yaml', named);
      await look();
      override({ stations: ['SM-001'] });
      write('power.yaml', { id: 'POWER' });
      await look();
      await look();
      expect(inForce()).not.toContain('POWER p2');
      expect(notes).toEqual([
        expect.stringContaining('3 rules in force'),
        expect.stringMatching(
          /are refused.*\noverrides\/hill\.yaml:1:\d+: no station has the code SM-001: did you mean SM-0001\?$/,
        ),
      ]);
      override({ values: 1 });
      await look();
      expect(notes.at(-1)).toMatch(/overrides\/hill\.yaml:1:\d+: values: is not known: did you mean value\?/);
      override();
      await look();
      expect(inForce()).toContain('POWER p2');
    });

    it('refuse an edit that takes a name away on which an override leans', async () => {
      write('inlet.yaml', named);
      override();
      await look();
      const { issues } = book.check('INLET', JSON.stringify(aRule({ id: 'INLET', when: 'P_IN < 0.18 MPa' })));
      expect(issues).toMatchObject([{ file: 'overrides/hill.yaml', problem: { code: 'noThresholds' } }]);
      const raised = { ...named, thresholds: { low: { ...low, value: '0.2 MPa' } } };
      const { rules, issues: none } = book.check('INLET', JSON.stringify(aRule(raised)));
      expect(none).toEqual([]);
      expect(stationsOf(rules)).toEqual({ 'SM-0001': 0.12 });
    });

    it('leave out at the start what no longer fits, and say so: it never stops the start', async () => {
      write('inlet.yaml', named);
      override({ stations: ['SM-0009'] });
      const database = fakeDatabase([[/FROM alarm_rule_edit/, []]]);
      const said: string[] = [];
      const stations = () => new Map([['SM-0001', 'tank' as const]]);
      const library = libraryIn(folder);
      const note = (text: string) => said.push(text);
      const begun = await RuleBook.open({ database, library, stations, now: () => 0, note });
      expect(stationsOf(begun.rules)).toEqual({});
      expect(said).toEqual([
        expect.stringMatching(/^an override is not in force: overrides\/hill\.yaml:1:\d+ no station/),
      ]);
    });
  });

  it('leave the command lines running when an override is of a rule that no file has', () => {
    mkdirSync(join(folder, 'overrides'));
    const override = { threshold: 'low', stations: ['SM-0001'], value: '0.12 MPa', version: 1, author: 'a' };
    const text = JSON.stringify([{ ...override, rule: 'MY-RULE', reason: 'r' }]);
    writeFileSync(join(folder, 'overrides/added.yaml'), text);
    const said: string[] = [];
    const rules = rulesIn(folder, (note) => said.push(note));
    expect(rules.map(({ text }) => text.id)).toEqual(['TANK-LOW', 'TANK-HIGH']);
    expect(said).toEqual([
      expect.stringMatching(
        /^an override is not in force: overrides\/added\.yaml:1:\d+ no rule has the id MY-RULE$/,
      ),
    ]);
    writeFileSync(join(folder, 'overrides/added.yaml'), 'rule: MY-RULE');
    expect(() => rulesIn(folder)).toThrow(/overrides\/added\.yaml:1/);
  });

  it('that name a route which is not there are refused by file and line; without routes nobody asks', async () => {
    write('power.yaml', { id: 'POWER', told: ['crew'] });
    await look();
    expect(inForce()).toContain('POWER p2');
    routes = [{ id: 'crews', priorities: new Set() }];
    book.noteStrayRoutes();
    expect(notes.at(-1)).toBe('rule POWER: no route of notifications has the id crew: did you mean crews?');
    const text = (told: [string]) => JSON.stringify(aRule({ id: 'POWER', told }));
    expect(book.check('POWER', text(['crews'])).issues).toEqual([]);
    expect(book.check('POWER', text(['crew'])).issues).toMatchObject([
      { file: 'POWER', problem: { code: 'unknownRoute', near: 'crews' } },
    ]);
    // what was so before does not keep other changes away
    write('inlet.yaml', { id: 'INLET' });
    await look();
    expect(inForce()).toContain('INLET p2');
    write('inlet.yaml', { id: 'INLET', told: ['leaders'] });
    await look();
    expect(notes.at(-1)).toMatch(
      /are refused.*\ninlet\.yaml:1:\d+: no route of notifications has the id leaders$/,
    );
  });

  it('that name routes of other priorities alone are refused: nobody would be told', async () => {
    routes = [
      { id: 'urgent', priorities: new Set([1]) },
      { id: 'office', priorities: new Set([3, 4]) },
    ];
    const issuesOf = (rule: object) =>
      book.check('POWER', JSON.stringify(aRule({ id: 'POWER', ...rule }))).issues;
    expect(issuesOf({ priority: 2, told: ['urgent', 'office'] })).toMatchObject([
      {
        file: 'POWER',
        problem: { code: 'routesNotOfPriority', values: { name: 'urgent, office', priority: '2' } },
      },
    ]);
    // who is told when it escalates is told
    expect(issuesOf({ priority: 2, told: ['urgent'], escalate: { after: '1 h', to: 1 } })).toEqual([]);
    expect(issuesOf({ priority: 3, told: ['urgent', 'office'] })).toEqual([]);
    // at the start, when the notifications may be what changed, it is said
    write('power.yaml', { id: 'POWER', told: ['urgent'] });
    routes = null;
    await look();
    routes = [{ id: 'urgent', priorities: new Set([1]) }];
    book.noteStrayRoutes();
    expect(notes.at(-1)).toBe('rule POWER: nobody would be told: no route of urgent is for priority 2');
  });

  it('that are gone altogether leave the rules in force', async () => {
    rmSync(join(folder, 'tank.yaml'));
    await look();
    expect(inForce()).toEqual(['TANK-LOW p2', 'TANK-HIGH p2']);
    expect(notes).toEqual([expect.stringContaining('holds no rule files')]);
  });
});
