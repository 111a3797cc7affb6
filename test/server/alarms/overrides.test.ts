import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OverrideDesk } from '#server/alarms/overrideDesk.ts';
import { RuleBook } from '#server/alarms/ruleBook.ts';
import { rulesIn } from '#server/alarms/ruleFolder.ts';
import { followFolder, RuleWatch } from '#server/alarms/ruleWatch.ts';
import { overrideEndpoints, ruleEndpoints } from '#server/api/rules.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { fakeDatabase } from '#test/support/fakeDatabase.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { apiError } from '#twin/wire/api.ts';
import { overrideChanged, ruleEntries } from '#twin/wire/rules.ts';

const RULE = aRule({
  thresholds: { low: { value: '0.18 MPa', zh: '进水压力下限', en: 'Least inlet pressure' } },
  when: 'P_IN < low',
  clear: 'P_IN > low + 0.02 MPa',
});
const BY = { by: ' 王工 ', reason: '地势高' };
const HILL = `# rooms on the hill
- rule: LOW-INLET
  threshold: low
  stations: [SM-0001, SM-0002] # see the survey of 2025
  value: 0.12 MPa
  version: 1
  author: 李工
  reason: they stand on the hill
`;

describe('thresholds of stations, changed over HTTP', () => {
  let folder: string;
  let watch: RuleWatch;
  let book: RuleBook;
  let api: ApiServer;
  let notes: string[];
  let told: number;
  let registered: Map<string, 'tank'>;
  let reported: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rules-'));
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify([RULE, aRule({ id: 'PLAIN' })]));
    mkdirSync(join(folder, 'overrides'));
    writeFileSync(join(folder, 'overrides/hill.yaml'), HILL);
    watch = new RuleWatch(folder);
    notes = [];
    const note = (text: string) => notes.push(text);
    const database = fakeDatabase([[/FROM alarm_rule_edit/, []]]);
    const codes = ['SM-0001', 'SM-0002', 'SM-0003', 'SM-0004'];
    registered = new Map(codes.map((code) => [code, 'tank' as const]));
    const stations = () => registered;
    book = await RuleBook.open({ database, library: watch.library, stations, now: () => 0, note });
    told = 0;
    book.follow(() => told++);
    reported = [];
    const endpoints = [
      ...ruleEndpoints(book),
      ...overrideEndpoints(book, new OverrideDesk(watch, book, note)),
    ];
    api = await serveApi(endpoints, { onError: (error) => reported.push((error as Error).message) });
  });
  afterEach(() => {
    api.close();
    rmSync(folder, { recursive: true });
  });

  const add = (given: object = {}, rule = 'LOW-INLET') =>
    api.send('POST', `/api/rules/${rule}/overrides`, {
      threshold: 'low',
      stations: ['SM-0003'],
      value: '0.15 MPa',
      ...BY,
      ...given,
    });
  const remove = (station: string) =>
    api.send('POST', '/api/rules/LOW-INLET/overrides/remove', { threshold: 'low', station, ...BY });
  const inForce = () => book.rules.find(({ text }) => text.id === 'LOW-INLET')!.thresholds[0]!.stations;
  const added = () => readFileSync(join(folder, 'overrides/added.yaml'), 'utf8');
  const hill = () => readFileSync(join(folder, 'overrides/hill.yaml'), 'utf8');

  it('are listed with the rule', async () => {
    const [rule] = ruleEntries.parse(await api.get('/api/rules'));
    expect(rule).toMatchObject({
      thresholds: [{ name: 'low', zh: '进水压力下限', value: 0.18, unit: 'MPa' }],
      overrides: [{ threshold: 'low', stations: ['SM-0001', 'SM-0002'], value: '0.12 MPa', problems: [] }],
    });
  });

  it('are added: written with name and reason, in force, and nothing is read twice', async () => {
    const answer = await add({ stations: ['SM-0003', 'SM-0004'] });
    expect(answer.status).toBe(200);
    expect(overrideChanged.parse(await answer.json()).overrides).toHaveLength(2);
    expect(inForce()).toEqual({ 'SM-0001': 0.12, 'SM-0002': 0.12, 'SM-0003': 0.15, 'SM-0004': 0.15 });
    expect(added()).toContain('author: 王工');
    expect(rulesIn(folder)[0]!.thresholds).toEqual(book.rules[0]!.thresholds);
    expect(notes).toEqual(['LOW-INLET low is 0.15 MPa at SM-0003, SM-0004: 地势高 (王工)']);
    await followFolder(watch, book, (text) => notes.push(text));
    expect([told, notes.length]).toEqual([1, 1]);
  });

  it('are added instead of those that stations have, wherever these stand', async () => {
    expect((await add({ stations: ['SM-0003', 'SM-0004'] })).status).toBe(200);
    expect((await add({ stations: ['SM-0002', 'SM-0003'], value: '0.16 MPa' })).status).toBe(200);
    expect(inForce()).toEqual({ 'SM-0001': 0.12, 'SM-0002': 0.16, 'SM-0003': 0.16, 'SM-0004': 0.15 });
    expect(hill()).toMatch(/stations: \[ ?SM-0001 ?\] # see the survey of 2025/);
    expect((await add({ stations: ['SM-0001'], value: '15 MPa' })).status).toBe(422);
    expect(inForce()['SM-0001']).toBe(0.12);
    expect(rulesIn(folder)[0]!.thresholds).toEqual(book.rules[0]!.thresholds);
  });

  it('are taken away from whichever file they stand in; what stands beside stays as it was', async () => {
    expect((await remove('SM-0002')).status).toBe(200);
    expect(inForce()).toEqual({ 'SM-0001': 0.12 });
    expect(hill()).toContain('# rooms on the hill');
    expect(hill()).toContain('# see the survey of 2025');
    expect(notes).toEqual(["LOW-INLET low is the rule's again at SM-0002: 地势高 (王工)"]);
    expect((await remove('SM-0002')).status).toBe(404);
    expect((await remove('SM-0001')).status).toBe(200);
    expect(inForce()).toEqual({});
    expect((await add()).status).toBe(200);
    expect((await remove('SM-0003')).status).toBe(200);
    expect(rulesIn(folder)[0]!.thresholds[0]!.stations).toEqual({});
  });

  it.each([
    [{ threshold: 'lo' }, 'LOW-INLET', 'unknownThreshold', 'low'],
    [{ stations: ['SM-003'] }, 'LOW-INLET', 'unknownStation', 'SM-0003'],
    [{ stations: ['SM-0003', 'SM-0003'] }, 'LOW-INLET', 'overrideTwice', undefined],
    [{ value: '15 m³/h' }, 'LOW-INLET', 'thresholdUnit', undefined],
    [{ value: '0.15' }, 'LOW-INLET', 'thresholdUnit', undefined],
    [{ value: 'low' }, 'LOW-INLET', 'badQuantity', undefined],
    [{ value: '15 MPa' }, 'LOW-INLET', 'outsideRange', undefined],
    [{}, 'PLAIN', 'noThresholds', undefined],
    [{}, 'LOW-INLETT', 'unknownRule', 'LOW-INLET'],
  ])('are refused as a file would be, and nothing is written: %j %s', async (given, rule, code, near) => {
    const answer = await add(given, rule);
    expect(answer.status).toBe(422);
    const { issues } = apiError.parse(await answer.json());
    expect(issues).toMatchObject([{ code, ...(near && { near }) }]);
    expect(added).toThrow(/ENOENT/);
    expect(told).toBe(0);
  });

  it.each([
    ['a mapping', '# of the hill\nrule: LOW-INLET\n', 1],
    ['broken', '# of the hill\n- rule: [LOW-INLET\n  threshold: low\n', 2],
    ['of another form', '# of the hill\n- rule: LOW-INLET\n', 2],
  ])('are refused by file and line when the file is %s: what stands in it stays', async (_, text, line) => {
    const file = join(folder, 'overrides/added.yaml');
    writeFileSync(file, text);
    const answer = await add();
    expect(answer.status).toBe(422);
    const { issues } = apiError.parse(await answer.json());
    expect(issues![0]).toMatchObject({ rule: 'overrides/added.yaml' });
    expect(issues![0]!.line).toBeGreaterThanOrEqual(line);
    expect(added()).toBe(text);
    writeFileSync(join(folder, 'overrides/hill.yaml'), text);
    rmSync(file);
    expect((await remove('SM-0001')).status).toBe(422);
    expect(hill()).toBe(text);
  });

  it('need a name and a reason', async () => {
    expect((await add({ by: ' ' })).status).toBe(400);
    expect((await add({ reason: '' })).status).toBe(400);
  });

  it('say so when they cannot be written; those in force go on', async () => {
    // a folder where the file should be cannot be written over, whoever asks
    mkdirSync(join(folder, 'overrides/added.yaml.tmp'));
    const answer = await add();
    expect(answer.status).toBe(503);
    // the log says which file, a page only that it failed
    expect(reported).toEqual([expect.stringMatching(/cannot be written: EISDIR.*nothing has changed/)]);
    expect(inForce()).toEqual({ 'SM-0001': 0.12, 'SM-0002': 0.12 });
    expect(told).toBe(0);
  });

  it('leave the files as they were when they cannot be put in force, whatever fails', async () => {
    book.follow(() => {
      throw new Error('the desk is away');
    });
    expect((await add()).status).toBe(503);
    expect(added).toThrow(/ENOENT/);
    expect((await remove('SM-0001')).status).toBe(503);
    expect(hill()).toBe(HILL);
    expect(inForce()).toEqual({ 'SM-0001': 0.12, 'SM-0002': 0.12 });
    expect(book.overridesOf('LOW-INLET')).toHaveLength(1);
  });

  it('stay in force at other stations when one is gone, which can be taken away and is refused anew', async () => {
    registered.delete('SM-0002');
    const database = fakeDatabase([[/FROM alarm_rule_edit/, []]]);
    const stations = () => registered;
    const note = () => undefined;
    const begun = await RuleBook.open({ database, library: watch.library, stations, now: () => 0, note });
    const desk = new OverrideDesk(watch, begun, note);
    expect(begun.rules.find(({ text }) => text.id === 'LOW-INLET')!.thresholds[0]!.stations).toEqual({
      'SM-0001': 0.12,
    });
    const key = { rule: 'LOW-INLET', threshold: 'low' };
    const override = { ...key, value: '0.15 MPa', version: 1, author: 'a', reason: 'r' };
    expect(await desk.add({ ...override, stations: ['SM-0002'] })).toMatchObject({ refused: 'invalid' });
    expect(await desk.remove({ ...key, station: 'SM-0001' }, 'a', 'r')).toBeNull();
    expect(await desk.remove({ ...key, station: 'SM-0002' }, 'a', 'r')).toBeNull();
    expect(begun.overridesOf('LOW-INLET')).toEqual([]);
  });

  it('are in force at a station that is adopted later, once', async () => {
    registered.delete('SM-0002');
    await book.layAnew();
    expect(inForce()).toEqual({ 'SM-0001': 0.12 });
    registered.set('SM-0002', 'tank');
    await book.layAnew();
    await book.layAnew();
    expect(inForce()).toEqual({ 'SM-0001': 0.12, 'SM-0002': 0.12 });
    expect(told).toBe(2);
  });
});
