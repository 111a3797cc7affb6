import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeInp } from '#gis/io/inp/write.ts';
import { prepareScenario } from '#server/runs/prepare.ts';
import { town } from '#test/sim/city/town.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SCENARIO = `name: { zh: 管网试验, en: Trial of mains }
teaches: { zh: 只有管网没有泵房时，爆管前后压力怎样变化。, en: What a burst does to mains that have no pump room at all. }
city: none
network: town.inp
start: 2026-11-18 06:30
length: 5min
events: [{ at: 1min, do: burst, node: N33, flow: 20 }]
expect: [{ that: PRESSURE of node N3 stays above 0.1 MPa }]
`;
const MAINS = writeInp({ ...town().network, units: 'CMH' });

/** Prepares the scenario on mains of this text; there is no demo city to fall back on. */
function prepared(mains: string, scenario = SCENARIO) {
  writeFileSync(join(folder, 'town.inp'), mains);
  const noCity = () => {
    throw new Error('the demo city is not asked for');
  };
  return prepareScenario({ source: scenario, folder }, noCity, []);
}

describe('a scenario on the mains of an EPANET file', () => {
  it('is told what of the file is left out', () => {
    const answer = prepared(
      `${MAINS}`.replace('[END]', '[LEAKAGE]\nM1 1 1\n[END]'),
      SCENARIO.replace('N33', 'N3'),
    );
    expect('warnings' in answer && answer.warnings).toEqual([
      'town.inp: [LEAKAGE] is kept but its leaks are not simulated',
      expect.stringMatching(/^town\.inp: \[LEAKAGE\] .*not there: "M1 1 1" \(line \d+\)$/),
    ]);
    const sound = prepared(MAINS, SCENARIO.replace('N33', 'N3'));
    expect('warnings' in sound && sound.warnings).toEqual([]);
  });

  it('is told every mistake of the file, each by its line', () => {
    const streets = Array.from({ length: 30 }, (_, i) => `X${i}\tN1\tN2\t100\t200\trough`);
    const answer = prepared(MAINS.replace('[PUMPS]', `${streets.join('\n')}\n[PUMPS]`));
    const issues = 'issues' in answer ? answer.issues : [];
    expect(issues).toHaveLength(30);
    for (const [i, { line, path, message }] of issues.entries()) {
      expect({ line, path }).toEqual({ line: 4, path: ['network'] });
      expect(message).toMatch(
        new RegExp(`^town\\.inp: line \\d+: pipe X${i}: the roughness "rough" is not a number$`),
      );
    }
  });

  it('is told which nodes are near one that the file does not have', () => {
    expect(prepared(MAINS)).toEqual({
      issues: [{ line: 7, path: ['events', 0, 'node'], message: 'there is no node N33; near it: N3' }],
    });
  });
});
