import { readSheet } from 'read-excel-file/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { alarmEndpoints } from '#server/api/alarms.ts';
import type { Database } from '#server/database/database.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { DATABASES, type TestDatabase } from '#test/support/embedded.ts';
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
import { DeskTrial, forgetAlarms, ROOM } from './aDesk.ts';

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
    expect(detail).toMatchObject({ alarm, log: [{ kind: 'raised' }], consequences: [], before: [] });
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
    const { kind, station, rule } = shelf!;
    const end = { kind, station, rule, by: '王工', reason: '完工' };
    expect((await post('/api/alarms/silencers/end', end)).status).toBe(200);
    expect((await only()).state).toBe('unacknowledged');
    expect((await post('/api/alarms/silencers/end', end)).status).toBe(409);
    const { log } = alarmDetail.parse(await get(`/api/alarms/${id}`));
    expect(log.map(({ kind }) => kind)).toContain('raised');
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
