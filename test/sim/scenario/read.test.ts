import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inWords, secondsOf } from '#sim/scenario/duration.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { checkNames, namesOf } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { modelOf } from '#sim/scenario/run.ts';
import { town } from '#test/sim/city/town.ts';
import { file } from './builder.ts';

function issuesOf(text: string): string {
  const { scenario, issues, lineOf } = readScenario(text);
  if (!scenario) return formatIssues('a.yaml', issues);
  const names = namesOf(modelOf(town(), { extent: 'all', seed: 1 }));
  return formatIssues('a.yaml', checkNames(scenario, names, lineOf));
}

const SENSOR = 'at: 1min, do: sensor-fault, station: SM-0001, point: P_OUT';

describe('a scenario file', () => {
  it('is read with its defaults', () => {
    const { scenario } = readScenario(file());
    expect(scenario).toMatchObject({ seed: 1, extent: 'all', events: [], city: 'demo' });
  });

  it('names file and line of a station that is not there, and what is near', () => {
    const text = file('events:', '  - { at: 1min, do: pump-trip, station: SM-0004, pump: P1 }');
    expect(issuesOf(text)).toBe(
      'a.yaml:10: events.0.station: there is no station SM-0004; near it: SM-0001, SM-0002, SM-0003',
    );
  });

  it.each([
    ['  - { at: 1min, do: burst, node: N9, flow: 9 }', 'there is no node N9; near it: N1'],
    ['  - { at: 1min, do: works-outage, works: W2 }', 'there are no works W2; near it: W1'],
    ['  - { at: 1min, do: pump-trip, station: SM-0001, pump: P7 }', 'has no pump P7; it has P1, P2'],
    ['  - { at: 1min, do: pump-trip, station: SM-0001, set: HI, pump: P1 }', 'has no pump set HI; it has LO'],
    ['  - { at: 1min, do: valve-stuck, station: SM-0003, position: 0 }', 'it has no inlet valve'],
    [
      '  - { at: 1min, do: room-fault, station: SM-B01, fault: impeller-worn }',
      'its pumps are links of the mains and do not wear',
    ],
    ['  - { at: 1min, do: power-cut, stations: zone Z-W2 }', 'no station in zone Z-W2; near it: Z-W1'],
    ['  - { at: 1min, do: power-cut, stations: 200 of }', 'names no stations'],
    [
      '  - { at: 1min, do: command, stations: SM-0001, point: P_SETT, value: 0.5 }',
      'events.0.point: P_SETT cannot be written there; near it: P_SET',
    ],
    [
      '  - { at: 1min, do: command, stations: SM-0001, point: P_SET, set: SP, value: 0.5 }',
      'events.0.set: no station there has a pump set SP',
    ],
    [
      '  - { at: 1min, do: command, stations: SM-0002, point: ZV_CMD, value: 50 }',
      'no station there has an electric valve to obey',
    ],
    ['  - { do: power-cut, stations: all }', 'needs either "at" or "when"'],
    ['  - { at: soon, do: power-cut, stations: all }', 'is not a length of time'],
    ['  - { at: 1min, do: explode }', 'events.0'],
    ['  - { at: 1min, do: power-cut, stations: all, now: 1 }', 'now'],
    ['  - { when: P_UP of all below 1, do: power-cut, stations: all }', '"P_UP" is no quantity'],
    ['  - { when: P_IN of all below 1 bar, do: power-cut, stations: all }', 'P_IN is in MPa, not in bar'],
    [`  - { ${SENSOR}, fault: noise }`, 'events.0.by: is missing or not above 0'],
    [`  - { ${SENSOR}, fault: noise, by: -0.1 }`, 'events.0.by: is missing or not above 0'],
    [`  - { ${SENSOR}, fault: bias }`, 'events.0.by: is missing or 0: bias without it is no fault'],
    [`  - { ${SENSOR}, fault: spikes }`, 'events.0.by: is missing or 0: spikes without it are no fault'],
    [
      `  - { ${SENSOR}, fault: frozen, by: 0.1 }`,
      'events.0.by: means nothing to a transmitter that is frozen',
    ],
    [`  - { ${SENSOR}, fault: loss, by: 0.1 }`, 'events.0.by: means nothing to a transmitter that is lost'],
  ])('says what is wrong with %s', (line, message) => {
    const said = issuesOf(file('events:', line));
    expect(said).toContain(message);
    expect(said).toMatch(/^a\.yaml:\d+: /);
  });

  it.each([
    ['start: 2026-11-18 06:30', 'start: 2026-13-45 99:99', 'is not a local time'],
    ['start: 2026-11-18 06:30', 'start: 2026-02-30 06:30', 'is not a local time'],
    ['start: 2026-11-18 06:30', '', 'needs either "start" or "saved"'],
    ['length: 15min', 'length: 0 s', 'is no time at all'],
  ])('refuses "%s" written as "%s"', (right, wrong, message) => {
    expect(issuesOf(file().replace(right, wrong))).toContain(message);
  });

  it.each([
    [['extent: SM-0003'], 'tank never overflows', 'there are no tanks in the extent "SM-0003"'],
    [[], 'tank of zone Z-SM-B01 never overflows', 'there are no tanks in zone Z-SM-B01'],
    [[], 'LEVEL of 1 of zone Z-SM-B01 stays above 1 m', 'there are no tanks in 1 of zone Z-SM-B01'],
  ])('refuses with %s "%s"', (lines, that, message) => {
    const text = file(...lines, 'expect:', `  - that: ${that}`);
    expect(issuesOf(text)).toBe(`a.yaml:${text.split('\n').length}: expect.0.that: ${message}`);
  });

  it('takes tanks of some of the rooms that a sentence names', () => {
    expect(
      issuesOf(file('expect:', '  - that: tank never overflows; LEVEL of zone Z-W1 stays above 1 m')),
    ).toBe('');
  });

  it.each(['0', 'Infinity', 'low'])('refuses a peak factor of %s', (factor) => {
    const that = `inflow of all peak factor < ${factor}`;
    expect(issuesOf(file('expect:', `  - that: ${that}`))).toContain(`"${factor}" is not a peak factor`);
  });

  it('refuses an event and a window that last no time', () => {
    expect(issuesOf(file('events:', '  - { at: 1min, for: 0 s, do: power-cut, stations: all }'))).toContain(
      'is no time at all',
    );
    expect(
      issuesOf(file('expect:', '  - { that: P_OUT of all stays above 0, from: 9min, until: 9min }')),
    ).toContain('ends before it begins');
  });

  it('tells all mistakes at once, each with its line', () => {
    const text = file('seed: -1', 'watch: [P_OUT of, P of all]', 'colour: red');
    expect(issuesOf(text).split('\n').length).toBeGreaterThanOrEqual(4);
  });

  it('says where text is no YAML', () => {
    expect(issuesOf('name: {\nteaches: [')).toMatch(/^a\.yaml:\d: /);
  });

  it('expects something', () => {
    expect(issuesOf(file('expect: []'))).toContain('expect');
  });

  it('never throws on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { scenario, issues } = readScenario(text);
        return scenario !== null || issues.length > 0;
      }),
    );
  });
});

describe('a length of time', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000 }), (seconds) => secondsOf(inWords(seconds)) === seconds),
    );
  });

  it.each(['', 'h', '5', '5 m', '1h and 5min'])('is not "%s"', (text) => {
    expect(secondsOf(text)).toBeUndefined();
  });
});
