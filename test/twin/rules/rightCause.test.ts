import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';
import { Quality, type QualityCode } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

const RULES_IN_FORCE = rulesIn(RULES);

/** A tank room on a quiet day, transmitters a little restless. @param wobble of this second */
const quiet = (wobble: number) => ({
  ...{ MAINS_OK: 1, U_A: 380, U_B: 380, U_C: 380, P_IN: 0.3 + wobble, L1: 2, L2: 2, LSLL: 0, LSHH: 0 },
  ...{ ZV_CMD: 0, ZV_IN: 0, F_IN: 0, 'LO/P_SET': 0.5, 'LO/P_OUT': 0.5 + wobble, 'LO/F_OUT': 10 },
  ...{ 'LO/P1/RUN': 1, 'LO/P1/HZ': 40 },
});

/** What people are told, with the priority, when `change` lies over a quiet room from the 20th minute on. */
function toldWith(
  minutes: number,
  change: (minute: number, wobble: number) => Record<string, number>,
): string[] {
  const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
  for (let second = 1; second < 60 * minutes; second += 10) {
    const wobble = 0.001 * (second % 7);
    const minute = second / 60 - 20;
    line.at(second, { ...quiet(wobble), ...(minute > 0 && change(minute, wobble)) });
  }
  return line.log.filter(({ annunciates }) => annunciates).map(({ rule, priority }) => `${rule} ${priority}`);
}

describe('the library', () => {
  it('tells of a burst behind a tank although the main is low too', () => {
    const burst = (_: number, wobble: number) => ({
      ...{ P_IN: 0.08 + wobble, 'LO/P_OUT': 0.15 + wobble, 'LO/F_OUT': 60, 'LO/P1/HZ': 50 },
    });
    expect(toldWith(30, burst)).toContain('F01-PRESSURE-LOST 1');
  });

  it('takes a dead inlet meter for what it is while both levels rise', () => {
    const rising = (minute: number) => ({
      ZV_CMD: 80,
      ZV_IN: 80,
      F_IN: 0,
      L1: 2 + 0.01 * minute,
      L2: 2 + 0.01 * minute,
    });
    expect(toldWith(45, rising)).toEqual(['F41-METER-ZERO 3']);
    const still = () => ({ ZV_CMD: 80, ZV_IN: 80, F_IN: 0 });
    expect(toldWith(45, still)).toEqual(['F20-NO-FILLING 1']);
  });

  it('finds a level transmitter that stands still by the other one', () => {
    const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
    for (let second = 1; second < 1200; second += 10)
      line.at(second, { L1: 1.5 }, { quality: Quality.frozen }).at(second + 1, { L2: 2.5 });
    expect(line.seconds('raised', 'F18-LEVELS-DISAGREE')).toHaveLength(1);
  });

  it('tells of a top floor without pressure while the outlet has its own', () => {
    expect(toldWith(45, () => ({ 'LO/P_END': 0.04 }))).toEqual(['TOP-FLOOR-LOW 2']);
    const short = (_: number, wobble: number) => ({ 'LO/P_END': 0.04, 'LO/P_OUT': 0.39 + wobble });
    expect(toldWith(45, short)).toEqual(['PRESSURE-LOW 2']);
  });

  it('tells of a set-point that gives the top floor too much', () => {
    expect(toldWith(100, () => ({ 'LO/P_END': 0.36 }))).toEqual(['TOP-FLOOR-HIGH 4']);
  });

  it.each([
    ['U_B', 381, 'F15-VOLTAGE-FROZEN'],
    ['TURB', 0.2, 'F36-TURBIDITY-STILL'],
    ['L2', 2, 'F15-LEVEL-FROZEN'],
  ])('tells of a %s that stands still at %d, and not of one that is lost', (point, value, rule) => {
    const told = (quality: QualityCode) => {
      const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
      for (let second = 1; second < 3000; second += 10)
        line.at(second, { ...quiet(0.001 * (second % 7)) }).at(second + 1, { [point]: value }, { quality });
      return line.seconds('raised', rule).length;
    };
    expect(told(Quality.frozen)).toBe(1);
    expect(told(Quality.stale)).toBe(0);
  });

  it('takes a dead phase for a dead phase, not for a meter that stands still', () => {
    const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
    for (let second = 1; second < 3000; second += 10)
      line.at(second, quiet(0.001 * (second % 7))).at(second + 1, { U_B: 0 }, { quality: Quality.frozen });
    expect(line.seconds('raised', 'F15-VOLTAGE-FROZEN')).toEqual([]);
  });

  it('counts how often it returns wherever it returns within minutes', () => {
    const soon = RULES_IN_FORCE.filter(
      ({ text, onDelay, offDelay, hold, alone }) =>
        text.when && alone && !text.latch && hold === 0 && onDelay <= 5 * MINUTE && offDelay <= 2 * MINUTE,
    );
    // a window of an hour and more, or a record, does not come and go
    const slow = /1 h|30 min|CLEANED/;
    const uncounted = soon.filter(({ text, chatter }) => !chatter && !slow.test(text.when!));
    expect(uncounted.map(({ text }) => text.id)).toEqual([]);
  });

  it('tells the causes of a fault of a drive apart', () => {
    const first = (values: Record<string, number>) => {
      const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
      for (let second = 1; second < 120; second += 10)
        line.at(second, { ...quiet(0.001 * (second % 7)), 'LO/P1/FLT': second > 60 ? 1 : 0, ...values });
      const alarm = line.engine.alarms.get(`F09-PUMP-FAULT|${ROOM}|LO/P1`)!;
      return alarm.diagnosis[0]!.cause.en;
    };
    expect(first({ 'LO/P1/T_VFD': 82 })).toBe('The drive was too hot');
    expect(first({ U_C: 338 })).toBe('Low voltage or a lost phase');
    expect(first({ 'LO/P1/T_MOT': 60 })).toBe('Insulation of the motor or its cable');
  });

  it('says which of two level transmitters is wrong where a switch does', () => {
    const first = (values: Record<string, number>) => {
      const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
      for (let second = 1; second < 600; second += 10)
        line.at(second, { ...quiet(0.001 * (second % 7)), ...values });
      const alarm = line.engine.alarms.get(`F18-LEVELS-DISAGREE|${ROOM}|`)!;
      return alarm.diagnosis[0]!.cause.en;
    };
    expect(first({ L1: 1.4, L2: 0.2, LSLL: 1 })).toBe('Transmitter 1 is wrong');
    expect(first({ L1: 2.9, L2: 2.4, LSHH: 1 })).toBe('Transmitter 2 is wrong');
  });

  it('says which of two level transmitters is wrong where one stands still', () => {
    const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO1', 10);
    for (let second = 1; second < 3000; second += 10)
      line.at(second, { ...quiet(0.001 * (second % 7)), L1: 2.4 - (0.5 * second) / 3600, L2: 2.4 });
    const alarm = line.engine.alarms.get(`F18-LEVELS-DISAGREE|${ROOM}|`)!;
    expect(alarm.diagnosis[0]!.cause.en).toBe('Transmitter 2 is wrong');
  });

  it('tells of a power factor that is low for an hour', () => {
    expect(toldWith(120, () => ({ PF_TOT: 0.8, P_TOT: 5 }))).toEqual(['POWER-FACTOR-LOW 4']);
  });

  it('tells of an unbalance that comes and goes as of one that stands', () => {
    const hovering = (minute: number) => ({ U_A: Math.floor(minute / 3) % 2 === 0 ? 380 : 392 });
    expect(toldWith(200, hovering).filter((told) => told.startsWith('F11'))).toHaveLength(3);
  });
});
