import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AreaOf } from '#twin/alarm/area.ts';
import { columnFaults } from '#twin/backtest/columns.ts';
import { areasOf, mappingJsonSchema, mappingSchema } from '#twin/backtest/mapping.ts';
import { type Recording, readingsOf } from '#twin/backtest/readings.ts';
import { readMapping } from '#twin/backtest/readMapping.ts';
import { replayAlarms } from '#twin/backtest/replay.ts';
import { timestampOf } from '#twin/backtest/timestamp.ts';
import { recordingIn } from '../../../bin/backtest/recording.ts';
import { aRule, rulesOf } from '../alarm/timeline.ts';

const YEAR = 365 * 86_400_000;

const wide = (given: object = {}) =>
  mappingSchema.parse({
    time: { column: '时间' },
    layout: 'wide',
    station: { is: 'SM-0001' },
    stations: { 'SM-0001': 'tank:LO3' },
    points: { 出水压力: { point: 'LO/P_OUT', factor: 0.001 }, 市电: { point: 'MAINS_OK' } },
    ...given,
  });

const table = (columns: string[], ...rows: string[][]): Recording => ({
  columns,
  rows: rows.map((cells, i) => ({ line: i + 2, cells })),
});

describe('an export', () => {
  it('is read in its own units, its own time zone and its own order', () => {
    const rows = table(
      ['时间', '出水压力', '市电'],
      ['2026/6/1 8:00:02', '480', ''],
      ['2026-06-01 08:00:00', '500', '1'],
    );
    expect(readingsOf(rows, wide()).readings).toEqual([
      { time: Date.UTC(2026, 5, 1), station: 'SM-0001', point: 'LO/P_OUT', value: 0.5 },
      { time: Date.UTC(2026, 5, 1), station: 'SM-0001', point: 'MAINS_OK', value: 1 },
      { time: Date.UTC(2026, 5, 1, 0, 0, 2), station: 'SM-0001', point: 'LO/P_OUT', value: 0.48 },
    ]);
  });

  it('counts what cannot be read, and says where and what the first was', () => {
    const long = wide({
      time: { column: 't', format: 'epoch-s' },
      layout: 'long',
      station: { column: 's' },
      stations: { 'SM-0001': 'tank:LO3', 'SM-0009': 'tank:LO3' },
      point: { column: 'p', value: 'v' },
    });
    const rows = table(
      ['t', 's', 'p', 'v'],
      ['1780272000', 'SM-0001', '市电', '1'],
      ['yesterday', 'SM-0001', '市电', '1'],
      ['1780272000', 'SM-0002', '市电', '1'],
      ['1780272000', 'SM-0001', '湿度', '1'],
      ['1780272000', 'SM-0001', '市电', 'maybe'],
      ['1780272000', 'SM-0003', '市电', '1'],
      ['1780272000', 'SM-0001', '市电'],
      ['1780272000', 'SM-0001', '市电', '1', ''],
    );
    const { readings, rejected, unseen } = readingsOf(rows, long);
    expect(readings).toHaveLength(2);
    expect(rejected).toEqual({
      time: { count: 1, line: 3, said: 'yesterday' },
      station: { count: 2, line: 4, said: 'SM-0002' },
      point: { count: 1, line: 5, said: '湿度' },
      number: { count: 1, line: 6, said: 'maybe' },
      row: { count: 1, line: 8, said: '3 cells under 4 columns' },
    });
    expect(unseen).toEqual({ stations: ['SM-0009'], points: ['出水压力'] });
  });

  it.each([
    ['2026/11/18 8:00:00', Date.UTC(2026, 10, 18)],
    ['2026-1-8', Date.UTC(2026, 0, 7, 16)],
    ['2026年11月18日 8:05', Date.UTC(2026, 10, 18, 0, 5)],
    ['2026-11-18T08:00:00.25Z', Date.UTC(2026, 10, 18, 8, 0, 0, 250)],
    ['2026-11-18 08:00:00+0900', Date.UTC(2026, 10, 17, 23)],
    ['2026-02-30 08:00', null],
    ['2026-11-18 24:00', null],
    ['18/11/2026 08:00', null],
    ['', null],
  ])('takes the time %j', (text, time) => {
    expect(timestampOf(text, '+08:00')).toBe(time);
  });

  it('has words where something is on or off, and those that its mapping explains', () => {
    const words = wide({
      points: {
        a: { point: 'LO/P1/RUN' },
        b: { point: 'MAINS_OK', values: { 正常: 1, 失电: 0 } },
        c: { point: 'LO/P_OUT', factor: 0.001, values: { 断线: -1 } },
      },
    });
    const said = (...cells: string[]) =>
      readingsOf(table(['时间', 'a', 'b', 'c'], ['2026-06-01 08:00', ...cells]), words).readings.map(
        ({ value }) => value,
      );
    expect(said('运行', '正常', '500')).toEqual([1, 1, 0.5]);
    expect(said('Off', '失电', '断线')).toEqual([0, 0, -1]);
    expect(said('false', 'ON', 'ON')).toEqual([0, 1]);
    expect(said('关', '开', '')).toEqual([0, 1]);
  });

  it.each([',', ';', '\t', '|'])('is separated by %j, in UTF-8, UTF-16 or GBK', (separator) => {
    const wanted = ['时间', 'a,b'];
    const text = (lines: string[][]) => lines.map((cells) => cells.join(separator)).join('\r\n');
    const head = ['时间', '"a,b"', 'c'];
    const bytes = Buffer.from(text([head, ['1', '2', '3'], [], ['4', '5']]));
    const { columns, rows } = recordingIn(bytes, null, wanted);
    expect(columns).toEqual(['时间', 'a,b', 'c']);
    expect([...rows]).toEqual([
      { line: 2, cells: ['1', '2', '3'] },
      { line: 4, cells: ['4', '5'] },
    ]);
    // 时间 in GBK
    const gbk = Buffer.concat([Buffer.from([0xca, 0xb1, 0xbc, 0xe4]), Buffer.from(`${separator}"a,b"\n1`)]);
    expect(recordingIn(gbk, null, wanted).columns).toEqual(wanted);
    const utf16 = Buffer.from(`\uFEFF${text([head])}`, 'utf16le');
    expect(recordingIn(utf16, null, wanted).columns).toEqual(['时间', 'a,b', 'c']);
  });

  it('is refused with all columns that it lacks, and those that may be meant', () => {
    const mapping = wide({ points: { 出水压力: { point: 'LO/P_OUT' }, 市电: { point: 'MAINS_OK' } } });
    expect(columnFaults(mapping, ['时间', '时间', '出水压力(kPa)', '频率'])).toEqual([
      { path: ['time', 'column'], message: 'the recording has 2 columns "时间"' },
      {
        path: ['points', '出水压力'],
        message: 'the recording has no column "出水压力"; did you mean "出水压力(kPa)"?',
      },
      {
        path: ['points', '市电'],
        message: 'the recording has no column "市电"; it has "时间", "时间", "出水压力(kPa)", "频率"',
      },
    ]);
  });
});

describe('a mapping', () => {
  const wrong = (text: string) =>
    readMapping(Buffer.from(text)).issues.map(
      ({ line, path, message }) => `${line} ${path.join('.')}: ${message}`,
    );
  const lines = (given: Partial<Record<'station' | 'stations' | 'points' | 'more', string>> = {}) =>
    [
      'time: { column: t }',
      'layout: wide',
      `station: ${given.station ?? '{ is: A }'}`,
      `stations: ${given.stations ?? '{ A: tank:LO3 }'}`,
      `points: ${given.points ?? '{ p: { point: LO/P_OUT } }'}`,
      given.more ?? '',
    ].join('\n');

  it('is read with where its stations lie', () => {
    const { mapping } = readMapping(
      Buffer.from(lines({ stations: '{ A: { template: tank:LO3, district: 350203 }, B: tank:LO2 }' })),
    );
    expect(areasOf(mapping!)('A')).toMatchObject({ district: '350203', zone: '' });
    expect(areasOf(mapping!)('B')).toMatchObject({ district: '', zone: '' });
  });

  it.each([
    [
      lines({ stations: '{ A: tank:LO33 }' }),
      '4 stations.A: a pump set has at most 9 pumps, not 33: did you mean tank:LO3?',
    ],
    [
      lines({ stations: '{ A: tnak:lo3 }' }),
      '4 stations.A: not a template id: "tnak:lo3": did you mean tank:LO3?; a template is',
    ],
    [lines({ stations: '{ A: shed }' }), '4 stations.A: not a template id: "shed"; a template is kind'],
    [lines({ stations: '{ A: 3 }' }), '4 stations.A: is a template such as tank:LO3, or {'],
    [lines({ station: '{ is: AA }' }), '3 station.is: AA is not among the stations: did you mean A?'],
    [
      lines({ points: '{ p: { point: LO/P_OUTT } }' }),
      '5 points.p.point: no station has the point "LO/P_OUTT": did you mean LO/P_OUT?',
    ],
    [
      lines({ points: '{ p: { point: LO/P_OUT, facto: 2 } }' }),
      '5 points.p.facto: is not known; did you mean "factor"?',
    ],
    [lines({ more: 'layuot: long' }), '6 layuot: is not known; did you mean "layout"?'],
    [lines({ more: 'interval: often' }), '6 interval: a time such as "2 s" or "1 min"'],
    [lines().replace('wide', 'long'), '2 layout: long needs "point"'],
    [lines().replace('}', ''), '2 : '],
    ['', '1 : the file is empty'],
  ])('%j is refused with its line', (text, message) => {
    expect(wrong(text).join('\n')).toContain(message);
  });

  it('has the schema that is published (npm run -s backtest -- --schema > docs/backtest.schema.json)', () => {
    const published = JSON.parse(readFileSync('docs/backtest.schema.json', 'utf8'));
    expect(published).toEqual(JSON.parse(JSON.stringify(mappingJsonSchema())));
  });
});

describe('a recording', () => {
  it('with a row of a wrong year is judged like any other, and the years between cost nothing', () => {
    const rules = rulesOf(
      aRule({ id: 'POWER', when: 'not MAINS_OK', for: '4 s' }),
      aRule({ id: 'SILENT', when: 'silence() > 60 s', for: '30 s', escalate: { after: '2 h', to: 1 } }),
    );
    const at = (time: number, value: number) => ({ time, station: 'SM-0001', point: 'MAINS_OK', value });
    const begin = Date.UTC(2026, 5, 1);
    const log = replayAlarms(
      rules,
      { 'SM-0001': 'tank:LO3' },
      [
        at(2000, 1),
        ...[0, 1, 0, 0, 0].map((value, i) => at(begin + 2000 * i, value)),
        at(begin + 70 * YEAR, 1),
      ],
      { interval: 2000 },
    );
    expect(log.map(({ kind, rule }) => `${kind} ${rule}`)).toEqual([
      'raised SILENT',
      'escalated SILENT',
      'cleared SILENT',
      'raised POWER',
      'raised SILENT',
      'escalated SILENT',
      'cleared POWER',
      'cleared SILENT',
    ]);
    expect(log.find(({ rule }) => rule === 'POWER')!.time).toBe(begin + 8000);
  });
});

describe('stations of a recording', () => {
  const rules = rulesOf(aRule({ id: 'POWER', when: 'not MAINS_OK', for: '4 s' }), {
    ...aRule({ id: 'AREA' }),
    when: undefined,
    gather: { rule: 'POWER', in: 'district', count: 3, within: '1 min' },
    for: '2 s',
  } as ReturnType<typeof aRule>);
  const codes = ['A', 'B', 'C', 'D'];
  const stations = Object.fromEntries(codes.map((code) => [code, 'tank:LO3']));
  const readings = [0, 2000, 4000, 6000, 8000, 10_000, 12_000].flatMap((time) =>
    codes.map((station) => ({ time, station, point: 'MAINS_OK', value: 0 })),
  );
  const told = (areaOf?: AreaOf) =>
    replayAlarms(rules, stations, readings, { interval: 2000, ...(areaOf && { areaOf }) })
      .filter(({ annunciates }) => annunciates)
      .map(({ rule, station }) => `${rule} ${station}`)
      .sort();

  it('that lie nobody knows where are told each for itself', () => {
    expect(told()).toEqual(codes.map((code) => `POWER ${code}`));
  });

  it('of one district are told as one', () => {
    expect(told((code) => ({ district: code === 'D' ? 'south' : 'north', zone: '' }))).toEqual([
      'AREA district:north',
      'POWER D',
    ]);
  });
});

describe('npm run backtest', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shuijing-backtest-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'bin/backtest.ts', ...args], { encoding: 'utf8' });

  it('finds a power cut in a recording, and nothing else', () => {
    const lines = ['时间,出水压力,设定,市电'];
    for (let second = 0; second < 600; second += 2) {
      const out = second >= 200 && second < 400;
      const pressure = out ? Math.max(0, 500 - 5 * (second - 200)) : 500 + (second % 7);
      lines.push(
        `${new Date(Date.UTC(2026, 5, 1) + 1000 * second).toISOString()},${pressure},500,${out ? 0 : 1}`,
      );
    }
    writeFileSync(join(folder, 'room.csv'), `\uFEFF${lines.join('\n')}\n`);
    writeFileSync(
      join(folder, 'mapping.yaml'),
      `time: { column: 时间 }
layout: wide
station: { is: SM-0001 }
stations: { SM-0001: tank:LO3 }
points:
  出水压力: { point: LO/P_OUT, factor: 0.001 }
  设定: { point: LO/P_SET, factor: 0.001 }
  市电: { point: MAINS_OK }
`,
    );
    const args = [join(folder, 'room.csv'), '--mapping', join(folder, 'mapping.yaml'), '--json'];
    const out = execFileSync(process.execPath, ['--import', 'tsx', 'bin/backtest.ts', ...args], {
      encoding: 'utf8',
    });
    const { annunciations, log, hash } = JSON.parse(out);
    expect(annunciations).toBe(1);
    expect(log[0]).toMatchObject({
      kind: 'raised',
      rule: 'F23-POWER-LOSS',
      time: '2026-06-01T00:03:24.000Z',
    });
    expect(log.map(({ kind }: { kind: string }) => kind)).toContain('suppressed');
    expect(JSON.parse(run(...args).stdout).hash).toBe(hash);
  });

  it('reads the example of its documentation', () => {
    const { stdout, stderr } = run(
      'docs/backtest.example.csv',
      '--mapping',
      'docs/backtest.example.yaml',
      '--json',
    );
    expect(stderr).toBe('');
    const { annunciations, rejected, log } = JSON.parse(stdout);
    expect(rejected).toEqual({ row: 0, time: 0, station: 0, point: 0, number: 0 });
    expect([annunciations, log[0].rule, log[0].station]).toEqual([2, 'F23-POWER-LOSS', 'A01']);
  });

  it('says what is wrong with a file, and where, and ends with 1', () => {
    const good = join(folder, 'good.yaml');
    writeFileSync(
      good,
      `time: { column: t }
layout: wide
station: { is: A }
stations: { A: tank:LO3 }
points:
  市电: { point: MAINS_OK }
`,
    );
    writeFileSync(join(folder, 'bad.yaml'), 'time: { column: t\nlayout: tall\n');
    writeFileSync(join(folder, 'other.csv'), 't;市 电\n2026-06-01 08:00;1\n');
    const bad = run(join(folder, 'other.csv'), '--mapping', join(folder, 'bad.yaml'));
    expect(bad.status).toBe(1);
    expect(bad.stderr).toMatch(/bad\.yaml:\d+: /);
    const other = run(join(folder, 'other.csv'), '--mapping', good);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain(
      'good.yaml:6: points.市电: the recording has no column "市电"; did you mean "市 电"?',
    );
    expect(other.stderr).toContain('other.csv');
    writeFileSync(join(folder, 'book.csv'), Buffer.from('PK\0\0'));
    const book = run(join(folder, 'book.csv'), '--mapping', good);
    expect(book.stderr).toContain('book.csv: the file is binary, not text; save a workbook as CSV first');
  });
});
