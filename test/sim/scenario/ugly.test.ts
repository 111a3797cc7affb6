import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { issuesIn } from '#sim/scenario/check.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { namesOf } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { modelOf } from '#sim/scenario/run.ts';
import { town } from '#test/sim/city/town.ts';
import { file } from './builder.ts';

const NAMES = namesOf(modelOf(town(), { extent: 'all', seed: 1 }));
const said = (source: string | Uint8Array) => formatIssues('a.yaml', issuesIn(readScenario(source), NAMES));
const event = (text: string) => said(file('events:', `  - ${text}`));
const expectation = (text: string) => said(file('expect:', `  - ${text}`));
const TRIP = 'do: pump-trip, station: SM-0001, pump: P1';

describe('numbers that mean nothing', () => {
  it.each([
    ['flow: .nan', 'a number is expected, not something that is no number'],
    ['flow: .inf', 'flow: '],
    ['flow: -.inf', 'flow: '],
    ['flow: 1e300', 'expected number to be <=100000'],
    ['flow: 0', 'expected number to be >0'],
    ['flow: -5', 'expected number to be >0'],
    ['flow: "50"', 'a number is expected, not a text'],
    ['flow: [50]', 'a number is expected, not a list'],
    ['flow: ', 'a number is expected, not nothing'],
  ])('a burst of %s', (flow, message) => {
    const text = event(`{ at: 1min, do: burst, node: N1, ${flow} }`);
    expect(text).toMatch(/^a\.yaml:10: events\.0\.flow: /);
    expect(text).toContain(message);
  });

  it.each([
    ['do: demand-surge, stations: all, factor: 1e9', 'events.0.factor'],
    ['do: heat-wave, factor: 1, warmer: -300', 'events.0.warmer'],
    ['do: valve-stuck, station: SM-0001, position: 101', 'events.0.position'],
    ['do: command, stations: SM-0001, point: P_SET, value: .nan', 'events.0.value'],
    ['do: sensor-fault, station: SM-0001, point: L1, fault: bias, by: .inf', 'events.0.by'],
    ['do: room-fault, station: SM-0001, fault: flooded, size: 1e9', 'events.0.size'],
    ['do: detuned-loop, station: SM-0001, gain: 1e9', 'events.0.gain'],
  ])('%s', (text, path) => {
    expect(event(`{ at: 1min, ${text} }`)).toContain(`a.yaml:10: ${path}: `);
  });

  it.each(['-1', '1.5', '4294967296', '1e300', '.nan', '.inf', 'one'])('a seed of %s', (seed) => {
    expect(said(file(`seed: ${seed}`))).toMatch(/^a\.yaml:9: seed: /);
  });

  it.each([
    'P_OUT of all stays above NaN',
    'P_OUT of all stays above 1e999',
    'inflow of all peak factor < -1',
  ])('an expectation that %s', (that) =>
    expect(expectation(`{ that: ${that} }`)).toMatch(/^a\.yaml:8: expect\.0\.that: /),
  );
});

describe('times outside the run', () => {
  it.each([
    ['length: 15min', 'length: 0 s', 'length: is no time at all'],
    ['length: 15min', 'length: -15min', 'length: is not a length of time'],
    ['length: 15min', 'length: 15', 'length: is not a length of time with its unit'],
    ['length: 15min', 'length: 0.4 s', 'length: is less than a second'],
    ['length: 15min', 'length: 9999999999 d', 'length: is longer than 400 days'],
    ['length: 15min', `length: ${'9'.repeat(400)} d`, 'length: is longer than 400 days'],
    ['start: 2026-11-18 06:30', 'start: 2026-11-18', 'start: is not a local time'],
    ['start: 2026-11-18 06:30', 'start: 99999-11-18 06:30', 'start: is not a local time'],
  ])('%s written as %s', (right, wrong, message) => {
    expect(said(file().replace(right, wrong))).toMatch(new RegExp(`^a\\.yaml:\\d: ${message}`));
  });

  it('an event that begins when the run is over', () => {
    expect(event(`{ at: 15min, ${TRIP} }`)).toBe(
      'a.yaml:10: events.0.at: begins when the run is over, whose length is 15min',
    );
    expect(event(`{ at: 14min, for: 3h, ${TRIP} }`)).toBe('');
    expect(event(`{ at: -1min, ${TRIP} }`)).toContain('events.0.at: is not a length of time');
    expect(event(`{ at: 1min, for: 0 s, ${TRIP} }`)).toContain('events.0.for: is no time at all');
  });

  it.each([
    ['from: 15min', 'from: begins when the run is over'],
    ['until: 16min', 'until: goes on when the run is over'],
    ['from: 9min, until: 3min', '0: ends before it begins'],
  ])('a window of %s', (window, message) => {
    expect(expectation(`{ that: P_OUT of all stays above 0, ${window} }`)).toContain(
      `a.yaml:8: expect.0${message.startsWith('0') ? '' : '.'}${message.replace(/^0/, '')}`,
    );
  });

  it('a peak factor of less than an hour', () => {
    expect(expectation('{ that: inflow of all peak factor < 1.4 }')).toContain('needs a window of an hour');
  });
});

describe('words that are nearly right', () => {
  it.each([
    ['{ at: 1min, do: pump-trips, station: SM-0001, pump: P1 }', 'did you mean "pump-trip"?'],
    ['{ at: 1min, do: room-fault, station: SM-0001, fault: floded }', 'did you mean "flooded"?'],
    ['{ at: 1min, do: pump-trip, staton: SM-0001, pump: P1 }', 'did you mean "station"?'],
    ['{ at: 1min, do: pump-trip, station: SM-001, pump: P1 }', 'near it: SM-0001'],
    ['{ at: 1min, do: pump-trip, station: SM-0001, set: L0, pump: P1 }', 'did you mean "LO"?'],
    ['pump-trip', 'is no event, such as'],
    ['{ at: 1min }', 'nothing is not known; there are pump-trip'],
  ])('%s', (text, message) => expect(event(text)).toContain(message));

  it('a key at the top', () => {
    expect(said(file('event: []'))).toBe('a.yaml:9: event: is not known; did you mean "events"?');
  });
});

describe('files that are not what they seem', () => {
  const text = file().replace('试验', '水泵跳闸试验');
  const gbk = Uint8Array.from(
    // the only letters here that are not ASCII, in GBK
    [...file().replace(/[^\x20-\x7e\n]+/g, '?')].flatMap((letter) =>
      letter === '?'
        ? Array.from({ length: 12 }, () => [0xca, 0xd4, 0xd1, 0xe9]).flat()
        : letter.charCodeAt(0),
    ),
  );
  const utf16 = (swap: boolean, mark = true) => {
    const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
    return new Uint8Array(swap ? bytes.swap16() : bytes);
  };

  it.each([
    ['a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['a byte order mark in text', `\uFEFF${text}`],
    ['UTF-16', utf16(false)],
    ['UTF-16, the other way round', utf16(true)],
    ['UTF-16 without a mark', utf16(false, false)],
    ['GBK', gbk],
    ['lines that end as on Windows', text.replaceAll('\n', '\r\n')],
  ])('%s: read as meant', (_, source) => {
    expect(said(source)).toBe('');
    expect(readScenario(source).scenario!.name.zh).toMatch(/试验/);
  });

  it.each([
    ['nothing', '', /^a\.yaml:1: the file is empty$/],
    ['comments alone', '# later\n\n', /^a\.yaml:1: the file is empty$/],
    ['a list', '- 1\n- 2', /^a\.yaml:1: .*a map of keys is expected, not a list/],
    ['a word', 'scenario', /^a\.yaml:1: .*a map of keys is expected, not a text/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), /binary, not text/],
    [
      '10 MB',
      `${file()}\n#${'x'.repeat(10_000_000)}`,
      /^a\.yaml: the file has 10\.0 MB; a scenario has at most 1 MB$/,
    ],
    ['a tab', file('events:', '\t- x'), /^a\.yaml:10: Tabs are not allowed/],
    [
      'a key twice',
      file('seed: 1', 'seed: 2'),
      /^a\.yaml:10: "seed" stands here for the second time; the first is in line 9$/,
    ],
    ['two documents', `${file()}\n---\n${file()}`, /^a\.yaml:\d+: Source contains multiple documents/],
    ['an alias to nowhere', file('seed: *there'), /^a\.yaml:9: there is no anchor &there before the alias/],
    ['a tag of its own', file('seed: !!js/function 1'), /^a\.yaml:9: Unresolved tag/],
    ['brackets without end', '['.repeat(100_000), /^a\.yaml:1: it is nested too deeply$/],
  ])('%s: told in words', (_, source, message) => expect(said(source)).toMatch(message));

  it('aliases that grow without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 0; i < 9; i++) {
      const [name, before] = ['bcdefghij'[i]!, 'abcdefghi'[i]!];
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join()}]`);
    }
    expect(said(bomb.join('\n'))).toMatch(/^a\.yaml:\d+: .*[Aa]lias/);
  });

  it('a megabyte of keys, of events, of one word', () => {
    const keys = Array.from({ length: 80_000 }, (_, i) => `k${i}: ${i}`).join('\n');
    const events = Array.from({ length: 20_000 }, () => '  - { at: 1min, do: burst }').join('\n');
    for (const source of [keys, file('events:', events), file(`extent: ${'x '.repeat(400_000)}`)]) {
      const lines = said(source).split('\n');
      expect(lines.length).toBeLessThan(110);
      for (const line of lines) expect(line.length).toBeLessThan(500);
    }
  }, 60_000);
});

it('tells everything at once: form, times and names, in the order of the file', () => {
  const text = file(
    'seed: -1',
    'watch: [P_OUT of SM-0009, P of all]',
    'events:',
    '  - { at: 1h, do: pump-trip, station: SM-0001, pump: P1 }',
    '  - { at: 1min, do: pump-trip, station: SM-0010, pump: P1, colour: red }',
    '  - { at: 1min, do: burst, node: N9, flow: 5 }',
    '  - { at: 1min, do: burst, node: N9, flow: .nan }',
  );
  expect(
    said(text)
      .split('\n')
      .map((line) => line.split(': ').slice(0, 2).join(' ')),
  ).toEqual([
    'a.yaml:9 seed',
    'a.yaml:10 watch.1',
    'a.yaml:10 watch.0',
    'a.yaml:12 events.0.at',
    'a.yaml:13 events.1.colour',
    'a.yaml:13 events.1.station',
    'a.yaml:14 events.2.node',
    'a.yaml:15 events.3.flow',
  ]);
});

describe('shipped scenarios that were damaged', () => {
  const folder = new URL('../../../scenarios/', import.meta.url);
  const shipped = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  /** What people and programs put where it does not belong. */
  const junk = fc.oneof(
    fc.constantFrom('.nan', '.inf', '-1', '1e308', '~', '{}', '[]', '*a', '&a ', '"', "'", '\t', '\uFEFF'),
    fc.constantFrom(': ', '- ', '\n', '  ', '#', '|', '>', '!!str ', '<<: *a', '__proto__: 1', 'constructor'),
    fc.string({ maxLength: 12 }),
    fc.string({ maxLength: 6, unit: 'binary' }),
  );
  const damage = fc.record({
    at: fc.nat(2000),
    cut: fc.oneof(fc.constant(0), fc.nat(40)),
    put: junk,
    twice: fc.boolean(),
  });

  it('are scenarios or have issues, each with a line of the file', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        (whole, all) => {
          let text = whole;
          for (const { at, cut, put, twice } of all) {
            const place = at % (text.length + 1);
            const gone = text.slice(place, place + cut);
            text = text.slice(0, place) + put + (twice ? gone + gone : '') + text.slice(place + cut);
          }
          const read = readScenario(text);
          const issues = issuesIn(read, NAMES);
          const lines = text.split('\n').length;
          for (const { line, message } of issues) {
            expect(line).toBeGreaterThanOrEqual(0);
            expect(line).toBeLessThanOrEqual(lines);
            expect(message).not.toBe('');
          }
          expect(read.scenario !== null).toBe(read.issues.length === 0);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);

  it('as bytes too', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...shipped),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (whole, flips) => {
          const bytes = new TextEncoder().encode(whole);
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const { scenario, issues } = readScenario(bytes);
          return scenario !== null || issues.length > 0;
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);
});
