import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';

const H = 3600;
const SET_POINT = 0.5;
const room = (kind: string) => new Timeline(rulesIn(RULES), [ROOM], `${kind}:LO1`);
const pump = (runs: boolean) => ({ 'LO/P1/RUN': Number(runs), 'LO/P1/HZ': runs ? 42 : 0, 'LO/P1/FLT': 0 });
const WELL = {
  MAINS_OK: 1,
  P_IN: 0.3,
  'LO/P_SET': SET_POINT,
  'LO/P_OUT': SET_POINT,
  'LO/P_STEP': 0.01,
  ...pump(true),
};
const STANDS = { ...pump(false), 'LO/P_OUT': 0.3 };

describe('inlet protection that stops the pumps', () => {
  const told = (line: Timeline) => line.seconds('raised', 'F22-INLET-CHATTER');

  it('is no chatter while the main is lost, nor in the minute that it waits once the main is back', () => {
    const line = room('inline')
      .at(1, WELL)
      .at(H, { P_IN: 0.02, ...STANDS })
      .at(2.5 * H, { P_IN: 0.3 })
      .at(2.5 * H + 90, WELL)
      .run(4 * H);
    expect(told(line)).toEqual([]);
  });

  it('nor while a main that is low, not empty, keeps it', () => {
    const line = room('inline')
      .at(1, WELL)
      .at(H, { P_IN: 0.12, ...STANDS })
      .at(1.5 * H, { P_IN: 0.3 })
      .at(1.5 * H + 90, WELL)
      .run(3 * H);
    expect(told(line)).toEqual([]);
  });

  it('is told when it stops them again and again though the main is well', () => {
    const line = room('inline').at(1, WELL);
    for (let stop = H; stop < 1.4 * H; stop += 300) line.at(stop, STANDS).at(stop + 65, WELL);
    expect(told(line)).toHaveLength(1);
    expect(told(line)[0]).toBeLessThan(H + 600);
  });
});

describe('steps of the pressure', () => {
  const told = (line: Timeline) => line.seconds('raised', 'F31-WATER-HAMMER');
  /** kept for a minute */
  const step = (line: Timeline, second: number, given = {}) =>
    line.at(second, { 'LO/P_STEP': 0.2, ...given }).at(second + 60, { 'LO/P_STEP': 0.01 });

  it('of a power cut and of the return from it are no water hammer', () => {
    const line = room('tank').at(1, WELL).at(H, { MAINS_OK: 0 });
    step(line, H + 5, STANDS);
    step(line, H + 1800, { MAINS_OK: 1, ...pump(true) });
    line.at(H + 1880, WELL).run(2 * H + 1800);
    expect(told(line)).toEqual([]);
  });

  it('of three short power cuts are none', () => {
    const line = room('tank').at(1, WELL);
    for (const cut of [H, 1.3 * H, 1.6 * H]) {
      line.at(cut, { MAINS_OK: 0 });
      step(line.at(cut + 5, STANDS), cut + 20, { MAINS_OK: 1, 'LO/P_STEP': 0.2, ...pump(true) });
      line.at(cut + 90, WELL);
    }
    line.run(3 * H);
    expect(told(line)).toEqual([]);
  });

  it('are water hammer when a pump that stops makes them while the pressure is held', () => {
    const line = room('tank').at(1, WELL);
    for (const stop of [H, H + 900]) {
      step(line, stop, pump(false));
      line.at(stop + 600, pump(true));
    }
    expect(told(line.run(1.5 * H))).toHaveLength(1);
  });

  it('nor does one reading that the wave itself took down hide them', () => {
    const line = room('tank').at(1, WELL);
    for (const stop of [H, H + 900]) {
      line.at(stop, { 'LO/P_STEP': 0.2, 'LO/P_OUT': 0.3 }).at(stop + 2, { 'LO/P_OUT': SET_POINT });
      line.at(stop + 60, { 'LO/P_STEP': 0.01 });
    }
    expect(told(line.run(1.5 * H))).toHaveLength(1);
  });
});
