import { describe, expect, it } from 'vitest';
import { RULES, rulesIn } from '#server/alarms/ruleFolder.ts';
import { ROOM, Timeline } from '#test/twin/alarm/timeline.ts';
import { keyOf } from '#twin/alarm/alarm.ts';
import { type Motors, ratedCurrent } from '#twin/curves/motor.ts';
import { checkCondition } from '#twin/rules/check.ts';
import { parse } from '#twin/rules/parse.ts';

const RULES_IN_FORCE = rulesIn(RULES);
const MOTORS: Motors = { 'LO/P1': 5.5, 'LO/P2': 5.5 };
const RATED = ratedCurrent(5.5);

/** Two pumps that hold their set-point, as far as `given` does not say otherwise, for so many minutes. */
function aSet(minutes: number, given: Record<string, number>, motors?: Motors): Timeline {
  const line = new Timeline(RULES_IN_FORCE, [ROOM], 'tank:LO2', 10, motors);
  const well = {
    ...{ MAINS_OK: 1, U_A: 385, U_B: 385, U_C: 385, 'LO/P_SET': 0.5, 'LO/P_OUT': 0.5, 'LO/F_OUT': 20 },
    ...{ 'LO/P1/RUN': 1, 'LO/P1/HZ': 42, 'LO/P1/I': 0.7 * RATED },
    ...{ 'LO/P2/RUN': 1, 'LO/P2/HZ': 42, 'LO/P2/I': 0.7 * RATED },
  };
  for (let second = 1; second < 60 * minutes; second += 10) {
    const wobble = 0.001 * (second % 7);
    const values = { ...well, ...given };
    line.at(second, { ...values, 'LO/P_OUT': values['LO/P_OUT'] + wobble });
  }
  return line;
}

const overload = (line: Timeline, spot: string) =>
  line.engine.alarms.get(keyOf({ rule: 'F10-OVERLOAD', station: ROOM, spot }))!;
const diagnosis = (line: Timeline, spot: string) =>
  overload(line, spot).diagnosis.map(({ cause: { en } }) => en);

describe('the rated current of a motor', () => {
  it('is a current of a pump', () => {
    expect(checkCondition(parse('I > 1.1 * ratedCurrent()')).scope).toBe('pump');
    expect(() => checkCondition(parse('KW > ratedCurrent()'))).toThrow(/kW.*A|A.*kW/);
    expect(() => checkCondition(parse('I > ratedCurrent(I)'))).toThrow();
  });
});

describe('a motor that draws more than its rated current', () => {
  it('is told within five minutes, that pump alone, and the brake on its rotor comes first', () => {
    const line = aSet(12, { 'LO/P1/I': 1.2 * RATED }, MOTORS);
    expect(line.annunciations()).toEqual(['F10-OVERLOAD LO/P1']);
    expect(line.seconds('raised', 'F10-OVERLOAD')[0]).toBeLessThanOrEqual(330);
    expect(diagnosis(line, 'LO/P1')[0]).toBe('Something brakes the rotor');
  });

  it('alone, near full speed and with the pressure held, is braked too', () => {
    const alone = { 'LO/P1/HZ': 47, 'LO/P1/I': 1.25 * RATED, 'LO/P2/RUN': 0, 'LO/P2/HZ': 0, 'LO/P2/I': 0 };
    expect(diagnosis(aSet(12, alone, MOTORS), 'LO/P1')[0]).toBe('Something brakes the rotor');
  });

  it('with both at full speed and the pressure short has run out of its curve', () => {
    const short = { 'LO/P_OUT': 0.46, 'LO/P1/HZ': 50, 'LO/P2/HZ': 50 };
    const line = aSet(12, { ...short, 'LO/P1/I': 1.15 * RATED, 'LO/P2/I': 1.15 * RATED }, MOTORS);
    expect(line.annunciations()).toEqual(['F10-OVERLOAD LO/P1', 'F10-OVERLOAD LO/P2']);
    expect(diagnosis(line, 'LO/P1')[0]).toBe('Too little head: the pump runs out of its curve');
  });

  it('is not told of at the end of its ordinary range, nor where nobody knows the motor', () => {
    expect(aSet(12, { 'LO/P1/I': 1.05 * RATED }, MOTORS).annunciations()).toEqual([]);
    expect(aSet(12, { 'LO/P1/I': 3 * RATED }).annunciations()).toEqual([]);
  });

  it('stands beneath a voltage that is too low', () => {
    const line = aSet(12, { U_A: 335, U_B: 336, U_C: 335, 'LO/P1/I': 1.2 * RATED }, MOTORS);
    expect(line.annunciations()).toEqual(['F10-UNDERVOLTAGE']);
    expect(overload(line, 'LO/P1').silent).toBe('suppressed');
  });
});
