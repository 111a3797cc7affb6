import { describe, expect, test } from 'vitest';
import { GapLog } from '#server/ingest/gaps.ts';
import { Overview } from '#server/live/overview.ts';
import { liveSource } from '#server/live/sources.ts';
import { Registry } from '#server/registry/registry.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX, type OverviewKey, StationState } from '#twin/overview/columns.ts';
import { Quality } from '#twin/state/quality.ts';
import { ALARM_SHEET_COLUMNS } from '#twin/wire/alarms.ts';
import { emptySheet } from '#twin/wire/sheet.ts';

const INTERVAL = 2000;

async function aCity(...codes: string[]) {
  const clock = new VirtualClock();
  const registry = await Registry.load(
    fakeDatabase([[/FROM station/, stationRows(...codes.map((code) => aStation(code)))]]),
  );
  const gaps = new GapLog();
  const overview = new Overview(registry, gaps, INTERVAL);
  /** A message of the station with this outlet pressure, now. */
  const hear = (code: string, pressure: number) => {
    const station = registry.byCode.get(code)!;
    const { columns, row } = station.place;
    const point = columns.template.index.get('LO/P_OUT')!;
    columns.values[point]![row] = pressure;
    columns.qualities[point]![row] = Quality.good;
    columns.times[point]![row] = clock.now();
    columns.lastMessage[row] = clock.now();
    overview.touch(station);
  };
  const cell = (row: number, key: OverviewKey) =>
    overview.sheet.values[row * OVERVIEW_COLUMNS.length + OVERVIEW_INDEX[key]];
  const later = (ms: number) => {
    overview.sweep(clock.pass(ms));
    overview.refresh(clock.now());
  };
  return { clock, registry, gaps, overview, hear, cell, later };
}

describe('the overview of the city', () => {
  test('shows each station in its row, and fills only rows that changed', async () => {
    const { overview, hear, cell, later } = await aCity('SM-1', 'SM-2');
    hear('SM-2', 0.5);
    later(0);
    expect([cell(0, 'state'), cell(1, 'state')]).toEqual([StationState.never, StationState.live]);
    expect(cell(1, 'outletPressure')).toBe(0.5);
    overview.sheet.values.fill(-1);
    hear('SM-1', 0.4);
    later(100);
    expect([cell(0, 'outletPressure'), cell(1, 'outletPressure')]).toEqual([0.4, -1]);
  });

  test('a station grows stale by itself, its gap begins with its last message and ends with the next', async () => {
    const { clock, gaps, overview, hear, cell, later } = await aCity('SM-1');
    hear('SM-1', 0.5);
    const last = clock.now();
    later(0);
    later(2 * INTERVAL);
    expect(cell(0, 'state')).toBe(StationState.live);
    later(1);
    expect(cell(0, 'state')).toBe(StationState.stale);
    expect(cell(0, 'outletPressure')).toBe(0.5);
    expect(gaps.newest(9)).toEqual([{ station: 'SM-1', from: last, to: null }]);
    expect(overview.counts).toEqual({ live: 0, stale: 1, offline: 0, never: 0 });
    hear('SM-1', 0.6);
    later(0);
    expect(gaps.newest(9)).toEqual([{ station: 'SM-1', from: last, to: clock.now() }]);
    expect(overview.counts.live).toBe(1);
  });

  test('a station never heard has no gap', async () => {
    const { gaps, later } = await aCity('SM-1');
    later(60_000);
    expect(gaps.newest(9)).toEqual([]);
  });

  test('grows with the list of stations', async () => {
    const { registry, overview, hear, later, cell } = await aCity('SM-1');
    hear('SM-1', 0.5);
    later(0);
    const rows = stationRows(aStation('SM-1'), aStation('SM-2'));
    await registry.reload(fakeDatabase([[/FROM station/, rows]]));
    overview.resize();
    later(0);
    expect(overview.sheet.rows).toBe(2);
    expect([cell(0, 'outletPressure'), cell(1, 'state')]).toEqual([0.5, StationState.never]);
  });
});

/** Nothing is wrong in this city. */
const QUIET = { sheet: () => emptySheet(1, ALARM_SHEET_COLUMNS) };

describe('topics of the live city', () => {
  test('a station shows value, quality and time of each point', async () => {
    const { clock, registry, overview, hear } = await aCity('SM-1');
    hear('SM-1', 0.5);
    const source = liveSource('station:SM-1', registry, overview, QUIET)!;
    const sheet = source.sheet(clock.now());
    const { template } = registry.byCode.get('SM-1')!.place.columns;
    const row = template.index.get('LO/P_OUT')!;
    expect([...sheet.values.subarray(row * 3, row * 3 + 3)]).toEqual([0.5, Quality.good, clock.now()]);
    expect([...sheet.values.subarray(0, 3)]).toEqual([Number.NaN, Quality.bad, Number.NaN]);
    expect(source.resolution(row, 0)).toBe(0.001);
  });

  test('the overview is filled when it is looked at', async () => {
    const { clock, registry, overview, hear, cell } = await aCity('SM-1');
    hear('SM-1', 0.5);
    liveSource('overview', registry, overview, QUIET)!.sheet(clock.now());
    expect(cell(0, 'outletPressure')).toBe(0.5);
  });

  test.each(['', 'station:', 'station:SM-9', 'Overview', 'run:1'])('%j is none', async (name) => {
    const { registry, overview } = await aCity('SM-1');
    expect(liveSource(name, registry, overview, QUIET)).toBeUndefined();
  });
});
