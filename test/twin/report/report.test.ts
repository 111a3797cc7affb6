import { describe, expect, test } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { freshReportMemory, reportRule, selectReport } from '#twin/report/report.ts';

const ROOM = templateById('tank:LO3');
const at = (name: string) => ROOM.index.get(name)!;
const START = Date.UTC(2026, 5, 1);
const INTERVAL = 5000;
const DEADBAND = 0.003;

/** A reporter of a room whose values were all reported at START; every other point stands still. */
function reporter(deadbandScale = 1) {
  const memory = freshReportMemory(ROOM);
  const rule = reportRule(ROOM, deadbandScale);
  const values = Float64Array.from(ROOM.points, ({ type }) => (type === 'bool' ? 0 : 0.5));
  const indexes = new Uint16Array(ROOM.points.length);
  const report = (time: number, changes: Record<string, number> = {}) => {
    for (const [name, value] of Object.entries(changes)) values[at(name)] = value;
    const count = selectReport(memory, rule, values, time, indexes);
    return [...indexes.subarray(0, count)].map((index) => ROOM.points[index]!.name);
  };
  expect(report(START)).toHaveLength(ROOM.points.length);
  return report;
}

describe('report by exception', () => {
  test('tck-id-principles-rbe-recommended: a move of a dead-band is reported, a smaller one is not', () => {
    const report = reporter();
    expect(report(START + 2000, { 'LO/P_OUT': 0.5 + DEADBAND })).toEqual(['LO/P_OUT']);
    expect(report(START + 4000, { 'LO/P_OUT': 0.5 + DEADBAND + 0.002 })).not.toContain('LO/P_OUT');
  });

  test('tck-id-topics-ndata-payload: what moved by its dead-band since it was last reported is reported; small moves add up', () => {
    const report = reporter();
    expect(report(START + 1000, { 'LO/P_OUT': 0.502 })).not.toContain('LO/P_OUT');
    expect(report(START + 2000, { 'LO/P_OUT': 0.504 })).toContain('LO/P_OUT');
  });

  test('with a dead-band of nothing every step of the resolution is reported', () => {
    const report = reporter(0);
    expect(report(START + 2000, { 'LO/P_OUT': 0.501 })).toEqual(['LO/P_OUT']);
    expect(report(START + 4000, { 'LO/P_OUT': 0.5012 })).not.toContain('LO/P_OUT');
  });

  test('tck-id-operational-behavior-data-publish-nbirth-change (SHOULD, kept but for one thing): a still value is reported again when its longest silence is over', () => {
    const report = reporter();
    expect(report(START + INTERVAL - 1)).not.toContain('LO/P_OUT');
    expect(report(START + INTERVAL)).toContain('LO/P_OUT');
    expect(report(START + INTERVAL + 1000)).not.toContain('LO/P_OUT');
  });

  test('a value that goes is reported once, and again when it comes', () => {
    const report = reporter();
    expect(report(START + 1000, { 'LO/P_OUT': Number.NaN })).toEqual(['LO/P_OUT']);
    expect(report(START + 2000)).not.toContain('LO/P_OUT');
    expect(report(START + 3000, { 'LO/P_OUT': 0.5 })).toEqual(['LO/P_OUT']);
  });

  test('a switch is reported whenever it changes', () => {
    const report = reporter();
    expect(report(START + 1000, { DOOR: 1 })).toEqual(['DOOR']);
    expect(report(START + 2000, { DOOR: 0 })).toEqual(['DOOR']);
  });

  test('a station where nothing moves is heard all the same, and no point twice before all the others', () => {
    const report = reporter();
    const seen = [1, 2, 3, 4].flatMap((second) => report(START + second * 1000));
    expect(seen).toHaveLength(4);
    expect(new Set(seen).size).toBe(4);
  });

  test('a clock that was set back a day does not silence a still value', () => {
    const report = reporter();
    const yesterday = START - 86_400_000;
    expect(report(yesterday)).toHaveLength(ROOM.points.length);
    expect(report(yesterday + INTERVAL)).toContain('LO/P_OUT');
  });
});
