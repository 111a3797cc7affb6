import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Source } from '#server/mapping/compile.ts';
import { readPayload } from '#server/mapping/payload.ts';
import { parseMapping, readMapping } from '#server/mapping/read.ts';
import { topicPattern } from '#server/mapping/topic.ts';

const ARRIVED = Date.UTC(2026, 5, 1);

/** A mapping of one source, as a file would have it. */
const aMapping = (given: object = {}) =>
  JSON.stringify({
    sources: [
      {
        topic: 'city/{station}/data',
        points: [{ point: 'LO/P_OUT', path: '$.p' }],
        ...given,
      },
    ],
  });
const aSource = (given: object = {}): Source => parseMapping('mapping.json', aMapping(given))[0]!;
const read = (source: Source, payload: unknown, places: Record<string, string> = { station: 'SM-1' }) =>
  readPayload(source, places, new TextEncoder().encode(JSON.stringify(payload)), ARRIVED, (what) => {
    throw new Error(what);
  });
const points = (...rules: object[]) => ({ points: rules });

describe('a topic pattern', () => {
  test.each([
    ['city/{station}/data', 'city/SM-1/data', { station: 'SM-1' }],
    ['gw/room-{station}/{pump}', 'gw/room-7/P2', { station: '7', pump: 'P2' }],
    ['{station}/+/v', 'SM-1/anything/v', { station: 'SM-1' }],
    ['{station}/#', 'SM-1/a/b', { station: 'SM-1' }],
    ['{station}/#', 'SM-1', { station: 'SM-1' }],
    ['a.b/{station}', 'a.b/泵房一', { station: '泵房一' }],
  ])('%s takes %s', (pattern, topic, places) => {
    expect(topicPattern(pattern).match(topic)).toEqual(places);
  });

  test.each([
    ['city/{station}/data', 'city/SM-1/data/more'],
    ['city/{station}/data', 'city//data'],
    ['gw/room-{station}', 'gw/hall-7'],
    ['a.b/{station}', 'axb/SM-1'],
  ])('%s does not take %s', (pattern, topic) => {
    expect(topicPattern(pattern).match(topic)).toBeUndefined();
  });

  test('is subscribed to with a wildcard for each place', () => {
    expect(topicPattern('gw/room-{station}/+/{pump}/#').filter).toBe('gw/+/+/+/#');
  });

  test('gives the earlier place more where there is a choice, as an expression of places would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '-', 'ab'), maxLength: 12 });
    fc.assert(
      fc.property(text, (level) => {
        const found = /^x([^/]+)-([^/]+)a-([^/]+)$/.exec(`x${level}`);
        expect(topicPattern('x{one}-{two}a-{three}').match(`x${level}`)).toEqual(
          found ? { one: found[1], two: found[2], three: found[3] } : undefined,
        );
      }),
    );
  });

  test('with many places in a level is held against a topic of any length at once', () => {
    const pattern = topicPattern('{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}x');
    expect(pattern.match('-'.repeat(65_000))).toBeUndefined();
    expect(pattern.match(`${'-a'.repeat(30_000)}x`)?.h).toBe('a');
  });
});

describe('a payload', () => {
  test('gives its values in the units of the catalogue', () => {
    const source = aSource(
      points(
        { point: 'LO/P_OUT', path: '$.p', unit: 'bar' },
        { point: 'F_IN', path: "$['flow rate'].now", unit: 'L/s' },
        { point: 'LO/P1/HZ', path: '$.drives[0].hz' },
        { point: 'LO/P_SET', path: '$.raw', scale: 0.5, offset: -10, unit: 'kPa' },
      ),
    );
    const values = read(source, { p: 5, 'flow rate': { now: 2 }, drives: [{ hz: 41.5 }], raw: 1020 });
    expect(values.map(({ point }) => point)).toEqual(['LO/P_OUT', 'F_IN', 'LO/P1/HZ', 'LO/P_SET']);
    for (const [i, wanted] of [0.5, 7.2, 41.5, 0.5].entries())
      expect(values[i]!.value).toBeCloseTo(wanted, 12);
    for (const { time } of values) expect(time).toBe(ARRIVED);
  });

  test.each<[unknown, number]>([
    [1, 1],
    ['1.5', 1.5],
    [true, 1],
    [false, 0],
    [null, Number.NaN],
    ['running', 2],
    ['stopped', 0],
  ])('%j is read as %d', (given, wanted) => {
    const source = aSource(points({ point: 'LO/P_OUT', path: '$.p', map: { running: 2, stopped: 0 } }));
    expect(read(source, { p: given })[0]!.value).toBe(wanted);
  });

  test('leaves out what it does not have', () => {
    expect(read(aSource(), { q: 1 })).toEqual([]);
  });

  test('of bad quality says nothing of its values', () => {
    const source = aSource({ quality: { path: '$.q', good: [192, 'good'] } });
    expect(read(source, { p: 1, q: 192 })[0]!.value).toBe(1);
    expect(read(source, { p: 1, q: 'good' })[0]!.value).toBe(1);
    expect(read(source, { p: 1, q: 0 })[0]!.value).toBeNaN();
    expect(read(source, { p: 1 })[0]!.value).toBeNaN();
  });

  test.each([
    ['ms', 'Z', 1_780_272_000_123, 1_780_272_000_123],
    ['s', 'Z', 1_780_272_000.5, 1_780_272_000_500],
    ['s', 'Z', '1780272000', 1_780_272_000_000],
    ['iso', 'Z', '2026-06-01T08:00:00+08:00', ARRIVED],
    ['iso', 'Z', '2026-06-01T08:00:00.25+0800', ARRIVED + 250],
    ['iso', 'Z', '2026-06-01T08:00:00+08', ARRIVED],
    ['iso', '+08:00', '2026-06-01 08:00:00', ARRIVED],
    ['iso', '+08:00', '2026-06-01T00:00Z', ARRIVED],
  ])('time %s in zone %s: %j', (format, zone, given, wanted) => {
    const source = aSource({ time: { path: '$.t', format, zone } });
    expect(read(source, { p: 1, t: given })[0]!.time).toBe(wanted);
  });

  test('may hold many records, each with its time', () => {
    const source = aSource({ each: '$.samples[*]', time: { path: '$.t' } });
    const samples = [
      { t: 1000, p: 0.4 },
      { t: 2000, p: 0.5 },
    ];
    expect(read(source, { samples }).map(({ time, value }) => [time, value])).toEqual([
      [1000, 0.4],
      [2000, 0.5],
    ]);
  });

  test('may be of one pump that the topic names', () => {
    const source = aSource({
      topic: '{station}/{pump}',
      points: [{ point: 'LO/{pump}/HZ', path: '$' }],
    });
    expect(read(source, 42, { station: 'SM-1', pump: 'P2' })).toEqual([
      { point: 'LO/P2/HZ', value: 42, time: ARRIVED },
    ]);
  });

  test.each([
    [{ p: 'much' }, 'LO/P_OUT: "much" is no number'],
    [{ p: { deep: 1 } }, 'LO/P_OUT: {"deep":1} is no number'],
    [{ p: '' }, 'LO/P_OUT: "" is no number'],
    [{ p: '1e999' }, 'LO/P_OUT: "1e999" is no number'],
  ])('%j is told', (payload, message) => {
    expect(() => read(aSource(), payload)).toThrow(message);
  });

  test.each(['2026-06-31T08:00:00Z', '2026-02-29 08:00:00', '2026-13-01T08:00:00Z'])(
    'of %s is told: no calendar has that day',
    (t) => {
      expect(() => read(aSource({ time: { path: '$.t', format: 'iso' } }), { p: 1, t })).toThrow('cannot be');
    },
  );

  test.each(['NaN', 'Infinity', '-Infinity'])(
    'with %s for no number, as Python writes it, is read',
    (word) => {
      const source = aSource({
        points: [
          { point: 'P_IN', path: '$.p' },
          { point: 'F_IN', path: '$.f' },
        ],
      });
      const text = `{"note": "NaN \\" NaN", "p": ${word}, "f": 12}`;
      const values = readPayload(source, { station: 'S' }, new TextEncoder().encode(text), ARRIVED, () => {});
      expect(values.map(({ point, value }) => [point, value])).toEqual([
        ['P_IN', Number.NaN],
        ['F_IN', 12],
      ]);
    },
  );

  test.each([
    ['nothing but quotes', '"\\"'.repeat(500_000)],
    ['quotes, cut off after a backslash', `"${'\\"'.repeat(500_000)}\\`],
  ])('with %s is refused in no time', (_what, text) => {
    const bytes = new TextEncoder().encode(text);
    const begun = performance.now();
    expect(() => readPayload(aSource({}), { station: 'S' }, bytes, ARRIVED, () => {})).toThrow();
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('without its time is told', () => {
    expect(() => read(aSource({ time: { path: '$.t' } }), { p: 1 })).toThrow('the time undefined cannot be');
  });

  test('whatever it is gives values or an Error, never anything else', () => {
    const sources = [
      aSource({ each: '$..*', time: { path: '$.t', format: 'iso' } }),
      aSource({ time: { path: '$.t', format: 's' } }),
      aSource(points({ point: 'LO/P_OUT', path: '$..p' }, { point: 'F_IN', path: '$[?@.f > 1].f' })),
    ];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => new TextEncoder().encode(text)),
      fc
        .dictionary(fc.constantFrom('p', 't', 'f', '__proto__', 'constructor'), fc.jsonValue())
        .map((value) => new TextEncoder().encode(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...sources), (payload, source) => {
        try {
          for (const { value, time } of readPayload(source, { station: 'S' }, payload, ARRIVED, () => {})) {
            expect(typeof value).toBe('number');
            expect(Number.isFinite(time)).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['nested a hundred thousand deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['of five megabytes', JSON.stringify({ p: 'x'.repeat(5e6) })],
    ['of too many records', JSON.stringify(new Array(20_000).fill(0))],
  ])('%s is told', (_what, text) => {
    const source = aSource({ each: '$..*' });
    const bytes = new TextEncoder().encode(text);
    expect(() => readPayload(source, { station: 'S' }, bytes, ARRIVED, () => {})).toThrow(Error);
  });
});

describe('a mapping file', () => {
  test('may be YAML', () => {
    const [source] = parseMapping(
      'gateways.yaml',
      `
# the east of the city
sources:
  - topic: east/{room}/telemetry
    station: SM-{room}
    points:
      - { point: LO/P_OUT, path: $.p, unit: kPa }
`,
    );
    expect(source!.topic.filter).toBe('east/+/telemetry');
    expect(read(source!, { p: 450 }, { room: '0001' })[0]!.value).toBeCloseTo(0.45, 12);
  });

  test.each([
    [
      'sources:\n  - topic: a/{station}\n    points: [{ point: LO/P_OUT, pth: $.p }]',
      3,
      'did you mean "path"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    ponts: []\n    points: [{point: F_IN, path: $}]',
      3,
      'did you mean "points"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points:\n      - { point: LO/P_UOT, path: $.p }',
      4,
      'did you mean "LO/P_OUT"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points:\n      - point: F_IN\n        path: f',
      5,
      'did you mean "$.f"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points:\n      - point: F_IN\n        path: $.f[\n',
      5,
      'is no JSON path',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points:\n      - point: F_IN\n        path: $.f\n        unit: L/S',
      6,
      '"L/S" cannot be brought to m³/h; did you mean "L/s"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points:\n      - point: F_IN\n        path: $.f\n        unit: bar',
      6,
      '"bar" cannot be brought to m³/h; it may be m³/h, ',
    ],
    [
      'sources:\n  - topic: a/{statoin}\n    points: [{ point: F_IN, path: $ }]',
      2,
      '{station} is no place of the topic; did you mean "statoin"?',
    ],
    [
      'sources:\n  - topic: a/{station}\n    points: [{ point: "LO/{pmp}/HZ", path: $ }]',
      3,
      '{pmp} is no place of the topic',
    ],
    [
      'sources:\n  - topic: a/{station}/{station}\n    points: [{ point: F_IN, path: $ }]',
      2,
      'names a place twice',
    ],
    [
      'sources:\n  - topic: a/b+/{station}\n    points: [{ point: F_IN, path: $ }]',
      2,
      'has + or # beside other characters',
    ],
    [
      'sources:\n  - topic: a/{Station}\n    points: [{ point: F_IN, path: $ }]',
      2,
      'has a brace that makes no place',
    ],
    [
      'sources:\n  - topic: a/{station}\n    time: { path: $.t, format: seconds }\n    points: [{ point: F_IN, path: $ }]',
      3,
      'sources[0].time.format: ',
    ],
    ['sources: []', 1, 'sources: '],
    ['', 1, ''],
    ['sources: [\n', 2, ''],
  ])('%j is refused with its line', (text, line, what) => {
    let message = '';
    try {
      parseMapping('gateways.yaml', text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('\n')[0]).toMatch(new RegExp(`^gateways\\.yaml:${line}: `));
    expect(message).toContain(what);
  });

  test('of the documentation is one', () => {
    const [, example] = /```yaml\n(.*?)```/s.exec(readFileSync('docs/json-mapping.md', 'utf8'))!;
    const [east, drive] = parseMapping('json-mapping.md', example!);
    const values = read(
      east!,
      { t: '2026-06-01 08:00:00', q: 'good', pressure: { out: 5 }, p1: 'running' },
      { room: '7' },
    );
    expect(values).toEqual([
      { point: 'LO/P_OUT', value: 0.5, time: ARRIVED },
      { point: 'LO/P1/RUN', value: 1, time: ARRIVED },
    ]);
    expect(read(drive!, { samples: [{ ts: 1, hz: 40 }] }, { room: '7', pump: 'P2' })).toEqual([
      { point: 'LO/P2/HZ', value: 40, time: 1000 },
    ]);
  });

  test('that is wrong in several places says so at once', () => {
    const text = aMapping(points({ point: 'X', path: 'p' }, { point: 'F_IN', path: '$', unit: 'furlong' }));
    expect(() => parseMapping('m', text)).toThrow(/X.*\n.*furlong|p.*\n.*\n.*furlong/);
  });

  test('that is not there is told', () => {
    expect(() => readMapping('/no/such/file.yaml')).toThrow(
      'JSON_MAPPING is "/no/such/file.yaml": the file cannot be read',
    );
  });
});
