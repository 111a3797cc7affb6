import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkRuleNames } from '#sim/scenario/alarmNames.ts';
import { parseAlarmExpectation } from '#sim/scenario/alarmStatement.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { loadRules, type Rule } from '#twin/rules/load.ts';
import { file, runInTown } from './builder.ts';

const FOLDER = new URL('../../../rules/', import.meta.url);

/** The library, with a text in it replaced by another. */
function library(from = '', to = ''): Rule[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  const files = names.map((file) => ({ file, yaml: readFileSync(new URL(file, FOLDER), 'utf8') }));
  if (!files.some(({ yaml }) => yaml.includes(from))) throw new Error(`no rule says "${from}"`);
  return loadRules(files.map(({ file, yaml }) => ({ file, yaml: yaml.replace(from, to) })));
}

const POWER_CUT = file(
  'events:',
  '  - { at: 5min, for: 5min, do: power-cut, stations: SM-0001 }',
  'expect:',
  '  - { that: raised F23 at SM-0001 within 10 s }',
  '  - { that: no F24 at SM-0001 }',
  '  - { that: no other alarm of priority ≤ 2 }',
  '  - { that: at most 2 annunciations in any 10 min }',
);

describe('the alarms of a scenario', () => {
  it('tell a power cut once, and not what follows from it', () => {
    const { verdicts, passed, alarms } = runInTown(POWER_CUT, library());
    expect(verdicts.filter(({ met }) => !met)).toEqual([]);
    expect(passed).toBe(true);
    expect(verdicts[0]).toMatchObject({ of: 'F23-POWER-LOSS SM-0001', at: 300 + verdicts[0]!.value });
    expect(alarms).toMatchObject({ stations: 4, names: { 'F23-POWER-LOSS': { en: 'Mains power lost' } } });
  });

  it('fail it when a rule is made wrong', () => {
    const { verdicts, passed } = runInTown(POWER_CUT, library('when: not MAINS_OK', 'when: UPS_V < 1 V'));
    expect(passed).toBe(false);
    expect(verdicts[0]!.met).toBe(false);
  });

  it('fail it when a rule says too much', () => {
    const noisy = library('low: { value: 0.10 MPa, zh: 进水', 'low: { value: 0.90 MPa, zh: 进水').map(
      (rule) => (rule.text.id === 'F21-LOW-INLET' ? { ...rule, text: { ...rule.text, priority: 2 } } : rule),
    );
    const { verdicts } = runInTown(POWER_CUT, noisy);
    expect(verdicts[2]).toMatchObject({ met: false, of: expect.stringMatching(/^F21-LOW-INLET/) });
    expect(verdicts[3]!.met).toBe(false);
  });

  it('say nothing of rooms that are not looked at', () => {
    const text = `${POWER_CUT}\nalarms: SM-0002`;
    expect(runInTown(text, library()).alarms).toMatchObject({ stations: 1, log: [] });
  });

  it('tell a lost line by its silence', () => {
    const text = file(
      'events:',
      '  - { at: 1min, do: comms-loss, stations: SM-0002 }',
      'expect:',
      '  - that: raised F24-COMMS-LOSS at SM-0002 within 2 min',
    );
    expect(runInTown(text, library()).passed).toBe(true);
  });

  it('do not change the run they watch', () => {
    expect(runInTown(POWER_CUT, library()).hash).toBe(runInTown(POWER_CUT).hash);
  });

  it('are the same for the same seed', () => {
    const rules = library();
    expect(runInTown(POWER_CUT, rules).alarms.log).toEqual(runInTown(POWER_CUT, rules).alarms.log);
  });
});

describe('a fault of a room', () => {
  it.each([
    ['flooded', 'raised F37 at SM-0001/LO within 20 s'],
    ['phases-unbalanced', 'raised F11 at SM-0001 within 3 min'],
    ['foreign-water', 'raised F45 at SM-0001 within 3 min'],
    ['clock-wrong', 'raised F43 at SM-0001 within 18 min'],
    ['cleaning-missed', 'raised F42 at SM-0001 within 2 min'],
  ])('%s is told', (fault, that) => {
    const text = file(
      'length: 40min',
      'events:',
      `  - { at: 20min, do: room-fault, station: SM-0001, fault: ${fault} }`,
      'expect:',
      `  - that: ${that.replace('/LO', '')}`,
    ).replace('length: 15min\n', '');
    expect(runInTown(text, library()).verdicts.filter(({ met }) => !met)).toEqual([]);
  });

  it('is over when its time is', () => {
    const text = file(
      'events:',
      '  - { at: 1min, for: 2min, do: room-fault, station: SM-0001, fault: flooded }',
    );
    const kinds = runInTown(text, library()).alarms.log.map(({ kind }) => kind);
    expect(kinds).toEqual(['raised', 'cleared']);
  });
});

describe('an expectation about alarms', () => {
  const issuesOf = (that: string) => {
    const { scenario, issues, lineOf } = readScenario(file('expect:', `  - that: ${that}`));
    return scenario ? checkRuleNames(scenario, library(), lineOf) : issues;
  };

  it.each([
    ['raised F99-OVERFLOW at SM-0001', 'no rule has the id F99-OVERFLOW; near it: F19-OVERFLOW'],
    ['no F19-OVERFLOWS at all', 'no rule has the id F19-OVERFLOWS; near it: F19-OVERFLOW'],
    ['raised F19', 'should be "raised RULE at STATIONS within TIME"'],
    ['raised F19 at SM-0001 within soon', 'is not a length of time'],
    ['no other alarm of priority ≤ 7', 'is not a priority from 1'],
    ['no alarms please', 'should be "no other alarm'],
    ['at most many annunciations in any 10 min', 'is not a number of annunciations'],
    ['at most 5', 'should be "at most 5 annunciations'],
  ])('says what is wrong with "%s"', (that, message) => {
    const [issue] = issuesOf(that);
    expect(issue?.message).toContain(message);
    expect(issue?.line).toBeGreaterThan(1);
  });

  it.each([
    'raised: F19 at SM-0001 within 120 s',
    'at most 5 annunciations in any 10 minutes',
    'nothing else above priority 3',
    'nothing else',
    'no other alarm above priority 2',
    'raised F19 at SM-0001 within 120 s; nothing else above priority 3; at most 5 annunciations in any 10 minutes',
    'tank never overflows; zone inflow peak factor < 1.4;',
  ])('may be "%s"', (that) => {
    expect(issuesOf(`'${that}'`).filter(({ message }) => !message.includes('window of an hour'))).toEqual([]);
  });

  it.each<[string, ...string[]]>([
    ['nothing else above priority 1', 'nothing is above priority 1'],
    ['nothing much', 'nothing else above priority 3'],
    ['raised F99 at SM-0001; no F98 at all', 'no rule has the id F99', 'no rule has the id F98'],
    ['raised F19; P_OUT of SM-0001 is fine', 'should be "raised RULE', 'raised RULE at … within …'],
    [';', 'it says nothing'],
  ])('says all that is wrong with "%s"', (that, ...messages) => {
    const said = issuesOf(`'${that}'`)
      .map(({ message }) => message)
      .join('\n');
    for (const message of messages) expect(said).toContain(message);
  });

  it('above priority 3 means priorities 1 and 2', () => {
    expect(parseAlarmExpectation('nothing else above priority 3')).toEqual(
      parseAlarmExpectation('no other alarm of priority ≤ 2'),
    );
  });

  it('is judged sentence by sentence', () => {
    const report = runInTown(
      file(
        'events:',
        '  - { at: 2min, do: power-cut, stations: SM-0001 }',
        'expect:',
        "  - that: 'raised F23 at SM-0001 within 10 s; nothing else above priority 3; tank never overflows'",
      ),
      library(),
    );
    expect(report.verdicts.map(({ that, met }) => [that, met])).toEqual([
      ['raised F23 at SM-0001 within 10 s', true],
      ['nothing else above priority 3', true],
      ['tank never overflows', true],
    ]);
  });
});
