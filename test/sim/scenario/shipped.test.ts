import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DemoCity } from '#gis/city/model.ts';
import { checkRuleNames } from '#sim/scenario/alarmNames.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { checkNames } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { modelOf, reportOf, startRun, stepRun } from '#sim/scenario/run.ts';
import { scenarioJsonSchema } from '#sim/scenario/schema.ts';
import { demoCity } from '#test/gis/city/demoCity.ts';
import { loadRules } from '#twin/rules/load.ts';

const folder = new URL('../../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const textOf = (file: string) => readFileSync(new URL(file, folder), 'utf8');
const ruleFolder = new URL('../../../rules/', import.meta.url);
const rules = loadRules(
  readdirSync(ruleFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file, yaml: readFileSync(new URL(file, ruleFolder), 'utf8') })),
);
let city: DemoCity;

beforeAll(() => {
  city = demoCity();
});

it('ships at least sixteen scenarios', () => {
  expect(files.length).toBeGreaterThanOrEqual(16);
});

it('publishes the schema that it reads by (npm run simulate -- --schema > scenarios/schema.json)', () => {
  expect(JSON.parse(textOf('schema.json'))).toEqual(scenarioJsonSchema());
});

describe('each scenario of the product', () => {
  it.each(files)('%s is read, and names what is in the demo city', (file) => {
    const { scenario, issues, lineOf } = readScenario(textOf(file));
    expect(formatIssues(file, issues)).toBe('');
    const names = {
      stations: city.stations,
      nodes: new Set(city.network.nodes.map(({ id }) => id)),
      works: city.works.map(({ id }) => id),
    };
    const wrong = [...checkNames(scenario!, names, lineOf), ...checkRuleNames(scenario!, rules, lineOf)];
    expect(formatIssues(file, wrong)).toBe('');
  });

  it.each(['pump-trip.yaml', 'pressure-loop-hunting.yaml'])(
    '%s comes out as it expects',
    (file) => {
      const scenario = readScenario(textOf(file)).scenario!;
      const run = startRun(modelOf(city, scenario), scenario, { rules });
      while (stepRun(run));
      const { verdicts, passed } = reportOf(run);
      expect(verdicts.filter(({ met }) => !met)).toEqual([]);
      expect(passed).toBe(true);
    },
    300_000,
  );
});
