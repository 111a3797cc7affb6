import { describe, expect, it } from 'vitest';
import { keyOf, stateOf } from '#twin/alarm/alarm.ts';
import type { Silencer } from '#twin/alarm/silencer.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { aRule, BEGIN, ROOM, rulesOf, Timeline } from './timeline.ts';

const KEY = keyOf({ rule: 'LOW-INLET', station: ROOM, spot: '' });
const LOW = { P_IN: 0.1 };
const FINE = { P_IN: 0.3 };
/** Looks twice a second. */
const lineOf = (rules: readonly Rule[]) => new Timeline(rules, [ROOM], 'tank:LO3', 0.5);
const line = (given: Partial<RuleText> = {}) => lineOf(rulesOf(aRule(given)));
const stateNow = ({ engine }: Timeline) => {
  const alarm = engine.alarms.get(KEY);
  return alarm ? stateOf(alarm) : 'normal';
};
const acknowledge = (one: Timeline) => one.act({ do: 'acknowledge', key: KEY, by: 'duty' });
const shelf = (given: Partial<Silencer> = {}): Silencer => ({
  ...{ kind: 'shelved', station: ROOM, rule: 'LOW-INLET', until: BEGIN + 20_000, oneShot: false },
  ...{ by: 'duty', reason: 'repair' },
  ...given,
});

/** Every place at which a program may end and another begin, and somebody may edit the rule: none of them is felt. */
const INTERRUPTIONS: Record<string, (one: Timeline) => Timeline> = {
  'without a break': (one) => one,
  'over a restart': (one) => one.restart(),
  'over an edit': (one) => one.edit(one.engine.rules.map((rule) => ({ ...rule }))),
};

describe.each(Object.entries(INTERRUPTIONS))('each transition at its time, %s', (_, interrupt) => {
  it('normal → unacknowledged after the on-delay, begun anew by a lapse', () => {
    const one = line({ for: '2 s' }).at(2.2, LOW).at(3.7, FINE).at(4.2, LOW).run(5);
    interrupt(one).expectBetween(6.2, 7, 'raised').expectNothing(30);
    expect(stateNow(one)).toBe('unacknowledged');
  });

  it('the on-delay waits while nothing is known', () => {
    const one = line({ for: '3 s' }).at(1, LOW).at(2, { P_IN: Number.NaN }).run(4);
    interrupt(one).at(12, LOW);
    one.expectBetween(13.5, 14.5, 'raised').expectNothing(30);
  });

  it('unacknowledged → returned after the off-delay, → normal when somebody has seen it', () => {
    const one = line({ clear: 'P_IN > 0.2 MPa', clearFor: '3 s' }).at(1, LOW).expectBetween(1, 1.5, 'raised');
    one.at(5.3, { P_IN: 0.19 }).at(8.3, FINE).run(10);
    interrupt(one).expectBetween(11.3, 12, 'cleared');
    expect(stateNow(one)).toBe('returned');
    acknowledge(one);
    one.expectBetween(12, 12, 'acknowledged').expectNothing(30);
    expect(stateNow(one)).toBe('normal');
  });

  it('unacknowledged → acknowledged → normal', () => {
    const one = line().at(1, LOW).expectBetween(1, 1.5, 'raised');
    acknowledge(one);
    interrupt(one.expectBetween(1, 1.5, 'acknowledged'));
    expect(stateNow(one)).toBe('acknowledged');
    one.at(6, FINE).expectBetween(6, 6.5, 'cleared').expectNothing(30);
    expect(stateNow(one)).toBe('normal');
  });

  it('a minimum hold keeps it, whatever returns', () => {
    const one = line({ hold: '10 s' }).at(1, LOW).expectBetween(1, 1.5, 'raised').at(2, FINE).run(5);
    interrupt(one).expectBetween(11, 11.5, 'cleared').expectNothing(30);
  });

  it('→ latched, → normal when it is acknowledged and reset', () => {
    const one = line({ latch: true }).at(1, LOW).expectBetween(1, 1.5, 'raised').at(3, FINE);
    interrupt(one.expectBetween(3, 3.5, 'cleared'));
    expect(stateNow(one)).toBe('latched');
    acknowledge(one);
    interrupt(one.expectBetween(3, 4, 'acknowledged'));
    one.act({ do: 'reset', key: KEY, by: 'duty' });
    one.expectBetween(3, 4, 'reset').expectNothing(30);
    expect(stateNow(one)).toBe('normal');
  });

  it('→ shelved until the shelf ends, → told then', () => {
    const one = line().run(1);
    one.act({ do: 'silence', silencer: shelf() });
    one.expectBetween(1, 1, 'shelved').at(3, LOW).expectBetween(3, 3.5, 'shelved');
    interrupt(one.run(10));
    expect(stateNow(one)).toBe('shelved');
    one.expectBetween(20, 20.5, 'unshelved').expectBetween(20, 20.5, 'raised').expectNothing(40);
  });

  it('→ out of service, → told when it is in service again', () => {
    const one = line().run(1);
    one.act({ do: 'silence', silencer: shelf({ kind: 'outOfService', until: null }) });
    one.expectBetween(1, 1, 'outOfService').at(3, LOW).expectBetween(3, 3.5, 'outOfService');
    interrupt(one).expectNothing(40);
    one.act({ do: 'endSilence', kind: 'outOfService', station: ROOM, rule: 'LOW-INLET', by: 'duty' });
    one.expectBetween(40, 40, 'inService').expectBetween(40, 40, 'raised').expectNothing(60);
  });

  it('→ suppressed beneath its cause, → freed and told after its own delay', () => {
    const one = lineOf(
      rulesOf(
        aRule({ for: '2 s', suppressedBy: ['POWER'] }),
        aRule({ id: 'POWER', when: 'not MAINS_OK', for: '3 s' }),
      ),
    ).at(1, { ...FINE, MAINS_OK: 1 });
    one.at(5.2, { ...LOW, MAINS_OK: 0 }).run(7);
    interrupt(one).expectBetween(8.2, 9, 'raised', 'POWER').expectBetween(8.2, 9, 'suppressed');
    expect(stateNow(one)).toBe('suppressed');
    interrupt(one.run(12)).at(20.2, { MAINS_OK: 1 });
    one.expectBetween(20.2, 21, 'cleared', 'POWER').expectBetween(20.2, 21, 'freed').run(21.5);
    interrupt(one).expectBetween(22, 23, 'raised').expectNothing(60);
  });

  it('is escalated and downgraded, once each', () => {
    const one = line({
      priority: 3,
      escalate: { after: '10 s', to: 1 },
      downgrade: { after: '20 s', to: 4 },
    });
    one.at(1, LOW).expectBetween(1, 1.5, 'raised').run(5);
    interrupt(interrupt(one).expectBetween(11, 11.5, 'escalated')).expectBetween(21, 21.5, 'downgraded');
    interrupt(one).expectNothing(120);
  });

  it('chatters, settles, and is over', () => {
    const one = line({ chatter: { count: 3, within: '20 s' } });
    for (const second of [1, 4, 7, 10]) one.at(second, LOW).at(second + 1, FINE);
    one.expectBetween(1, 1.5, 'raised').expectBetween(2, 2.5, 'cleared');
    one.expectBetween(4, 4.5, 'raised').expectBetween(5, 5.5, 'cleared');
    one.expectBetween(7, 7.5, 'raised').expectBetween(7, 7.5, 'chatter');
    interrupt(one).expectBetween(31, 31.5, 'settled').expectBetween(31, 31.5, 'cleared').expectNothing(60);
  });
});

it('what is said of a timeline is checked: a wrong time, another thing, and too much are told', () => {
  const one = () => line().at(5, LOW);
  expect(() => one().expectBetween(1, 4, 'raised')).toThrow('nothing happened');
  expect(() => one().expectBetween(6, 9, 'raised')).toThrow('was raised at 5 s');
  expect(() => one().expectBetween(5, 9, 'cleared')).toThrow('was raised at 5 s');
  expect(() => one().expectNothing(9)).toThrow('was raised at 5 s');
});
