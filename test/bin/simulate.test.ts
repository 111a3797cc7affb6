import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeInp } from '#gis/io/inp/write.ts';
import type { RunReport } from '#sim/scenario/run.ts';
import { town } from '#test/sim/city/town.ts';
import { reportNames } from '../../bin/simulate/reports.ts';

/** The command as people run it, on mains of its own so that no city has to be simulated. */
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
  children = [];
  writeFileSync(join(folder, 'town.inp'), writeInp({ ...town().network, units: 'CMH' }));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function simulate(args: string[], onError?: (text: string, child: ChildProcess) => void): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/simulate.ts', ...args]);
  children.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => {
    out += String(text);
  });
  child.stderr.on('data', (text) => {
    err += String(text);
    onError?.(err, child);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

/** A scenario on the mains of the town alone. */
function write(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  const text = [
    'name: { zh: 管网试验, en: Trial of mains }',
    'teaches: { zh: 只有管网没有泵房时，爆管前后压力怎样变化。, en: What a burst does to mains that have no pump room at all. }',
    'city: none',
    'network: town.inp',
    ...(lines.some((line) => line.startsWith('saved:')) ? [] : ['start: 2026-11-18 06:30']),
    ...lines,
  ];
  writeFileSync(path, text.join('\n'));
  return path;
}

const HOLDS = 'expect: [{ that: PRESSURE of node N3 stays above 0.1 MPa }]';
const reportOf = (name: string) =>
  JSON.parse(readFileSync(join(folder, 'out', `${name}.json`), 'utf8')) as RunReport;

/** Each starts a process with threads of its own. */
const PATIENCE = 240_000;

describe('npm run simulate', { timeout: PATIENCE }, () => {
  it('runs mains of an EPANET file, writes report and page, and tells by its code how it came out', async () => {
    const mains = join(folder, 'town.inp');
    writeFileSync(mains, `[COORDINATES]\n;a drawing's leftover\nGONE 0 0\n${readFileSync(mains, 'utf8')}`);
    const burst = 'events: [{ at: 2min, do: burst, node: N3, flow: 500 }]';
    const good = write('good.yaml', 'length: 5min', 'watch: [PRESSURE of node N3]', HOLDS);
    const bad = write(
      'bad.yaml',
      'length: 5min',
      burst,
      'expect: [{ that: PRESSURE of node N3 stays above 0.3 MPa }]',
    );
    const { code, out, err } = await simulate([good, bad, '--report', join(folder, 'out')]);
    expect(err).toContain('100 %');
    expect(code).toBe(1);
    expect(out).toMatch(/✓ Trial of mains: 5 min in /);
    expect(out).toMatch(/✗ PRESSURE of node N3 stays above 0\.3 MPa: [\d.]+ \(N3, /);
    expect(reportOf('good')).toMatchObject({ passed: true, rooms: 0 });
    expect(reportOf('bad').passed).toBe(false);
    expect(reportOf('bad').log).toEqual([{ at: 120, text: 'burst node N3 flow 500' }]);
    const page = readFileSync(join(folder, 'out', 'good.html'), 'utf8');
    expect(page).toContain('只有管网没有泵房时');
    expect(page).toContain('What a burst does to mains');
    expect(page).toContain('<svg');
    // it needs nothing else
    expect(page).not.toMatch(/<script|<link|src=/);
    const left = 'town.inp: [COORDINATES] is kept where it places nothing: "GONE 0 0" (line 3)';
    expect(out).toContain(`  warning: ${left}`);
    expect(reportOf('good').warnings).toEqual([left]);
    expect(page).toContain('GONE 0 0');
  });

  it('reports as far as it came when it is interrupted, with 130', async () => {
    const long = write('long.yaml', 'length: 90d', HOLDS);
    const { code, out } = await simulate([long, '--report', join(folder, 'out'), '--json'], (err, child) => {
      if (err.includes('%')) child.kill('SIGINT');
    });
    expect(code).toBe(130);
    const [report] = JSON.parse(out) as RunReport[];
    expect(report!.length).toBeGreaterThan(0);
    expect(report!.length).toBeLessThan(90 * 86_400);
    expect(report!.passed).toBe(false);
    expect(existsSync(join(folder, 'out', 'long.html'))).toBe(true);
  });

  it('goes on from a saved state, with what was in force in it', async () => {
    const state = join(folder, 'burst.state');
    const first = write(
      'first.yaml',
      'length: 10min',
      'events: [{ at: 5min, do: burst, node: N3, flow: 60 }]',
      HOLDS,
    );
    expect((await simulate([first, '--save', state])).code).toBe(0);
    const second = write('second.yaml', 'saved: burst.state', 'length: 5min', HOLDS);
    expect((await simulate([second, '--report', join(folder, 'out')])).code).toBe(0);
    const report = reportOf('second');
    expect(report.start).toBe(Date.UTC(2026, 10, 17, 22, 40));
    expect(report.ledger.leaked).toBeGreaterThan(3);
  });

  it('says which file is wrong, and what is wrong with it, with 2, and runs none of them', async () => {
    const well = write('well.yaml', 'length: 5min', HOLDS);
    const lost = write('lost.yaml', 'length: 5min', HOLDS).replace(/.*/, (path) => {
      writeFileSync(path, readFileSync(path, 'utf8').replace('town.inp', 'nowhere.inp'));
      return path;
    });
    const node = write(
      'node.yaml',
      'length: 5min',
      'expect: [{ that: PRESSURE of node N7 stays above 0.1 MPa }]',
    );
    const none = write('none.yaml', 'saved: town.inp', 'length: 5min', HOLDS);
    const gbk = write('gbk.yaml', 'length: 0 s', HOLDS);
    // 管网 in GBK
    const bytes = readFileSync(gbk, 'latin1').replace(/zh: .*?([,}])/g, 'zh: \xb9\xdc\xcd\xf8$1');
    writeFileSync(gbk, bytes, 'latin1');
    const nowhere = join(folder, 'nothere.yaml');
    const files = [well, nowhere, lost, node, none, gbk];
    const { code, err } = await simulate([...files, '--report', join(folder, 'out')]);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(err).not.toContain('well.yaml');
    expect(err).toContain(`${nowhere}: it cannot be read: ENOENT`);
    expect(err).toMatch(/gbk\.yaml:\d+: length: is no time at all/);
    expect(err).toMatch(/lost\.yaml:4: network: nowhere\.inp: ENOENT/);
    expect(err).toMatch(/node\.yaml:\d+: expect\.0\.that: there is no node N7; near it: N1/);
    expect(err).toContain('town.inp: this is no saved state of a city');
  });

  it('says what is wrong with form and times before it builds a city to look up names in', async () => {
    const none = write('none.yaml', 'length: 0 s', HOLDS);
    writeFileSync(none, readFileSync(none, 'utf8').replace(/city: none\nnetwork: town.inp\n/, ''));
    const said: string[] = [];
    const { code, err } = await simulate([none], (text) => said.push(text));
    expect(code).toBe(2);
    expect(said[0]).toMatch(/none\.yaml:\d+: length: is no time at all/);
    // the demo city, built after it, has no such node
    expect(said[0]).not.toContain('N3');
    expect(err).toContain('there is no node N3');
    expect(err.match(/is no time at all/g)).toHaveLength(1);
  });
});

describe('names of reports', { timeout: PATIENCE }, () => {
  it('tell files of one name in two folders apart', () => {
    expect(reportNames(['a/burst.yaml', 'b/burst.yml', 'b/trip.yaml'])).toEqual([
      'a-burst',
      'b-burst',
      'trip',
    ]);
    expect(reportNames(['burst.yaml', './burst.yaml'])).toEqual(['burst', 'burst-2']);
    expect(reportNames(['burst.yaml', 'x/burst.yaml'])).toEqual(['burst', 'x-burst']);
  });

  it('are all written', async () => {
    mkdirSync(join(folder, 'sub'));
    const one = write('same.yaml', 'length: 1min', HOLDS);
    const other = write('sub/same.yaml', 'length: 1min', HOLDS);
    writeFileSync(other, readFileSync(other, 'utf8').replace('town.inp', '../town.inp'));
    await simulate([one, other, '--report', join(folder, 'out')]);
    expect(readdirSync(join(folder, 'out')).filter((file) => file.endsWith('.html'))).toHaveLength(2);
  });
});
