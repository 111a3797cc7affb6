import { describe, expect, test } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX, type OverviewKey, StationFlag } from '#twin/overview/columns.ts';
import { fillOverviewRow, hasBadData, readRow } from '#twin/overview/row.ts';
import { addStation, emptyState } from '#twin/state/columns.ts';
import { Quality } from '#twin/state/quality.ts';

interface Given {
  template?: string;
  values?: Record<string, number>;
  qualities?: Record<string, number>;
  tankHeight?: number;
  row?: number;
}

/** A row of the overview of a station that has these values, all of them good unless said otherwise. */
function rowOf({ template = 'tank:LO3+MI2', values = {}, qualities = {}, tankHeight = 2.5, row = 0 }: Given) {
  const place = addStation(emptyState(), 'SM-0001', template);
  const at = (name: string) => templateById(template).index.get(name)!;
  for (const [name, value] of Object.entries(values)) {
    place.columns.values[at(name)]![place.row] = value;
    place.columns.qualities[at(name)]![place.row] = qualities[name] ?? Quality.good;
    place.columns.lastMessage[place.row] = 1_780_000_000_500;
  }
  const target = new Float64Array((row + 2) * OVERVIEW_COLUMNS.length).fill(-77);
  fillOverviewRow(target, row, place.columns.template, readRow(place.columns, place.row), {
    state: 1,
    lastMessage: 1_780_000_000_500,
    tankHeight,
    extraFlags: 0,
  });
  const cell = (key: OverviewKey) => target[row * OVERVIEW_COLUMNS.length + OVERVIEW_INDEX[key]]!;
  return { cell, target, bad: hasBadData(place.columns, place.row) };
}

describe('a row of the overview', () => {
  test('shows the station in the units of its columns', () => {
    const { cell } = rowOf({
      values: {
        P_IN: 0.28,
        F_IN: 12,
        L1: 2,
        L2: 1,
        P_TOT: 7.5,
        'LO/P_OUT': 0.41,
        'LO/P_SET': 0.4,
        'MI/P_OUT': 0.69,
        'MI/P_SET': 0.72,
        'LO/F_OUT': 6,
        'MI/F_OUT': 4,
        'LO/P1/RUN': 1,
        'LO/P2/RUN': 0,
        'MI/P1/RUN': 1,
      },
    });
    expect(cell('state')).toBe(1);
    expect(cell('inletPressure')).toBe(0.28);
    expect(cell('outletPressure')).toBe(0.41);
    expect(cell('pressureError')).toBeCloseTo(-0.03, 9);
    expect(cell('inflow')).toBe(12);
    expect(cell('outflow')).toBe(10);
    expect(cell('level')).toBeCloseTo(60, 9);
    expect(cell('power')).toBe(7.5);
    expect(cell('pumpsRunning')).toBe(2);
    expect(cell('flags')).toBe(0);
    expect(cell('lastMessage')).toBe(1_780_000_000.5);
  });

  test('what nobody measured is no value, not zero', () => {
    const { cell } = rowOf({});
    for (const key of ['inletPressure', 'outletPressure', 'outflow', 'level', 'pumpsRunning'] as const)
      expect(cell(key)).toBeNaN();
    expect(cell('flags')).toBe(0);
  });

  test('a level counts over the compartments that are measured', () => {
    expect(rowOf({ values: { L1: 1 } }).cell('level')).toBeCloseTo(40, 9);
    expect(rowOf({ template: 'inline:LO2', tankHeight: Number.NaN }).cell('level')).toBeNaN();
  });

  test('only its own row is written', () => {
    const { target } = rowOf({ row: 1, values: { P_IN: 0.3 } });
    const width = OVERVIEW_COLUMNS.length;
    expect(
      [...target.subarray(0, width), ...target.subarray(2 * width)].every((value) => value === -77),
    ).toBe(true);
  });

  test.each([
    ['a stale value is shown as last known', Quality.stale, 0.28],
    ['a substituted value is shown', Quality.substituted, 0.28],
    ['a spike is not shown', Quality.spike, Number.NaN],
    ['a value out of range is not shown', Quality.outOfRange, Number.NaN],
    ['a frozen value is not shown', Quality.frozen, Number.NaN],
  ])('%s', (_what, quality, shown) => {
    const { cell } = rowOf({ values: { P_IN: 0.28 }, qualities: { P_IN: quality } });
    expect(cell('inletPressure')).toEqual(shown);
  });

  test('what it stands on must be trusted, else it says so', () => {
    const trusted = rowOf({
      template: 'inline:LO1',
      values: { P_IN: 0.3, F_IN: 1, 'LO/P_OUT': 0.5, 'LO/F_OUT': 1 },
    });
    expect(trusted.bad).toBe(false);
    const frozen = rowOf({
      template: 'inline:LO1',
      values: { P_IN: 0.3, F_IN: 1, 'LO/P_OUT': 0.5, 'LO/F_OUT': 1 },
      qualities: { 'LO/P_OUT': Quality.frozen },
    });
    expect(frozen.bad).toBe(true);
    // a room that is not connected yet says nothing wrong
    expect(rowOf({}).bad).toBe(false);
    // one of which a transmitter was dead when it was born does
    expect(rowOf({ template: 'inline:LO1', values: { P_IN: 0.3, F_IN: 1, 'LO/F_OUT': 1 } }).bad).toBe(true);
  });

  test.each<[string, Record<string, number>, number]>([
    ['a pump fault', { 'LO/P2/FLT': 1 }, StationFlag.pumpFault],
    ['mains power gone', { MAINS_OK: 0 }, StationFlag.powerLost],
    ['mains power there', { MAINS_OK: 1 }, 0],
    ['water on the floor', { FLOOD: 1 }, StationFlag.flooded],
    ['low inlet pressure', { P_IN: 0.17 }, StationFlag.limit],
    ['high inlet pressure', { P_IN: 0.51 }, StationFlag.limit],
    ['outlet pressure too far from its set-point', { 'MI/P_OUT': 0.8, 'MI/P_SET': 0.72 }, StationFlag.limit],
    ['outlet pressure near its set-point', { 'MI/P_OUT': 0.74, 'MI/P_SET': 0.72 }, 0],
    ['an outlet pressure whose set-point is unknown', { 'MI/P_OUT': 0.8 }, 0],
    ['two things at once', { FLOOD: 1, MAINS_OK: 0 }, StationFlag.flooded | StationFlag.powerLost],
  ])('%s is flagged', (_what, values, flags) => {
    expect(rowOf({ values }).cell('flags')).toBe(flags);
  });
});
