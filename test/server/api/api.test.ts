import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cityEndpoints } from '#server/api/city.ts';
import { healthEndpoints } from '#server/api/health.ts';
import { stationEndpoints } from '#server/api/stations.ts';
import { Clocks } from '#server/ingest/clocks.ts';
import { FaultLog } from '#server/ingest/faults.ts';
import { GapLog } from '#server/ingest/gaps.ts';
import { Rates } from '#server/ingest/rates.ts';
import { Overview } from '#server/live/overview.ts';
import { RefusalLog } from '#server/refusals.ts';
import { AdoptError } from '#server/registry/adopt.ts';
import { Registry } from '#server/registry/registry.ts';
import { Unregistered } from '#server/registry/unregistered.ts';
import { newNode } from '#server/sparkplug/nodeTable.ts';
import { type ApiServer, serveApi } from '#test/support/apiServer.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import {
  type AdoptRequest,
  apiError,
  dataHealth,
  historyAnswer,
  mainDetail,
  searchAnswer,
  stationDetail,
  stationList,
  unregisteredStation,
} from '#twin/wire/api.ts';

const clock = new VirtualClock();
const MAIN = { id: 'M1', dn: 300, length: 120, kind: 'main', supplyZone: 'Z1', from: 'A', to: 'B' };
const database = fakeDatabase([
  [
    /FROM station WHERE registered/,
    stationRows(aStation('SM-0001'), aStation('SM-0002', { kind: 'inline' })),
  ],
  [/FROM main WHERE id = \$1/, ([id]) => (id === MAIN.id ? [MAIN] : [])],
]);
let registry: Registry;
let api: ApiServer;
let base: string;
let adopted: AdoptRequest[];
let errors: string[];
let ready: string | null;
const historyCalls: { from: number; to: number; buckets: number; points: readonly string[] }[] = [];
const faults = new FaultLog(clock.now);
const gaps = new GapLog();
const refused = new RefusalLog();
const endpoints = () => {
  const overview = new Overview(registry, gaps, 2000);
  overview.sweep(clock.now());
  const unregistered = new Unregistered();
  unregistered.born(
    newNode('G', 'X-1'),
    [{ name: 'P_IN', datatype: 10, unit: 'MPa', point: -1 }],
    true,
    clock.now(),
  );
  return [
    ...cityEndpoints({
      database,
      registry,
      tiles: { tile: async (z) => (z > 10 ? null : Uint8Array.of(1, 2, 3)), close: async () => undefined },
      tileSource: null,
    }),
    ...stationEndpoints({
      clocks: new Clocks(),
      registry,
      history: {
        read: async (query) => {
          historyCalls.push(query);
          if (query.buckets === 13) throw new Error('the disk is gone: /secret/place');
          return { bucketMs: 1000, series: [] };
        },
      },
      overviewAt: async (time) => (time < 1000 ? null : Uint8Array.of(9)),
      now: clock.now,
    }),
    ...healthEndpoints({
      registry,
      unregistered,
      overview,
      faults,
      refused,
      gaps,
      rates: new Rates(),
      historyStats: () => ({
        bytes: 5,
        bytesPerValue: null,
        unsealedFrames: 0,
        oldest: null,
        behindMs: 0,
      }),
      since: clock.now(),
      now: clock.now,
      adopt: async (request) => {
        if (request.name.en === 'refused') throw new AdoptError(['no metric is mapped']);
        adopted.push(request);
      },
    }),
  ];
};

beforeAll(async () => {
  registry = await Registry.load(database);
  api = await serveApi(endpoints(), {
    refused,
    ready: () => ready,
    metrics: async () => ({ type: 'text/plain', text: 'shuijing_values_total 5\n' }),
    onError: (error) => errors.push(error.message),
  });
  base = api.url;
});
beforeEach(() => {
  adopted = [];
  errors = [];
  ready = null;
});
afterAll(() => api.close());

const get = (path: string) => fetch(base + path);
const post = (path: string, body: string, type = 'application/json') =>
  fetch(base + path, { method: 'POST', body, headers: { 'content-type': type } });
const errorOf = async (answer: Response) => apiError.parse(await answer.json());

describe('stations', () => {
  test('are listed in the order of the overview', async () => {
    const list = stationList.parse(await (await get('/api/stations')).json());
    expect(list.stations.map(({ code }) => code)).toEqual(['SM-0001', 'SM-0002']);
    expect(list.stations[0]!.template).toBe('tank:LO3');
  });

  test('one is told with its equipment', async () => {
    const detail = stationDetail.parse(await (await get('/api/stations/SM-0001')).json());
    expect(detail.pumpSets[0]!.pumps).toHaveLength(3);
  });

  test('its history is asked for its points and times', async () => {
    const answer = await get(
      '/api/stations/SM-0001/history?points=LO/P_OUT,%20P_IN,P_IN&from=1000&to=61000&buckets=60',
    );
    expect(historyAnswer.parse(await answer.json())).toMatchObject({ station: 'SM-0001', bucketMs: 1000 });
    expect(historyCalls.at(-1)).toMatchObject({ from: 1000, to: 61_000, buckets: 60 });
    expect(historyCalls.at(-1)!.points).toHaveLength(2);
  });

  test.each([
    ['without points', 'points=&from=1&to=2', /points/],
    ['with a point it does not have', 'points=P_IN,XX&from=1&to=2', /XX/],
    ['with a time that is no number', 'points=P_IN&from=noon&to=2', /from/],
    ['ending before it begins', 'points=P_IN&from=2&to=1', /later/],
    ['with no bucket', 'points=P_IN&from=1&to=2&buckets=0', /buckets/],
    ['with too many buckets', 'points=P_IN&from=1&to=2&buckets=5001', /buckets/],
    ['with too many points', `points=${POINTS_13()}&from=1&to=2`, /at most 12/],
  ])('history %s is refused with the reason', async (_what, query, reason) => {
    const answer = await get(`/api/stations/SM-0001/history?${query}`);
    expect(answer.status).toBe(400);
    const { error, details } = await errorOf(answer);
    expect([error, ...(details ?? [])].join('; ')).toMatch(reason);
  });
});

describe('what is not there', () => {
  test.each([
    '/api/stations/nowhere',
    '/api/stations/nowhere/history?points=P_IN&from=1&to=2',
    '/api/mains/nowhere',
    '/api/nothing',
    '/tiles/nothing',
  ])('%s is 404 with a sentence', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect((await errorOf(answer)).error).not.toBe('');
  });

  test.each([
    '/api/stations/%E0%A4%A',
    '/tiles/mains/0/0/x.pbf',
    '/tiles/mains/99/0/0.pbf',
    '/tiles/mains/1/-1/0.pbf',
  ])('%s is 400', async (path) => {
    expect((await get(path)).status).toBe(400);
  });
});

describe('the city', () => {
  test('a tile is bytes, an empty one is nothing', async () => {
    const full = await get('/tiles/mains/10/1/1.pbf');
    expect([full.status, (await full.arrayBuffer()).byteLength]).toEqual([200, 3]);
    expect((await get('/tiles/mains/11/1/1.pbf')).status).toBe(204);
  });

  test('a main is told by its id', async () => {
    expect(mainDetail.parse(await (await get('/api/mains/M1')).json())).toEqual(MAIN);
  });

  test('a search finds stations by code in either case, and asks the database without its wildcards', async () => {
    const { hits } = searchAnswer.parse(await (await get('/api/search?q=sm-0002')).json());
    expect(hits.map(({ id }) => id)).toEqual(['SM-0002']);
    await get(`/api/search?q=${encodeURIComponent('100%_\\')}`);
    expect(database.statements.at(-1)!.params).toEqual(['%100\\%\\_\\\\%']);
  });

  test('the whole city of the past, not of the future', async () => {
    expect((await get('/api/overview?at=5000')).status).toBe(200);
    expect((await get('/api/overview?at=5')).status).toBe(204);
    expect((await get(`/api/overview?at=${clock.now() + 1}`)).status).toBe(400);
  });
});

describe('data health', () => {
  test('is as its contract says', async () => {
    faults.count('spike', 'SM-0001', 'P_IN = 9');
    gaps.begin('SM-0002', clock.now() - 5000);
    const health = dataHealth.parse(await (await get('/api/health/data')).json());
    expect(health.stations).toEqual({
      registered: 2,
      live: 0,
      stale: 0,
      offline: 0,
      never: 2,
      unregistered: 1,
    });
    expect(health.faults.spike).toBe(1);
    expect(health.recent[0]).toMatchObject({ station: 'SM-0001', fault: 'spike' });
    expect(health.worst.map(({ station }) => station).sort()).toEqual(['SM-0001', 'SM-0002']);
    expect(health.gaps[0]).toMatchObject({ station: 'SM-0002', to: null });
  });

  test('strangers are told with a suggestion', async () => {
    const [stranger] = unregisteredStation.array().parse(await (await get('/api/unregistered')).json());
    expect(stranger).toMatchObject({ code: 'X-1', suggestion: { mapping: { P_IN: 'P_IN' } } });
  });
});

describe('adopting', () => {
  const request = (given: object = {}) =>
    JSON.stringify({
      code: 'X-1',
      name: { zh: '新', en: 'new' },
      kind: 'inline',
      district: 'D',
      supplyZone: 'Z',
      lon: 118,
      lat: 24,
      sets: [{ zone: 'LO', pumps: 2 }],
      mapping: { P_IN: 'P_IN' },
      ...given,
    });

  test('a stranger', async () => {
    const answer = await post('/api/stations/adopt', request());
    expect([answer.status, await answer.json()]).toEqual([200, { code: 'X-1' }]);
    expect(adopted).toHaveLength(1);
  });

  test.each<[string, string, number, RegExp]>([
    ['who is none', request({ code: 'nobody' }), 404, /nobody/],
    ['with a kind that does not exist', request({ kind: 'tower' }), 400, /kind/],
    ['without pumps', request({ sets: [] }), 400, /sets/],
    ['without a body', '', 400, /body/],
    ['in words that are no JSON', '{"code":', 400, /JSON/],
    [
      'against the rules of its kind',
      request({ name: { zh: 'x', en: 'refused' } }),
      400,
      /no metric is mapped/,
    ],
  ])('%s is refused with every reason', async (_what, body, status, reason) => {
    const answer = await post('/api/stations/adopt', body);
    expect(answer.status).toBe(status);
    const { error, details } = await errorOf(answer);
    expect([error, ...(details ?? [])].join('; ')).toMatch(reason);
    expect(adopted).toEqual([]);
  });

  test('by a form of another page is refused', async () => {
    expect((await post('/api/stations/adopt', request(), 'text/plain')).status).toBe(400);
    expect(adopted).toEqual([]);
  });

  test('with a body of megabytes is refused', async () => {
    expect((await post('/api/stations/adopt', request({ district: 'x'.repeat(2e6) }))).status).toBe(413);
  });
});

describe('the process', () => {
  test('is alive, and ready unless it says why not', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    ready = 'the broker is not connected';
    const answer = await get('/readyz');
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { ready: false, reason: 'the broker is not connected' },
    ]);
    expect(await (await get('/metrics')).text()).toContain('shuijing_values_total');
  });

  test('an error inside is logged, and not shown', async () => {
    const answer = await get('/api/stations/SM-0001/history?points=P_IN&from=1&to=2&buckets=13');
    expect(answer.status).toBe(500);
    expect((await errorOf(answer)).error).not.toContain('secret');
    expect(errors).toEqual(['the disk is gone: /secret/place']);
  });
});

describe('the OpenAPI document', () => {
  interface OpenApi {
    openapi: string;
    info: { title: string; version: string };
    paths: Record<
      string,
      Record<
        string,
        {
          summary: string;
          parameters?: { in: string; name: string; required?: boolean; schema: object }[];
          requestBody?: { content: Record<string, { schema: object }> };
          responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
        }
      >
    >;
    components?: { schemas?: Record<string, object> };
  }

  test('names every endpoint, with every parameter of its path', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as OpenApi;
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(document.info.title).not.toBe('');
    for (const { method, path } of endpoints()) {
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method];
      expect(operation, `${method} ${path}`).toBeDefined();
      expect(operation!.summary).not.toBe('');
      expect(Object.keys(operation!.responses)).toEqual(expect.arrayContaining(['200', '400']));
      const inPath = (operation!.parameters ?? []).filter((parameter) => parameter.in === 'path');
      const wanted = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      expect(inPath.map(({ name }) => name)).toEqual(wanted);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
      if (method === 'post') expect(operation!.requestBody?.content['application/json']).toBeDefined();
    }
    expect(Object.values(document.paths).flatMap((path) => Object.keys(path))).toHaveLength(
      endpoints().length,
    );
  });

  test('every reference leads somewhere', async () => {
    const document = (await (await get('/api/openapi.json')).json()) as OpenApi;
    for (const [, name] of JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(document.components?.schemas).toHaveProperty(name!);
  });
});

function POINTS_13(): string {
  return Array.from({ length: 3 }, (_, i) =>
    ['RUN', 'HZ', 'KW', 'I', 'VIB'].map((tag) => `LO/P${i + 1}/${tag}`),
  )
    .flat()
    .slice(0, 13)
    .join(',');
}
