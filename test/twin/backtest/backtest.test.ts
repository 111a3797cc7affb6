import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mappingIssues, mappingSchema } from '#twin/backtest/mapping.ts';
import { readingsOf } from '#twin/backtest/readings.ts';
import { replayAlarms } from '#twin/backtest/replay.ts';
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

describe('an export', () => {
  it('is read in its own units, its own time zone and its own order', () => {
    const rows = [
      { 时间: '2026/06/01 08:00:02', 出水压力: '480', 市电: '' },
      { 时间: '2026-06-01 08:00:00', 出水压力: '500', 市电: '1' },
    ];
    expect(readingsOf(rows, wide()).readings).toEqual([
      { time: Date.UTC(2026, 5, 1), station: 'SM-0001', point: 'LO/P_OUT', value: 0.5 },
      { time: Date.UTC(2026, 5, 1), station: 'SM-0001', point: 'MAINS_OK', value: 1 },
      { time: Date.UTC(2026, 5, 1, 0, 0, 2), station: 'SM-0001', point: 'LO/P_OUT', value: 0.48 },
    ]);
  });

  it('counts what cannot be read', () => {
    const long = wide({
      time: { column: 't', format: 'epoch-s' },
      layout: 'long',
      station: { column: 's' },
      point: { column: 'p', value: 'v' },
    });
    const rows = [
      { t: '1780272000', s: 'SM-0001', p: '市电', v: '1' },
      { t: 'yesterday', s: 'SM-0001', p: '市电', v: '1' },
      { t: '1780272000', s: 'SM-0002', p: '市电', v: '1' },
      { t: '1780272000', s: 'SM-0001', p: '湿度', v: '1' },
      { t: '1780272000', s: 'SM-0001', p: '市电', v: 'on' },
    ];
    const { readings, rejected } = readingsOf(rows, long);
    expect(readings).toHaveLength(1);
    expect(rejected).toEqual({ time: 1, station: 1, point: 1, number: 1 });
  });

  it('is refused when its mapping names what does not exist', () => {
    const mapping = wide({
      points: { x: { point: 'LO/P_OUTT' } },
      stations: { 'SM-0001': 'tank:LO3', B: 'shed' },
    });
    expect(mappingIssues(mapping)).toEqual([
      'stations: B: not a template id: "shed"',
      'points: x: no station has the point "LO/P_OUTT": did you mean LO/P_OUT?',
    ]);
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
      2000,
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

  it('says what is wrong with a file and ends with 1', () => {
    writeFileSync(join(folder, 'bad.yaml'), 'time: { column: t }\nlayout: tall\n');
    const { status, stderr } = run(join(folder, 'room.csv'), '--mapping', join(folder, 'bad.yaml'));
    expect(status).toBe(1);
    expect(stderr).toContain('bad.yaml');
    expect(stderr).toContain('layout');
  });
});
