import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RuleBook } from '#server/alarms/ruleBook.ts';
import { backtestEndpoints } from '#server/api/backtests.ts';
import { ruleEndpoints } from '#server/api/rules.ts';
import { Backtests } from '#server/backtest/backtests.ts';
import { Turns } from '#server/backtest/jobs.ts';
import { ScenarioBacktests } from '#server/backtest/scenarioBacktests.ts';
import type { Database } from '#server/database/database.ts';
import { type History, openHistory } from '#server/history/history.ts';
import { Registry } from '#server/registry/registry.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { until } from '#test/support/until.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { readRules } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { apiError } from '#twin/wire/api.ts';
import {
  type BacktestAnswer,
  backtestJob,
  ruleCheckAnswer,
  ruleEntries,
  ruleHistory,
  ruleSaved,
} from '#twin/wire/rules.ts';

const START = Date.UTC(2026, 5, 1);
const NOW = START + HOUR;
const LIBRARY = [aRule({ for: '60 s' }), aRule({ id: 'POWER', when: 'not MAINS_OK' })];
const textOf = (rule: RuleText) => JSON.stringify(rule);

describe('rules over HTTP', () => {
  let place: TestDatabase;
  let database: Database;
  let history: History;
  let backtests: Backtests;
  let api: ApiServer;

  beforeAll(async () => {
    place = await (DATABASES.PostgreSQL ?? DATABASES.embedded!)();
    database = await place.open();
    const registry = await Registry.load(
      fakeDatabase([
        [/FROM station WHERE registered/, stationRows(aStation('SM-0001'), aStation('SM-0002'))],
      ]),
    );
    history = await openHistory(database, { now: NOW });
    record(history, registry);
    const book = await RuleBook.open({
      database,
      library: {
        read: readRules({ file: 'library.yaml', yaml: JSON.stringify(LIBRARY) }).rules,
        sources: new Map(LIBRARY.map((rule) => [rule.id, textOf(rule)])),
        overrides: [],
      },
      now: () => NOW,
      note: () => undefined,
    });
    const turns = new Turns();
    backtests = new Backtests({ book, history, registry, now: () => NOW, interval: 2000, turns });
    const scenarioBacktests = new ScenarioBacktests({
      book,
      registry,
      library: { folder: '', scenarios: new Map(), unreadable: [] },
      turns,
    });
    api = await serveApi([...ruleEndpoints(book), ...backtestEndpoints({ backtests, scenarioBacktests })]);
  });
  afterAll(async () => {
    api?.close();
    await backtests?.close();
    await history?.close();
    await database?.close();
    place?.remove();
  });

  const get = (path: string) => api.get(`/api${path}`);
  const send = (method: string, path: string, body: unknown) => api.send(method, `/api${path}`, body);
  const entry = async (id: string) => ruleEntries.parse(await get('/rules')).find((rule) => rule.id === id)!;

  it('a rule is read, checked, saved with a name and a reason, and taken back', async () => {
    expect(await entry('LOW-INLET')).toMatchObject({
      source: 'library',
      version: 1,
      inForce: true,
      time: null,
    });
    const wrong = { yaml: textOf(aRule({ when: 'P_INN < 0.1' })) };
    const { issues } = ruleCheckAnswer.parse(
      await (await send('POST', '/rules/LOW-INLET/check', wrong)).json(),
    );
    expect(issues).toMatchObject([
      { rule: 'LOW-INLET', line: 1, message: expect.stringContaining('did you mean P_IN?') },
    ]);
    // what a page in another language needs to say the same
    expect(issues[0]).toMatchObject({
      code: 'unknownPoint',
      values: { name: 'P_INN' },
      key: 'when',
      near: 'P_IN',
    });

    const by = { base: 1, by: ' 李工 ', reason: '夜间压力低' };
    const refused = await send('PUT', '/rules/LOW-INLET', { ...wrong, ...by });
    expect(refused.status).toBe(422);
    const said = apiError.parse(await refused.json());
    expect(said.details![0]).toMatch(/^LOW-INLET:1:\d+: when: no point is named/);
    expect(said.issues).toEqual(issues);
    expect((await send('PUT', '/rules/LOW-INLET', { ...wrong, ...by, by: ' ' })).status).toBe(400);

    const good = { yaml: textOf(aRule({ priority: 3 })), ...by };
    const saved = ruleSaved.parse(await (await send('PUT', '/rules/LOW-INLET', good)).json());
    expect(saved).toEqual({ version: 2, time: NOW });
    expect(await entry('LOW-INLET')).toMatchObject({
      source: 'edited',
      version: 2,
      author: '李工',
      priority: 3,
    });
    expect((await send('PUT', '/rules/LOW-INLET', good)).status).toBe(409);

    const back = { base: 2, by: '王工', reason: '恢复' };
    expect((await send('POST', '/rules/LOW-INLET/library', back)).status).toBe(200);
    const versions = ruleHistory.parse(await get('/rules/LOW-INLET/history'));
    expect(versions.map(({ version, source, author }) => [version, source, author])).toEqual([
      [3, 'person', '王工'],
      [2, 'person', '李工'],
      [1, 'library', 'test'],
    ]);
    // a person says it in one language
    expect(versions[0]!.reason).toEqual({ zh: '恢复', en: '恢复' });
    expect((await fetch(`${api.url}/api/rules/NO-SUCH-RULE/history`)).status).toBe(404);
  });

  it('a new rule is saved under its id, taken away and put back with the text that is shown', async () => {
    const yaml = textOf(aRule({ id: 'NEW-RULE', when: 'FLOOD' }));
    const by = { by: '李工', reason: '新装水浸' };
    expect((await send('PUT', '/rules/NEW-RULE', { yaml, base: 0, ...by })).status).toBe(200);
    expect(await entry('NEW-RULE')).toMatchObject({ source: 'added', version: 1, inForce: true });
    expect((await send('PUT', '/rules/NEW-RULE', { yaml, base: 0, ...by })).status).toBe(409);
    expect((await send('POST', '/rules/NEW-RULE/library', { base: 1, ...by })).status).toBe(200);
    const gone = await entry('NEW-RULE');
    expect(gone).toMatchObject({ source: 'removed', version: 2, inForce: false, problems: [] });
    const restored = { yaml: gone.yaml, base: gone.version, ...by };
    expect((await send('PUT', '/rules/NEW-RULE', restored)).status).toBe(200);
    expect(await entry('NEW-RULE')).toMatchObject({ source: 'added', version: 3, inForce: true });
    await send('POST', '/rules/NEW-RULE/library', { base: 3, ...by });
  });

  async function backtest(rule: RuleText, given: object = {}): Promise<BacktestAnswer> {
    const begun = await send('POST', `/rules/${rule.id}/backtest`, {
      yaml: textOf(rule),
      hours: 0.5,
      ...given,
    });
    expect(begun.status).toBe(200);
    const { job } = await begun.json();
    const state = async () => backtestJob.parse(await get(`/backtests/${job}`));
    await until('the back-test', async () => ['done', 'failed'].includes((await state()).state), 120_000);
    const { answer, error } = await state();
    expect(error).toBeNull();
    return answer!;
  }

  it('what a text would have raised is counted beside the rule in force, room by room', async () => {
    const answer = await backtest(aRule({ for: '5 min' }));
    // low from minute 40 to 43, and without power from 50 to 52 in the first room
    expect(answer.inForce).toMatchObject({ annunciations: 1, byPriority: [0, 1, 0, 0] });
    expect(answer.inForce!.spans).toMatchObject([
      { station: 'SM-0001', raisedAt: START + 41 * MINUTE, clearedAt: START + 43 * MINUTE, told: true },
    ]);
    expect(answer.candidate).toMatchObject({ annunciations: 0, per100RoomsAndDay: 0, spans: [] });
    const [first, second] = answer.stations;
    expect(first).toMatchObject({ code: 'SM-0001', inForce: 1, candidate: 0, missing: [] });
    // the second room was not heard from minute 45 to 55
    expect(second!.missing).toHaveLength(1);
    expect(second!.missing[0]!.to).toBe(START + 55 * MINUTE);
    expect(second!.recordedMs).toBeLessThan(21 * MINUTE);
    expect(answer.seed).toBe(1);
  });

  it('a consequence of a cause that stood is counted beneath it', async () => {
    const flood = aRule({ id: 'DARK', when: 'not MAINS_OK', for: '4 s', suppressedBy: ['POWER'] });
    const answer = await backtest(flood, { stations: ['SM-0001'] });
    expect(answer).toMatchObject({
      inForce: null,
      seed: null,
      candidate: { annunciations: 0, beneathCause: 1 },
    });
  });

  it('what no text and no station is for is refused', async () => {
    const at = (body: object) => send('POST', '/rules/LOW-INLET/backtest', body);
    const broken = await at({ yaml: textOf(aRule({ when: 'P_INN < 0.1' })) });
    expect(broken.status).toBe(422);
    expect(apiError.parse(await broken.json()).issues).toMatchObject([
      { code: 'unknownPoint', near: 'P_IN' },
    ]);
    const unknown = await at({ yaml: textOf(aRule()), stations: ['XX-1'] });
    expect([unknown.status, (await unknown.json()).details]).toEqual([422, ['XX-1']]);
    expect((await at({ yaml: textOf(aRule()), hours: 10_000 })).status).toBe(400);
    expect((await fetch(`${api.url}/api/backtests/999`)).status).toBe(404);
  });

  it('one that is cancelled ends, and the next goes on', async () => {
    const yaml = textOf(aRule());
    const begin = async () => (await send('POST', '/rules/LOW-INLET/backtest', { yaml, hours: 168 })).json();
    const { job } = await begin();
    const { state } = backtestJob.parse(await (await send('POST', `/backtests/${job}/cancel`, {})).json());
    expect(state).toBe('cancelled');
    expect((await backtest(aRule({ priority: 1 }))).candidate.annunciations).toBe(1);
  });
});

/** An hour of two rooms, every two seconds. */
function record(history: History, registry: Registry): void {
  const points = new Uint16Array(2);
  const values = new Float64Array(2);
  const qualities = new Uint8Array(2);
  for (const { code, id, place } of registry.stations) {
    const { template } = place.columns;
    points.set([template.index.get('P_IN')!, template.index.get('MAINS_OK')!]);
    for (let t = START; t < NOW; t += 2000) {
      const minute = (t - START) / MINUTE;
      const first = code === 'SM-0001';
      if (!first && minute > 45 && minute < 55) continue;
      const low = first && minute >= 40 && minute < 43;
      values.set([low ? 0.1 : 0.3 + (t % 3000) / 1e6, first && minute >= 50 && minute < 52 ? 0 : 1]);
      history.append(id, template, t, 2, points, values, qualities);
    }
  }
}
