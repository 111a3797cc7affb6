import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';

const SET_POINT = 0.5;

/** Outlet pressure and speed go to and fro for twenty minutes, by ±0.02 MPa and ±5 Hz. @param period s */
function swinging(period: number): number[] {
  const line = new Timeline(rulesIn(RULES), [ROOM], 'inline:LO1').at(1, {
    MAINS_OK: 1,
    P_IN: 0.3,
    'LO/P_SET': SET_POINT,
    'LO/P1/RUN': 1,
    'LO/P1/FLT': 0,
  });
  for (let t = 2; t < 1200; t += 2) {
    const swing = Math.sin((2 * Math.PI * t) / period);
    line.at(t, { 'LO/P_OUT': SET_POINT - 0.02 * swing, 'LO/P1/HZ': 38 + 5 * swing });
  }
  return line.run(1200).seconds('raised', 'F25-HUNTING');
}

describe('a pressure that swings with the speed of its pump', () => {
  it('hunts when it goes to and fro in a quarter of a minute', () => {
    const told = swinging(14);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThan(900);
  });

  it('follows demand when it takes most of a minute', () => {
    expect(swinging(45)).toEqual([]);
  });
});
