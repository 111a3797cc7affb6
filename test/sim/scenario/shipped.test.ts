import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DemoCity } from '#gis/city/model.ts';
import { SCENARIOS, scenarioEntryOf, scenariosIn } from '#server/runs/library.ts';
import { type Prepared, prepareScenario } from '#server/runs/prepare.ts';
import { isMeant, parseAlarmExpectation } from '#sim/scenario/alarmStatement.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { proposedFor, secondsFor } from '#sim/scenario/proposal.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { modelOf, reportOf, startRun, stepRun } from '#sim/scenario/run.ts';
import { scenarioJsonSchema } from '#sim/scenario/schema.ts';
import { expectedOf } from '#sim/scenario/sentences.ts';
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

const prepared = (file: string) =>
  prepareScenario({ source: textOf(file), folder: fileURLToPath(folder) }, () => city, rules);

/** Faults that a scenario injects: what it says is raised while something happens. */
function faultsIn(file: string): string[] {
  const { events, expect: expected } = readScenario(textOf(file)).scenario!;
  if (events.length === 0) return [];
  return expectedOf(expected).flatMap(({ that }) => {
    const alarm = parseAlarmExpectation(that);
    return alarm?.kind === 'raised' ? alarm.rule.split('-')[0]! : [];
  });
}

it('ships at least sixteen scenarios', () => {
  expect(files.length).toBeGreaterThanOrEqual(16);
});

it('has one for every fault of the knowledge base', () => {
  const injected = new Set(files.flatMap(faultsIn));
  const known = Array.from({ length: 45 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`);
  expect(known.filter((id) => !injected.has(id))).toEqual([]);
});

it.each(files.filter((file) => /^F\d/.test(file)))('%s raises the fault that it is named after', (file) => {
  expect(faultsIn(file)).toContain(file.split('-')[0]);
});

it('has a rule tried unasked over every short one of a single fault, within two minutes', () => {
  const entries = [...scenariosIn(SCENARIOS).scenarios].map(([id, { scenario }]) =>
    scenarioEntryOf(id, scenario, city.stations),
  );
  const proposed = proposedFor('ANY-RULE', entries);
  expect(proposed.filter(({ id }) => /^F\d/.test(id)).length).toBeGreaterThanOrEqual(30);
  expect(secondsFor(proposed)).toBeLessThan(120);
});

it('publishes the schema that it reads by (npm run simulate -- --schema > scenarios/schema.json)', () => {
  expect(JSON.parse(textOf('schema.json'))).toEqual(scenarioJsonSchema());
});

describe('each scenario of the product', () => {
  it.each(files)('%s is read, and names what is in its city', (file) => {
    const found = prepared(file);
    expect(formatIssues(file, 'issues' in found ? found.issues : [])).toBe('');
  });

  function live(file: string, under = rules) {
    const { scenario, drawing } = prepared(file) as Prepared;
    const run = startRun(modelOf(drawing, scenario), scenario, { rules: under });
    while (stepRun(run));
    return reportOf(run);
  }

  it.each(['pump-trip.yaml', 'pressure-loop-hunting.yaml', 'F44-valve-not-where-sent.yaml'])(
    '%s comes out as it expects',
    (file) => {
      const { verdicts, passed } = live(file);
      expect(verdicts.filter(({ met }) => !met)).toEqual([]);
      expect(passed).toBe(true);
    },
    300_000,
  );

  it('fails when the rule of its fault is taken away', () => {
    const others = rules.filter(({ text }) => !isMeant('F37', text.id));
    expect(live('F37-room-flooded.yaml').passed).toBe(true);
    expect(live('F37-room-flooded.yaml', others).verdicts).toMatchObject([
      { that: 'raised F37 at SM-0008 within 20 s', met: false },
      { that: 'nothing else above priority 3', met: true },
      { that: 'at most 1 annunciation in any 10 min', met: true },
    ]);
  }, 120_000);
});
