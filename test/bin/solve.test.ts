import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInp } from '#gis/io/inp/read.ts';
import { unitFactors } from '#gis/network/units.ts';
import { smallTown } from '../gis/inp/small-town.ts';
import { askEpanet } from '../sim/hydraulics/oracle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is printed of a file that cannot be solved. */
interface Refusal {
  error: string;
  errors: { line: number; cause: string }[];
  count: number;
}

describe('npm run solve', () => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shuijing-solve-'));
    file = join(folder, 'town.inp');
    writeFileSync(file, smallTown);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const solve = (...args: string[]) =>
    spawnSync(process.execPath, ['bin/run.mjs', 'solve', ...args], { cwd: ROOT, encoding: 'utf8' });

  it('prints every reporting step in the units of the file, as EPANET has it', async () => {
    const { status, stdout } = solve(file, '--json', '--accuracy', '1e-6', '--until', '7200');
    expect(status).toBe(0);
    const { network } = readInp(smallTown);
    const answer = JSON.parse(stdout) as {
      units: Record<string, string>;
      warnings: string[];
      steps: {
        t: number;
        iterations: number;
        converged: boolean;
        heads: Record<string, number>;
        pressures: Record<string, number>;
        flows: Record<string, number>;
        status: Record<string, string>;
        cutOff: string[];
      }[];
    };
    expect(Object.keys(answer).sort()).toEqual(['steps', 'units', 'warnings']);
    expect(answer.warnings).toContain('option Quality Chlorine is kept but water quality is not simulated');
    expect(answer.steps.at(-1)!.t).toBe(7200);
    const f = unitFactors('GPM');
    const theirs = new Map(
      (await askEpanet({ ...network, options: { ...network.options, accuracy: 1e-6 } })).map((step) => [
        step.t,
        step,
      ]),
    );
    const elevation = new Map(
      network.nodes.map((node) => [node.id, 'elevation' in node ? node.elevation / f.length : 0]),
    );
    for (const step of answer.steps) {
      expect(Object.keys(step).sort()).toEqual(
        ['converged', 'cutOff', 'flows', 'heads', 'iterations', 'pressures', 'status', 't'].sort(),
      );
      expect(step.converged).toBe(true);
      expect(Object.keys(step.heads).sort()).toEqual(network.nodes.map(({ id }) => id).sort());
      expect(Object.keys(step.status).sort()).toEqual(network.links.map(({ id }) => id).sort());
      const reference = theirs.get(step.t)!;
      for (const [id, head] of Object.entries(step.heads)) {
        if (step.cutOff.includes(id)) continue;
        expect(Math.abs(head - reference.heads.get(id)! / f.length), `head of ${id}, ft`).toBeLessThan(0.01);
        if (id.startsWith('J'))
          expect(
            Math.abs(step.pressures[id]! - 0.4333 * (head - elevation.get(id)!)),
            `psi at ${id}`,
          ).toBeLessThan(0.05);
      }
      for (const [id, flow] of Object.entries(step.flows))
        expect(Math.abs(flow - reference.flows.get(id)! / f.flow), `flow of ${id}, gpm`).toBeLessThan(0.1);
    }
  });

  it.each([
    ['--accuracy', 'abc', /'--accuracy <share>' argument 'abc' is invalid\. Not a number from 1e-9 to 0\.1/],
    ['--accuracy', '0', /argument '0' is invalid/],
    ['--until', '-5', /'--until <seconds>' argument '-5' is invalid\. Not a number of seconds/],
    ['--until', '', /argument '' is invalid/],
  ])('refuses %s %s in a sentence', (option, value, said) => {
    const { status, stdout, stderr } = solve(file, option, value);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/ at /);
  });

  it('says what each pump has used', () => {
    const { status, stdout } = solve(file, '--until', '7200');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^pump \S+: [\d.]+ kWh, cost [\d.]+, on line \d+ %, efficiency \d+ %, at most [\d.]+ kW$/m,
    );
  });

  it('names line and cause of everything that is wrong, and ends with 1', () => {
    writeFileSync(
      join(folder, 'bad.inp'),
      smallTown.replace('J1 J2  1000', 'J1 J9  1000').replace('12 130', '12 rough'),
    );
    const { status, stdout, stderr } = solve(join(folder, 'bad.inp'), '--json');
    expect(status).toBe(1);
    expect(stderr).toMatch(/line \d+: .*rough/);
    const answer = JSON.parse(stdout) as Refusal;
    expect(Object.keys(answer)).toEqual(['error', 'errors', 'count']);
    expect(answer).toMatchObject({
      error: stderr.trim(),
      errors: [
        { line: 18, cause: 'pipe P1: the roughness "rough" is not a number' },
        { line: 18, cause: 'pipe P1: there is no node J9' },
      ],
      count: 2,
    });
    const missing = solve(join(folder, 'none.inp'));
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/none\.inp/);
    expect(missing.stdout).toBe('');
  });

  it('keeps what it printed readable when the run comes to something that cannot be solved', () => {
    const wild = join(folder, 'wild.inp');
    writeFileSync(wild, smallTown.replace('ELSE PUMP U2 STATUS = CLOSED', 'ELSE PUMP U2 SETTING = 1e9'));
    const { status, stdout, stderr } = solve(wild, '--json');
    expect(status).toBe(1);
    const { steps, error } = JSON.parse(stdout) as { steps: unknown[]; error: string };
    expect(steps).toHaveLength(1);
    expect(error).toMatch(/^at \d+ s: pump U2: speed 1000000000$/);
    expect(stderr.trim()).toBe(error);
  });

  it('tells all mistakes as JSON, and in words twenty and where the others are', () => {
    const many = join(folder, 'many.inp');
    const streets = Array.from({ length: 300 }, (_, i) => ` S${i} J1 J2 100 12 rough`);
    writeFileSync(many, smallTown.replace('[PUMPS]', `${streets.join('\n')}\n[PUMPS]`));
    const json = solve(many, '--json');
    expect(json.status).toBe(1);
    const { errors, count } = JSON.parse(json.stdout) as Refusal;
    expect(count).toBe(300);
    expect(errors).toHaveLength(300);
    expect(errors[299]).toEqual({ line: 323, cause: 'pipe S299: the roughness "rough" is not a number' });
    const { stderr, stdout } = solve(many);
    expect(stdout).toBe('');
    expect(stderr.match(/^line \d+: /gm)).toHaveLength(20);
    expect(stderr).toContain('and 280 more\nall of them as JSON: npm run -s solve -- ');
  });
});
