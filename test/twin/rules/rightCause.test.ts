import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';
import { Quality } from '#twin/state/quality.ts';

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

  it('tells of a power factor that is low for an hour', () => {
    expect(toldWith(120, () => ({ PF_TOT: 0.8, P_TOT: 5 }))).toEqual(['POWER-FACTOR-LOW 4']);
  });

  it('tells of an unbalance that comes and goes as of one that stands', () => {
    const hovering = (minute: number) => ({ U_A: Math.floor(minute / 3) % 2 === 0 ? 380 : 392 });
    expect(toldWith(200, hovering).filter((told) => told.startsWith('F11'))).toHaveLength(3);
  });
});
