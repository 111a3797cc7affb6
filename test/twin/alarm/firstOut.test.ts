import { describe, expect, it } from 'vitest';
import type { RuleText } from '#twin/rules/rule.ts';
import { aRule, rulesOf, Timeline } from './timeline.ts';

const firstOut = { group: 'inlet', within: '1 min' };
const low = aRule({ firstOut });
const high = (given: Partial<RuleText> = {}) =>
  aRule({ id: 'NO-FLOW', when: 'F_IN < 1 m³/h', firstOut, ...given });
const FINE = { P_IN: 0.3, F_IN: 10 };

describe('of a first-out group', () => {
  it('the first is told, what follows at once stands beneath it', () => {
    const line = new Timeline(rulesOf(low, high()))
      .at(1, FINE)
      .at(10, { F_IN: 0 })
      .at(40, { P_IN: 0.1 })
      .run(50);
    expect(line.annunciations()).toEqual(['NO-FLOW']);
    expect([...line.engine.alarms.values()].map(({ rule, silent, cause }) => [rule, silent, cause])).toEqual([
      ['NO-FLOW', null, null],
      ['LOW-INLET', 'suppressed', 'NO-FLOW|SM-0001|'],
    ]);
  });

  it('whichever it is: the order of the rules says nothing', () => {
    const line = new Timeline(rulesOf(low, high()))
      .at(1, FINE)
      .at(10, { P_IN: 0.1 })
      .at(40, { F_IN: 0 })
      .run(50);
    expect(line.annunciations()).toEqual(['LOW-INLET']);
  });

  it('what comes long after is another matter', () => {
    const line = new Timeline(rulesOf(low, high()))
      .at(1, FINE)
      .at(10, { F_IN: 0 })
      .at(90, { P_IN: 0.1 })
      .run(100);
    expect(line.annunciations()).toEqual(['NO-FLOW', 'LOW-INLET']);
  });

  it('what is more urgent is told all the same', () => {
    const rules = rulesOf(low, high({ priority: 3 }));
    const line = new Timeline(rules).at(1, FINE).at(10, { F_IN: 0 }).at(20, { P_IN: 0.1 }).run(30);
    expect(line.annunciations()).toEqual(['NO-FLOW', 'LOW-INLET']);
  });

  it('what still stands when the first is gone is told then, and of two of them one', () => {
    const third = aRule({ id: 'WEAK', when: 'RSSI < -90 dBm', firstOut });
    const line = new Timeline(rulesOf(low, high(), third))
      .at(1, { ...FINE, RSSI: -60 })
      .at(10, { F_IN: 0 })
      .at(20, { P_IN: 0.1, RSSI: -95 })
      .at(40, { F_IN: 10 })
      .run(60);
    expect(line.annunciations()).toHaveLength(2);
    const silent = [...line.engine.alarms.values()].filter((alarm) => alarm.silent === 'suppressed');
    expect(silent).toHaveLength(1);
  });

  it('stays so over a restart', () => {
    const line = new Timeline(rulesOf(low, high())).at(1, FINE).at(10, { F_IN: 0 }).at(20, { P_IN: 0.1 });
    line.run(25).restart().run(40);
    expect(line.annunciations()).toEqual(['NO-FLOW']);
  });
});
