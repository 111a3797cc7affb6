import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RuleBook } from '#server/alarms/ruleBook.ts';
import { followFolder, RuleWatch } from '#server/alarms/ruleWatch.ts';
import { fakeDatabase } from '#test/support/fakeDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import type { RuleText } from '#twin/rules/rule.ts';

describe('rule files that change while the server runs', () => {
  let folder: string;
  let book: RuleBook;
  let notes: string[];
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
    book = await RuleBook.open({ database, library: watch.library, now: () => 0, note });
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

  it('that are gone altogether leave the rules in force', async () => {
    rmSync(join(folder, 'tank.yaml'));
    await look();
    expect(inForce()).toEqual(['TANK-LOW p2', 'TANK-HIGH p2']);
    expect(notes).toEqual([expect.stringContaining('holds no rule files')]);
  });
});
