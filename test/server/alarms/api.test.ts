import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmEndpoints } from '#server/api/alarms.ts';
import type { Database } from '#server/database/database.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
import { aRule } from '#test/twin/alarm/timeline.ts';
import { HOUR } from '#twin/units.ts';
import {
  type AlarmActionRequest,
  alarmActionAnswer,
  alarmDetail,
  alarmHistory,
  alarmRules,
  openAlarms,
  silencerList,
} from '#twin/wire/alarms.ts';
import { DeskTrial, forgetAlarms, OTHER, ROOM } from './aDesk.ts';

describe('alarms over HTTP', () => {
  let place: TestDatabase;
  let database: Database;
  let api: ApiServer;
  let trial: DeskTrial;

  beforeAll(async () => {
    place = await DATABASES.embedded!();
    database = await place.open();
  });
  afterAll(async () => {
    await database?.close();
    place?.remove();
  });
  beforeEach(async () => {
    await forgetAlarms(database);
    trial = await new DeskTrial(database).start();
    await trial.hear({ P_IN: 0.1 }).run(2);
    const { desk, registry, clock } = trial;
    api = await serveApi(alarmEndpoints({ desk, database, registry, now: clock.now }));
    return () => api.close();
  });

  const get = (path: string) => api.get(path);
  const post = (path: string, body: unknown) => api.send('POST', path, body);
  const act = (body: AlarmActionRequest) => post('/api/alarms/act', body);
  const only = async () => openAlarms.parse(await get('/api/alarms')).alarms[0]!;

  it('the open list, one alarm of it, and the rules that speak of it', async () => {
    const alarm = await only();
    expect(alarm).toMatchObject({ rule: 'LOW-INLET', station: ROOM, state: 'unacknowledged' });
    const detail = alarmDetail.parse(await get(`/api/alarms/${alarm.id}`));
    expect(detail).toMatchObject({
      alarm,
      log: [{ kind: 'raised' }],
      consequences: [],
      before: [],
      elsewhere: [],
    });
    const rules = alarmRules.parse(await get('/api/alarms/rules'));
    expect(rules.map(({ id, name }) => [id, name.zh])).toEqual([['LOW-INLET', '进水压力低']]);
    expect((await fetch(`${api.url}/api/alarms/12345`)).status).toBe(404);
  });

  it('somebody acknowledges, by a name that is kept with it', async () => {
    const { id } = await only();
    const answer = await act({ do: 'acknowledge', ids: [id], by: ' 李工 ' });
    expect(alarmActionAnswer.parse(await answer.json())).toEqual({ done: 1, refused: [] });
    expect(await only()).toMatchObject({ state: 'acknowledged', acknowledgedBy: '李工' });
    expect((await act({ do: 'acknowledge', ids: [id], by: '  ' })).status).toBe(400);
  });

  it('what is shelved is listed with its end and comes back when it is taken off', async () => {
    const { id } = await only();
    await act({ do: 'shelve', ids: [id], by: '李工', reason: '检修', minutes: 30 });
    expect((await only()).state).toBe('shelved');
    const [shelf] = silencerList.parse(await get('/api/alarms/silencers'));
    expect(shelf).toMatchObject({ kind: 'shelved', station: ROOM, until: trial.clock.now() + 1_800_000 });
    const { kind, station, rule, spot } = shelf!;
    const end = { kind, station, rule, spot, by: '王工', reason: '完工' };
    expect((await post('/api/alarms/silencers/end', end)).status).toBe(200);
    expect((await only()).state).toBe('unacknowledged');
    expect((await post('/api/alarms/silencers/end', end)).status).toBe(409);
    const { log } = alarmDetail.parse(await get(`/api/alarms/${id}`));
    expect(log.map(({ kind }) => kind)).toContain('raised');
  });

  it('a whole room is out of service before anything stands there, for a time or until somebody puts it back', async () => {
    const by = { by: '李工', reason: '改造，工单 12' };
    const away = (body: object) =>
      post('/api/alarms/silencers', {
        kind: 'outOfService',
        station: OTHER,
        rule: null,
        minutes: null,
        ...by,
        ...body,
      });
    expect((await away({})).status).toBe(200);
    await trial.hear({ P_IN: 0.1 }, OTHER).run(2);
    const there = async () =>
      openAlarms.parse(await get('/api/alarms')).alarms.find(({ station }) => station === OTHER);
    expect(await there()).toMatchObject({ state: 'outOfService', toldAt: null });
    expect(silencerList.parse(await get('/api/alarms/silencers'))).toEqual([
      { kind: 'outOfService', station: OTHER, rule: null, until: null, oneShot: false, ...by },
    ]);
    const end = { kind: 'outOfService', station: OTHER, rule: null, by: '王工', reason: '完工' };
    expect((await post('/api/alarms/silencers/end', end)).status).toBe(200);
    expect(await there()).toMatchObject({ state: 'unacknowledged' });
    expect((await away({ minutes: 1, rule: 'LOW-INLET' })).status).toBe(200);
    expect(await there()).toMatchObject({ state: 'outOfService' });
    await trial.run(60);
    expect(await there()).toMatchObject({ state: 'unacknowledged' });
    expect(await get('/api/alarms/silencers')).toEqual([]);
  });

  it.each([
    [{ station: 'SM-0003' }, 404, 'there is no station SM-0003: did you mean SM-0001?'],
    [{ rule: 'LOW-INLTE' }, 404, 'there is no rule LOW-INLTE: did you mean LOW-INLET?'],
    [{ reason: ' ' }, 400, ''],
    [{ by: '' }, 400, ''],
    [{ kind: 'shelved' }, 400, ''],
    [{ kind: 'shelved', minutes: 1441 }, 400, ''],
    [{ minutes: 0 }, 400, ''],
  ])('a room is not silenced by %j', async (body, status, error) => {
    const whole = {
      kind: 'outOfService',
      station: ROOM,
      rule: null,
      minutes: null,
      by: '李工',
      reason: '检修',
    };
    const answer = await post('/api/alarms/silencers', { ...whole, ...body });
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: string }).error).toContain(error);
    expect(await get('/api/alarms/silencers')).toEqual([]);
  });

  it.each([
    { do: 'shelve', by: '李工', reason: '检修', minutes: 25 * 60 },
    { do: 'shelve', by: '李工', minutes: 30 },
    { do: 'outOfService', by: '李工', reason: ' ' },
    { do: 'forget', by: '李工' },
  ])('%j is refused', async (body) => {
    const { id } = await only();
    expect((await post('/api/alarms/act', { ...body, ids: [id] })).status).toBe(400);
    expect((await only()).state).toBe('unacknowledged');
  });

  it('the history by type of station and maker of its pumps', async () => {
    const count = async (filter: string) =>
      alarmHistory.parse(await get(`/api/alarms/history?${filter}`)).alarms.length;
    expect([await count('kind=tank'), await count('kind=inline')]).toEqual([1, 0]);
    expect([await count('maker=A'), await count('maker=B')]).toEqual([1, 0]);
    expect(await get('/api/alarms/makers')).toEqual(['A']);
  });

  it('the workbook has the likeliest cause as it was diagnosed, else the one that the rule names', async () => {
    const rows = async () => {
      const bytes = await (await fetch(`${api.url}/api/alarms/export.xlsx?language=en`)).arrayBuffer();
      const [heads, ...alarms] = await readSheet(Buffer.from(bytes));
      const of = (row: unknown[], name: string) => row[heads!.indexOf(name)];
      return alarms.map((row) => ['Likely cause', 'Confidence %', 'Remedy'].map((name) => of(row, name)));
    };
    const { cause, remedy } = aRule();
    expect(await rows()).toEqual([[cause.en, null, remedy.en]]);
    const said = (en: string) => ({ zh: en, en });
    const diagnosis = [
      { cause: said('A valve is shut'), remedy: said('Open it'), confidence: 0.824, signs: [] },
      { cause: said('A main broke'), remedy: said('Mend it'), confidence: 0.2, signs: [] },
    ];
    await database.query('UPDATE alarm SET diagnosis = $1::jsonb', [JSON.stringify(diagnosis)]);
    expect(await rows()).toEqual([['A valve is shut', 82, 'Open it']]);
  });

  it('the history in pages, and as a spreadsheet', async () => {
    const page = alarmHistory.parse(await get('/api/alarms/history?priority=2&limit=1'));
    expect(page).toMatchObject({ alarms: [{ station: ROOM }], next: null });
    expect((await fetch(`${api.url}/api/alarms/history?before=x`)).status).toBe(400);
    const bytes = await (await fetch(`${api.url}/api/alarms/export.xlsx?language=zh`)).arrayBuffer();
    const [heads, first] = await readSheet(Buffer.from(bytes));
    expect(heads!.slice(0, 2)).toEqual(['编号', '优先级']);
    expect(first!.slice(2, 6)).toEqual(['进水压力低', 'LOW-INLET', 'SM-0001', 'SM-0001 泵房']);
    // as a clock in the city shows it
    const raised = first![heads!.indexOf('发生')] as unknown as Date;
    expect(Math.abs(raised.getTime() - page.alarms[0]!.raisedAt - 8 * HOUR)).toBeLessThan(1000);
  });
});
