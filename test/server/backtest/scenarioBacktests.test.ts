import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RuleBook } from '#server/alarms/ruleBook.ts';
import { libraryIn, RULES } from '#server/alarms/ruleFolder.ts';
import { backtestEndpoints } from '#server/api/backtests.ts';
import { Backtests } from '#server/backtest/backtests.ts';
import { Turns } from '#server/backtest/jobs.ts';
import { ScenarioBacktests } from '#server/backtest/scenarioBacktests.ts';
import { Registry } from '#server/registry/registry.ts';
import { SCENARIOS, scenariosIn } from '#server/runs/library.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { until } from '#test/support/until.ts';
import { apiError } from '#twin/wire/api.ts';
import { type ScenarioBacktestJob, scenarioBacktestJob, scenarioEntries } from '#twin/wire/scenarios.ts';

const POWER_LOSS = 'F23-POWER-LOSS';
const PATIENCE_MS = 240_000;

describe('a rule over the scenario library, over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shuijing-scenarios-'));
  const rules = libraryIn(RULES);
  let scenarioBacktests: ScenarioBacktests;
  let api: ApiServer;

  beforeAll(async () => {
    for (const name of ['room-power-cut.yaml', 'works-outage.yaml'])
      copyFileSync(join(SCENARIOS, name), join(folder, name));
    writeFileSync(join(folder, 'elsewhere.yaml'), scenario('SM-00007'));
    writeFileSync(join(folder, 'torn.yaml'), 'name: { zh: 残缺\n');
    const database = fakeDatabase([
      [/FROM station WHERE registered/, stationRows(aStation('SM-0007'), aStation('SM-0008'))],
    ]);
    const registry = await Registry.load(database);
    const book = await RuleBook.open({ database, library: rules, now: () => 0, note: () => undefined });
    const turns = new Turns();
    scenarioBacktests = new ScenarioBacktests({ book, registry, library: scenariosIn(folder), turns });
    const history = { read: noHistory, heard: noHistory };
    const backtests = new Backtests({ book, history, registry, now: () => 0, interval: 2000, turns });
    api = await serveApi(backtestEndpoints({ backtests, scenarioBacktests }));
  });
  afterAll(async () => {
    api?.close();
    await scenarioBacktests?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string) => api.get(`/api${path}`);
  const post = (path: string, body: unknown) => api.send('POST', `/api${path}`, body);
  const begin = (rule: string, body: object) => post(`/rules/${rule}/backtest/scenarios`, body);
  const jobOf = async (job: number) => scenarioBacktestJob.parse(await get(`/backtests/scenarios/${job}`));
  /** Looks until it holds, and tells what every look showed. */
  async function follow(job: number, holds: (now: ScenarioBacktestJob) => boolean) {
    const seen: ScenarioBacktestJob[] = [];
    await until(
      'the back-test',
      async () => {
        seen.push(await jobOf(job));
        return holds(seen.at(-1)!) || pause(200, false);
      },
      PATIENCE_MS,
    );
    return seen;
  }

  it('the library tells what each takes and which rules it names; what cannot be read is named', async () => {
    const { scenarios, unreadable } = scenarioEntries.parse(await get('/scenarios'));
    expect(scenarios.map(({ id }) => id)).toEqual(['elsewhere', 'room-power-cut', 'works-outage']);
    expect(scenarios[1]).toMatchObject({
      name: { zh: '泵房停电' },
      rooms: 1,
      lengthSeconds: 5400,
      names: ['F23', 'F24'],
    });
    expect(unreadable).toMatchObject([{ id: 'torn', issues: [expect.stringMatching(/^torn.yaml:\d+: /)] }]);
  });

  it(
    'a threshold that is set wrong fails what a scenario expects of it, and frees what it hid',
    async () => {
      const yaml = rules.sources
        .get(POWER_LOSS)!
        .replace('when: not MAINS_OK', 'when: U_A < 5 V and UPS_V < 5 V');
      const begun = await begin(POWER_LOSS, { yaml, scenarios: ['elsewhere', 'room-power-cut'] });
      expect(begun.status).toBe(200);
      const { job } = await begun.json();
      const seen = await follow(job, ({ state }) => state === 'done' || state === 'failed');
      const { state, error, scenarios } = seen.at(-1)!;
      expect([state, error]).toEqual(['done', null]);
      // that which names the rule goes first, and is told before the whole is over
      expect(scenarios.map(({ id }) => id)).toEqual(['room-power-cut', 'elsewhere']);
      expect(seen.some(({ state, progress }) => state === 'running' && progress > 0 && progress < 1)).toBe(
        true,
      );

      const [cut, elsewhere] = scenarios;
      expect(elsewhere).toMatchObject({ state: 'failed', answer: null });
      expect(elsewhere!.error).toMatch(/^elsewhere.yaml:\d+: .*SM-00007.*/);
      const { candidate, inForce, changes, expectations } = cut!.answer!;
      expect(candidate).toMatchObject({ annunciations: 0, spans: [] });
      expect(inForce).toMatchObject({ annunciations: 1, byPriority: [1, 0, 0, 0] });
      expect(inForce!.spans).toMatchObject([{ station: 'SM-0007', spot: '', told: true }]);

      const raised = expectations.find(({ that }) => that.startsWith('raised F23'))!;
      expect(raised).toMatchObject({ kind: 'raised', namesRule: true, inForce: { met: true, value: 6 } });
      expect(raised.candidate).toEqual({ met: false, value: null, of: null, at: null });
      const others = expectations.find(({ kind }) => kind === 'no other')!;
      expect([others.inForce.met, others.candidate.met]).toEqual([true, false]);
      const voltage = changes.find(({ rule }) => rule === 'F10-UNDERVOLTAGE')!;
      expect(voltage).toMatchObject({
        became: 'freed',
        inForce: { told: 0, beneath: 1 },
        candidate: { told: 1, beneath: 0 },
      });
    },
    PATIENCE_MS,
  );

  it('a text that is no rule, an unknown scenario and an unknown job are refused', async () => {
    const broken = await begin(POWER_LOSS, {
      yaml: rules.sources.get(POWER_LOSS)!.replace('MAINS_OK', 'MAINS_OKK'),
    });
    expect(broken.status).toBe(422);
    expect(apiError.parse(await broken.json()).issues).toMatchObject([
      { code: 'unknownPoint', near: 'MAINS_OK', rule: POWER_LOSS },
    ]);
    const yaml = rules.sources.get(POWER_LOSS)!;
    const unknown = await begin(POWER_LOSS, { yaml, scenarios: ['room-power-cut', 'atlantis'] });
    expect([unknown.status, (await unknown.json()).details]).toEqual([422, ['atlantis']]);
    expect((await begin(POWER_LOSS, { yaml, scenarios: [] })).status).toBe(400);
    expect((await fetch(`${api.url}/api/backtests/scenarios/999`)).status).toBe(404);
  });

  it('one that is cancelled ends, also one that waits, and no fifth may wait', async () => {
    const yaml = rules.sources.get(POWER_LOSS)!;
    const wish = { yaml, scenarios: ['room-power-cut'] };
    const jobs: number[] = [];
    for (let i = 0; i < 4; i++) jobs.push((await (await begin(POWER_LOSS, wish)).json()).job);
    expect((await begin(POWER_LOSS, wish)).status).toBe(503);
    await follow(jobs[0]!, ({ state }) => state === 'running');
    for (const job of jobs.toReversed()) {
      const cancelled = await post(`/backtests/scenarios/${job}/cancel`, {});
      expect(scenarioBacktestJob.parse(await cancelled.json())).toMatchObject({
        state: 'cancelled',
        scenarios: [{ state: 'cancelled', answer: null }],
      });
    }
  });
});

const noHistory = () => Promise.reject(new Error('nothing is recorded'));

const scenario = (station: string) => `
name: { zh: 别处的泵房, en: A room elsewhere }
teaches:
  zh: 此情景提到一座本城没有的泵房，因此无法运行，应说明原因。
  en: This scenario names a room that the city does not have, and so it cannot be run.
start: 2026-11-18 20:00
length: 10min
extent: SM-0007
expect:
  - { that: no F24 at ${station} }
`;
