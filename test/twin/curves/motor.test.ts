import { describe, expect, it } from 'vitest';
import { pumpSet } from '#test/sim/station/builder.ts';
import { ie3Efficiency, motorsOf, ratedCurrent } from '#twin/curves/motor.ts';

describe('a motor’s name plate', () => {
  it('has the efficiency of IEC 60034-30-1, between its sizes too', () => {
    expect(ie3Efficiency(7.5)).toBeCloseTo(0.901, 9);
    expect(ie3Efficiency(9)).toBeGreaterThan(0.901);
  });

  // rated currents of IE3 two-pole motors at 380 to 400 V in makers' lists: 4.6, 8.0, 14.5 and 55 A
  it.each([
    [2.2, 4.6],
    [4, 7.8],
    [7.5, 14.5],
    [30, 56],
  ])('of %d kW draws about %d A', (kw, amperes) => {
    expect(Math.abs(ratedCurrent(kw) / amperes - 1)).toBeLessThan(0.05);
  });

  it('is found by set and pump', () => {
    const pumpSets = [pumpSet({ pump: { family: '15', stages: 7, motorKw: 5.5, count: 2 } })];
    expect(motorsOf({ pumpSets })).toEqual({ 'LO/P1': 5.5, 'LO/P2': 5.5 });
  });
});
