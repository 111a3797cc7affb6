import { describe, expect, it } from 'vitest';
import { draftOf, problemsOf, pruned, requestOf } from '#client/adopt/draft.ts';
import { coastOf, type Land } from '#client/map/coast.ts';
import { fitting } from '#client/map/labelFit.ts';
import { nearest } from '#client/map/nearest.ts';
import { type Entry, findStations, newHits, ordered } from '#client/search/entries.ts';
import { scaleFor } from '#client/state/scale.ts';
import { adoptRequest, type City, type StationSummary, type UnregisteredStation } from '#twin/wire/api.ts';

const CITY = {
  bounds: [117.8, 24.4, 118.4, 24.9],
  districts: [{ code: '350203', name: { zh: '思明区', en: 'Siming' }, lon: 118.1, lat: 24.45 }],
  supplyZones: [{ id: 'Z1', name: { zh: '高殿', en: 'Gaodian' } }],
} as unknown as City;

const GATEWAY: UnregisteredStation = {
  code: 'PR-0931',
  group: 'XM',
  firstSeen: 0,
  lastMessage: 0,
  metrics: [{ name: 'Low/Pressure', datatype: 'Float', unit: 'MPa', value: '0.41' }],
  suggestion: {
    kind: 'tank',
    sets: [{ zone: 'LO', pumps: 2 }],
    mapping: { 'Low/Pressure': 'LO/P_OUT', Level: 'L1' },
  },
};

const named = (code: string, zh: string) => ({ code, name: { zh, en: code } }) as StationSummary;

describe('adopting a station', () => {
  const filled = () => ({
    ...draftOf(GATEWAY, CITY),
    name: { zh: ' 新泵房 ', en: 'New' },
    lon: 118.1,
    lat: 24.5,
  });

  it('begins with what its gateway suggests and asks for the rest', () => {
    const draft = draftOf(GATEWAY, CITY);
    expect(draft.mapping).toEqual(GATEWAY.suggestion.mapping);
    expect(problemsOf(draft, CITY).map(({ field }) => field)).toEqual(['nameZh', 'nameEn', 'lon', 'lat']);
  });

  it('sends what the contract takes', () => {
    expect(problemsOf(filled(), CITY)).toEqual([]);
    expect(adoptRequest.parse(requestOf(filled())).name.zh).toBe('新泵房');
  });

  it('refuses a place outside the city and a point mapped twice', () => {
    const draft = { ...filled(), lon: 110, mapping: { a: 'P_IN', b: 'P_IN' } };
    expect(problemsOf(draft, CITY)).toEqual([
      { field: 'lon', problem: 'outside' },
      { field: 'mapping', problem: 'duplicate', point: 'P_IN' },
    ]);
  });

  it('forgets mappings to points that the chosen kind does not have', () => {
    expect(pruned({ ...filled(), kind: 'inline' }).mapping).toEqual({ 'Low/Pressure': 'LO/P_OUT' });
  });
});

describe('the coast', () => {
  const square = (west: number, south: number, east: number, north: number): Land['features'][number] => ({
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, south],
          [east, south],
          [east, north],
          [west, north],
          [west, south],
        ],
      ],
    },
  });
  const land = (...features: Land['features']): Land => ({ type: 'FeatureCollection', features });

  it('is drawn only where the land really ends', () => {
    const { coast, box } = coastOf(land(square(0, 0, 1, 1), square(3, 3, 4, 4), square(1.5, 1.5, 2.5, 2.5)));
    const pieces = coast.features[0]!.geometry.coordinates;
    expect(pieces).toEqual([
      [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      [
        [3, 3],
        [4, 3],
      ],
      [
        [3, 4],
        [3, 3],
      ],
      [
        [1.5, 1.5],
        [2.5, 1.5],
        [2.5, 2.5],
        [1.5, 2.5],
        [1.5, 1.5],
      ],
    ]);
    expect(box[0]).toEqual([0, 0]);
    expect(box[2]).toEqual([4, 4]);
  });

  it('may be unknown', () => {
    expect(coastOf(land()).box).toEqual([]);
    expect(coastOf(land()).coast.features).toEqual([]);
  });
});

describe('labels of places', () => {
  it('give way to those before them', () => {
    const at = (x: number, y: number) => ({ x, y, width: 60, height: 16 });
    expect(fitting([at(0, 0), at(50, 5), at(0, 20), at(61, 0)])).toEqual([true, false, true, true]);
  });
});

describe('finding', () => {
  it('takes the nearest place in reach', () => {
    const places = [{ x: 0, y: 0 }, { x: 10, y: 0 }, null, { x: 11, y: 1 }];
    expect(nearest(4, (i) => places[i]!, 10.4, 0, 12)).toBe(1);
    expect(nearest(4, (i) => places[i]!, 40, 0, 12)).toBe(-1);
  });

  it('puts names that begin with the text first', () => {
    const stations = [named('SM-0002', '上金尚'), named('SM-0001', '金尚新村')];
    expect(findStations(stations, '金尚').map(({ code }) => code)).toEqual(['SM-0001', 'SM-0002']);
    expect(findStations(stations, 'sm-0002').map(({ code }) => code)).toEqual(['SM-0002']);
    expect(findStations(stations, '  ')).toEqual([]);
  });

  it('shows a station once, and pages and actions only where their words match', () => {
    const hit = {
      type: 'station' as const,
      id: 'SM-0001',
      label: { zh: '', en: '' },
      detail: { zh: '', en: '' },
      lon: 0,
      lat: 0,
    };
    expect(newHits([hit, { ...hit, type: 'main', id: 'SM-0001' }], [named('SM-0001', '')])).toHaveLength(1);
    const entry = (id: string, group: Entry['group'], label: string): Entry => ({
      id,
      group,
      label,
      detail: '',
      run: () => {},
    });
    const entries = [
      entry('1', 'actions', '浅色主题'),
      entry('2', 'pages', '地图'),
      entry('3', 'stations', '金尚'),
    ];
    expect(ordered(entries, '地').map(({ id }) => id)).toEqual(['3', '2']);
    expect(ordered(entries, '').map(({ id }) => id)).toEqual(['3', '2', '1']);
  });
});

describe('the scale of the page', () => {
  it('grows on a screen that is read from afar', () => {
    expect([390, 1366, 1920, 2560, 3840].map(scaleFor)).toEqual([1, 1, 1, 1.3, 2]);
  });
});
