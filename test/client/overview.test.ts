import { describe, expect, it } from 'vitest';
import { appearances } from '#client/map/appearance.ts';
import { COLOUR_RULES, colourer, placeOf, valueAt } from '#client/map/colouring.ts';
import { countStates, flagsOf, priorityOf, stateOf } from '#client/overview/condition.ts';
import { ageOf, readings } from '#client/overview/readings.ts';
import { matches, sortRows } from '#client/overview/select.ts';
import { THEMES } from '#client/theme/tokens.ts';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX, type OverviewKey, StationFlag } from '#twin/overview/columns.ts';
import type { StationSummary } from '#twin/wire/api.ts';
import { emptySheet, type Sheet } from '#twin/wire/sheet.ts';

type Row = Partial<Record<OverviewKey, number>>;

const LIVE: Row = { state: 1, flags: 0, lastMessage: 1000 };
const STALE: Row = { state: 2, flags: 0, lastMessage: 900 };
const OFFLINE: Row = { state: 3, flags: 0, lastMessage: 100 };
const NEVER: Row = { state: 0, flags: 0 };
const FLOODED: Row = { ...LIVE, flags: StationFlag.flooded | StationFlag.limit };
const PUMP_FAULT: Row = { ...LIVE, flags: StationFlag.pumpFault };

function city(...rows: Row[]): Sheet {
  const sheet = emptySheet(rows.length, OVERVIEW_COLUMNS.length);
  rows.forEach((row, i) => {
    for (const [key, value] of Object.entries(row))
      sheet.values[i * OVERVIEW_COLUMNS.length + OVERVIEW_INDEX[key as OverviewKey]] = value;
  });
  return sheet;
}

function station(code: string, district = '350203', zh = '金尚新村'): StationSummary {
  return {
    code,
    name: { zh, en: 'Jinshang' },
    kind: 'tank',
    district,
    supplyZone: 'Z1',
    template: 'tank:LO2',
    registered: true,
    lon: 118,
    lat: 24.5,
  };
}

describe('the condition of a station', () => {
  it('weighs its most urgent flag', () => {
    const sheet = city(FLOODED, PUMP_FAULT, LIVE, { ...LIVE, flags: StationFlag.badData });
    expect([0, 1, 2, 3].map((row) => priorityOf(sheet, row))).toEqual([1, 2, 0, 4]);
    expect(flagsOf(sheet, 0)).toEqual(['flooded', 'limit']);
  });

  it('is not known to be live when the link is lost', () => {
    const sheet = city(LIVE, OFFLINE);
    expect(stateOf(sheet, 0, true)).toBe('live');
    expect(stateOf(sheet, 0, false)).toBe('stale');
    expect(stateOf(sheet, 1, false)).toBe('offline');
  });

  it('is counted once, and once more when it needs attention', () => {
    const counts = countStates(city(LIVE, FLOODED, STALE, OFFLINE, NEVER), true, () => true);
    expect(counts).toEqual({ live: 2, stale: 1, offline: 1, never: 1, attention: 1 });
  });

  it('is read with units, and silence is no age', () => {
    const sheet = city({ ...LIVE, outletPressure: 0.3804, pressureError: -0.05 }, NEVER);
    expect(
      readings(sheet, 0, true).values.map(({ column, text }) => `${column.key} ${text} ${column.unit}`),
    ).toEqual(['outletPressure 0.380 MPa', 'pressureError −0.050 MPa']);
    expect(ageOf(sheet, 0, 1_003_000)).toBe(3000);
    expect(ageOf(sheet, 1, 1_003_000)).toBeNaN();
  });
});

describe('the list of stations', () => {
  const stations = [station('B'), station('A'), station('C', '350206'), station('D', '350203', '禾祥花园')];
  const sheet = city(LIVE, OFFLINE, FLOODED, PUMP_FAULT);
  const rows = (selection: Partial<Parameters<typeof matches>[3]>) => {
    const includes = matches(stations, sheet, true, { district: '', state: 'all', text: '', ...selection });
    return [0, 1, 2, 3].filter(includes).map((row) => stations[row]!.code);
  };

  it('is narrowed by district, state and text', () => {
    expect(rows({ district: '350206' })).toEqual(['C']);
    expect(rows({ state: 'offline' })).toEqual(['A']);
    expect(rows({ state: 'attention' })).toEqual(['C', 'D']);
    expect(rows({ text: ' 禾祥 ' })).toEqual(['D']);
    expect(rows({ text: 'jins' })).toEqual(['B', 'A', 'C', 'D']);
  });

  it('puts what needs attention first, equal ones by code', () => {
    const sorted = sortRows([0, 1, 2, 3], 'attention', stations, sheet, true, () => 0);
    expect(sorted.map((row) => stations[row]!.code)).toEqual(['C', 'D', 'A', 'B']);
  });

  it('puts the largest value first and those without one last', () => {
    const values = [2, Number.NaN, 7, 2];
    const sorted = sortRows([0, 1, 2, 3], 'value', stations, sheet, true, (row) => values[row]!);
    expect(sorted.map((row) => stations[row]!.code)).toEqual(['C', 'B', 'D', 'A']);
  });
});

describe('how a station looks on the map', () => {
  const theme = THEMES.dark;

  it('has the shape of its priority, and a quiet dot when all is well', () => {
    const look = appearances('state', theme);
    const sheet = city(LIVE, FLOODED, PUMP_FAULT, STALE, OFFLINE, NEVER);
    expect([0, 1, 2, 3, 4, 5].map((row) => look(sheet, row, true).icon)).toEqual([
      'dot',
      'triangle',
      'diamond',
      'stale',
      'offline',
      'never',
    ]);
  });

  it('is drawn the higher the more urgent it is', () => {
    const look = appearances('state', theme);
    const sheet = city(FLOODED, PUMP_FAULT, STALE, LIVE, NEVER);
    const ranks = [0, 1, 2, 3, 4].map((row) => look(sheet, row, true).rank);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
  });

  it('is hollow under any colouring as soon as the link is lost', () => {
    const sheet = city({ ...LIVE, level: 50 });
    for (const colouring of ['state', 'level'] as const) {
      expect(appearances(colouring, theme)(sheet, 0, true).icon).toBe('dot');
      expect(appearances(colouring, theme)(sheet, 0, false).icon).toBe('stale');
    }
  });

  it('is marked when it has no such value', () => {
    expect(appearances('level', theme)(city(LIVE), 0, true).icon).toBe('never');
  });
});

describe('colour rules', () => {
  const rules = Object.values(COLOUR_RULES).filter((rule) => rule !== null);

  it.each(rules)('$column: place and value are inverse, and end at the ends', (rule) => {
    for (const place of [0, 0.25, 0.5, 1]) expect(placeOf(valueAt(place, rule), rule)).toBeCloseTo(place, 9);
    expect(placeOf(rule.high * 100, rule)).toBe(1);
    expect(placeOf(-1e9, rule)).toBe(0);
    expect(colourer(rule, THEMES.dark)(Number.NaN)).toBeUndefined();
  });
});
