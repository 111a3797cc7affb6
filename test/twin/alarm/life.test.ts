import { describe, expect, it } from 'vitest';
import { keyOf, stateOf } from '#twin/alarm/alarm.ts';
import { LONGEST_SHELF, type Silencer } from '#twin/alarm/silencer.ts';
import type { Rule } from '#twin/rules/load.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { Quality } from '#twin/state/quality.ts';
import { aRule, BEGIN, ROOM, rulesOf, Timeline } from './timeline.ts';

const KEY = keyOf({ rule: 'LOW-INLET', station: ROOM, spot: '' });
const stateNow = (line: Timeline) => {
  const alarm = line.engine.alarms.get(KEY);
  return alarm ? stateOf(alarm) : 'normal';
};

describe('delays', () => {
  const delayed = rulesOf(aRule({ for: '10 s', clear: 'P_IN > 0.20 MPa', clearFor: '5 s' }));

  it('raises once the condition has held for its on-delay', () => {
    const line = new Timeline(delayed).at(1, { P_IN: 0.25 }).at(5, { P_IN: 0.1 }).run(30);
    expect(line.seconds('raised')).toEqual([15]);
  });

  it('starts the on-delay anew when the condition lapses', () => {
    const line = new Timeline(delayed)
      .at(5, { P_IN: 0.1 })
      .at(12, { P_IN: 0.25 })
      .at(14, { P_IN: 0.1 })
      .run(40);
    expect(line.seconds('raised')).toEqual([24]);
  });

  it('clears by its own limit and its off-delay: between the limits nothing changes', () => {
    const line = new Timeline(delayed)
      .at(1, { P_IN: 0.1 })
      .at(20, { P_IN: 0.19 })
      .at(60, { P_IN: 0.25 })
      .at(63, { P_IN: 0.19 })
      .at(70, { P_IN: 0.25 })
      .run(90);
    expect(line.seconds('raised')).toEqual([11]);
    expect(line.seconds('cleared')).toEqual([75]);
  });

  it('holds an alarm for its least time', () => {
    const line = new Timeline(rulesOf(aRule({ hold: '1 min' })))
      .at(10, { P_IN: 0.1 })
      .at(12, { P_IN: 0.3 })
      .run(120);
    expect(line.seconds('raised')).toEqual([10]);
    expect(line.seconds('cleared')).toEqual([70]);
  });

  it('does not return while its condition holds, whatever its return asks for', () => {
    const line = new Timeline(rulesOf(aRule({ clear: 'P_IN > 0.1 MPa' })))
      .at(1, { P_IN: 0.15 })
      .at(31, { P_IN: 0.2 })
      .run(60);
    expect(line.seconds('raised')).toEqual([1]);
    expect(line.seconds('cleared')).toEqual([31]);
  });

  it('waits with its return while its condition is not known', () => {
    const line = new Timeline(rulesOf(aRule({ clear: 'F_IN > 2 m³/h', clearFor: '5 s' })))
      .at(1, { P_IN: 0.1, F_IN: 1 })
      .at(10, { P_IN: 0.3, F_IN: 3 })
      .at(12, { P_IN: 0.3 }, { quality: Quality.frozen })
      .at(30, { P_IN: 0.3 })
      .run(60);
    expect(line.seconds('raised')).toEqual([1]);
    expect(line.seconds('cleared')).toEqual([33]);
  });

  it('waits while the value is not known: a frozen sensor neither raises nor clears', () => {
    const line = new Timeline(delayed)
      .at(1, { P_IN: 0.1 })
      .at(6, { P_IN: 0.1 }, { quality: Quality.frozen })
      .at(26, { P_IN: 0.1 })
      .run(40);
    expect(line.seconds('raised')).toEqual([31]);
  });
});

describe('the life of an alarm', () => {
  it('goes from unacknowledged over acknowledged to normal', () => {
    const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).run(5);
    expect(stateNow(line)).toBe('unacknowledged');
    expect(line.act({ do: 'acknowledge', key: KEY, by: 'duty' })).toBeUndefined();
    expect(stateNow(line)).toBe('acknowledged');
    line.at(10, { P_IN: 0.3 }).run(12);
    expect(stateNow(line)).toBe('normal');
  });

  it('stays in the list as returned until somebody has seen it', () => {
    const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).at(5, { P_IN: 0.3 }).run(6);
    expect(stateNow(line)).toBe('returned');
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    expect(stateNow(line)).toBe('normal');
  });

  it('latches until it is acknowledged and reset', () => {
    const line = new Timeline(rulesOf(aRule({ latch: true })))
      .at(1, { P_IN: 0.1 })
      .at(5, { P_IN: 0.3 })
      .run(6);
    expect(stateNow(line)).toBe('latched');
    expect(line.act({ do: 'reset', key: KEY, by: 'duty' })).toBe('it must be acknowledged first');
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    expect(stateNow(line)).toBe('latched');
    line.act({ do: 'reset', key: KEY, by: 'duty' });
    expect(stateNow(line)).toBe('normal');
  });

  it('does not escalate on the shelf', () => {
    const line = new Timeline(rulesOf(aRule({ escalate: { after: '1 min', to: 1 } })))
      .at(1, { P_IN: 0.1 })
      .run(10);
    const silencer = {
      ...{ kind: 'shelved' as const, station: ROOM, rule: 'LOW-INLET', until: BEGIN + 600_000 },
      ...{ oneShot: false, by: 'duty', reason: 'repair' },
    };
    line.act({ do: 'silence', silencer });
    expect(line.run(300).seconds('escalated')).toEqual([]);
  });

  it('escalates while nobody acknowledges, and not after', () => {
    const rules = rulesOf(aRule({ priority: 3, escalate: { after: '1 min', to: 1 } }));
    const left = new Timeline(rules).at(1, { P_IN: 0.1 }).run(100);
    expect(left.seconds('escalated')).toEqual([61]);
    const seen = new Timeline(rules).at(1, { P_IN: 0.1 }).run(30);
    seen.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    expect(seen.run(200).seconds('escalated')).toEqual([]);
  });

  it('loses importance with time where its rule says so', () => {
    const line = new Timeline(rulesOf(aRule({ downgrade: { after: '2 min', to: 4 } }))).at(1, { P_IN: 0.1 });
    expect(line.run(200).seconds('downgraded')).toEqual([121]);
    expect(line.engine.alarms.get(KEY)?.priority).toBe(4);
  });

  describe('that is escalated and downgraded by its rule', () => {
    const both = (escalate: string, downgrade: string) =>
      rulesOf(
        aRule({ priority: 3, escalate: { after: escalate, to: 1 }, downgrade: { after: downgrade, to: 4 } }),
      );
    const steps = (line: Timeline) =>
      line.log
        .filter(({ kind }) => kind === 'escalated' || kind === 'downgraded')
        .map(({ time, kind, priority, annunciates }) => [(time - BEGIN) / 1000, kind, priority, annunciates]);

    it('is each once, at its own time, in whichever order', () => {
      const up = new Timeline(both('10 s', '30 s')).at(1, { P_IN: 0.1 }).run(200);
      expect(steps(up)).toEqual([
        [11, 'escalated', 1, true],
        [31, 'downgraded', 4, false],
      ]);
      const down = new Timeline(both('30 s', '10 s')).at(1, { P_IN: 0.1 }).run(200);
      expect(steps(down)).toEqual([
        [11, 'downgraded', 4, false],
        [31, 'escalated', 1, true],
      ]);
    });

    it('is not once more after a restart or an edit', () => {
      const line = new Timeline(both('10 s', '30 s')).at(1, { P_IN: 0.1 }).run(20).restart().run(40);
      line.restart().edit(both('10 s', '30 s')).run(200);
      expect(steps(line).map(([second]) => second)).toEqual([11, 31]);
    });

    it('goes on from its acknowledgement without the escalation', () => {
      const line = new Timeline(both('10 s', '30 s')).at(1, { P_IN: 0.1 }).run(5);
      line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
      expect(steps(line.run(200))).toEqual([[31, 'downgraded', 4, false]]);
    });

    it('is told of anew after a shelf, and its age counts from then', () => {
      const line = new Timeline(both('10 s', '30 s')).at(1, { P_IN: 0.1 }).run(5);
      const silencer = {
        ...{ kind: 'shelved' as const, station: ROOM, rule: 'LOW-INLET', until: BEGIN + 60_000 },
        ...{ oneShot: false, by: 'duty', reason: 'repair' },
      };
      line.act({ do: 'silence', silencer });
      expect(steps(line.run(200))).toEqual([
        [70, 'escalated', 1, true],
        [90, 'downgraded', 4, false],
      ]);
    });
  });

  it('refuses what makes no sense, with the reason', () => {
    const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).run(2);
    expect(line.act({ do: 'acknowledge', key: 'none', by: 'duty' })).toBe('the alarm is over');
    expect(line.act({ do: 'acknowledge', key: KEY, by: ' ' })).toMatch('a name is missing');
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    expect(line.act({ do: 'acknowledge', key: KEY, by: 'duty' })).toBe('it is acknowledged already');
    expect(line.act({ do: 'reset', key: KEY, by: 'duty' })).toBe('its condition still holds');
  });
});

describe('silence', () => {
  const shelf = (given: Partial<Silencer> = {}): Silencer => ({
    kind: 'shelved',
    station: ROOM,
    rule: 'LOW-INLET',
    until: BEGIN + 60_000,
    oneShot: false,
    by: 'duty',
    reason: 'main being repaired',
    ...given,
  });

  it('a shelf keeps an alarm quiet until it ends, then tells what still stands', () => {
    const line = new Timeline(rulesOf(aRule())).run(1);
    line.act({ do: 'silence', silencer: shelf() });
    line.at(10, { P_IN: 0.1 }).run(30);
    expect(stateNow(line)).toBe('shelved');
    expect(line.run(100).seconds('raised')).toEqual([60]);
    expect(line.seconds('unshelved')).toEqual([60]);
  });

  it('what was told, and acknowledged, before it was shelved is told anew when the shelf ends', () => {
    const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).run(5);
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    line.act({ do: 'silence', silencer: shelf() });
    expect(line.run(100).seconds('raised')).toEqual([1, 60]);
    expect(stateNow(line)).toBe('unacknowledged');
  });

  it('what was told and waits for somebody still does so after it came and went on a shelf', () => {
    const line = new Timeline(rulesOf(aRule({ latch: true })))
      .at(1, { P_IN: 0.1 })
      .at(5, { P_IN: 0.3 })
      .run(6);
    expect(stateNow(line)).toBe('latched');
    line.act({ do: 'silence', silencer: shelf() });
    line.at(10, { P_IN: 0.1 }).at(15, { P_IN: 0.3 }).run(100);
    expect(stateNow(line)).toBe('latched');
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    line.act({ do: 'reset', key: KEY, by: 'duty' });
    expect(stateNow(line)).toBe('normal');
  });

  it('and after it came and went beneath a cause, or the cause went first', () => {
    const cause = aRule({ id: 'POWER', when: 'not MAINS_OK' });
    const rules = rulesOf(cause, aRule({ latch: true, suppressedBy: ['POWER'] }));
    const told = () => new Timeline(rules).at(0, { MAINS_OK: 1 }).at(1, { P_IN: 0.1 }).at(5, { P_IN: 0.3 });
    const beneath = told().at(10, { MAINS_OK: 0 }).at(12, { P_IN: 0.1 });
    expect(stateNow(beneath.run(13))).toBe('suppressed');
    expect(stateNow(beneath.at(15, { P_IN: 0.3 }).run(20))).toBe('latched');
    const freed = told().at(10, { MAINS_OK: 0 }).at(12, { P_IN: 0.1 }).at(15, { MAINS_OK: 1 }).run(20);
    expect(stateNow(freed)).toBe('unacknowledged');
    expect(freed.seconds('raised')).toEqual([1, 10, 15]);
  });

  it('a shelf of one pump keeps the others in sight, and ends with its own return', () => {
    const line = new Timeline(rulesOf(aRule({ id: 'TRIP', when: 'FLT' })), [ROOM], 'tank:LO3').run(1);
    const ofFirst = shelf({ rule: 'TRIP', spot: 'LO/P1', oneShot: true });
    line.at(2, { 'LO/P1/FLT': 1, 'LO/P2/FLT': 0, 'LO/P3/FLT': 0 }).run(3);
    line.act({ do: 'silence', silencer: ofFirst });
    line.at(10, { 'LO/P2/FLT': 1 }).at(20, { 'LO/P2/FLT': 0 }).run(25);
    expect(line.seconds('raised')).toEqual([2, 10]);
    expect(line.engine.silencers).toHaveLength(1);
    line.at(30, { 'LO/P1/FLT': 0 }).run(31);
    expect(line.seconds('unshelved')).toEqual([30]);
    const { kind, station, rule, spot } = ofFirst;
    line.act({ do: 'silence', silencer: shelf({ rule: 'TRIP' }) });
    expect(line.act({ do: 'endSilence', kind, station, rule, spot, by: 'duty' })).toBeUndefined();
    expect(line.engine.silencers).toEqual([]);
  });

  it('a one-shot shelf ends with the next return', () => {
    const line = new Timeline(rulesOf(aRule())).run(1);
    line.act({ do: 'silence', silencer: shelf({ oneShot: true }) });
    line.at(10, { P_IN: 0.1 }).at(20, { P_IN: 0.3 }).at(25, { P_IN: 0.1 }).run(30);
    expect(line.seconds('unshelved')).toEqual([20]);
    expect(line.seconds('raised')).toEqual([25]);
  });

  it('nothing is shelved without end, for too long, or without a reason', () => {
    const line = new Timeline(rulesOf(aRule())).run(1);
    const refused = (given: Partial<Silencer>) => line.act({ do: 'silence', silencer: shelf(given) });
    expect(refused({ until: null })).toMatch('needs an end');
    expect(refused({ until: BEGIN + 2 * LONGEST_SHELF })).toMatch('longer than a day');
    expect(refused({ reason: '' })).toMatch('a reason is missing');
    expect(refused({ rule: 'NOBODY' })).toMatch('no rule has the id');
  });

  it('a room out of service is quiet as a whole until it is back', () => {
    const line = new Timeline(rulesOf(aRule(), aRule({ id: 'FLOOD', when: 'FLOOD' }))).run(1);
    line.act({ do: 'silence', silencer: shelf({ kind: 'outOfService', rule: null, until: null }) });
    line.at(5, { P_IN: 0.1, FLOOD: 1 }).run(50);
    expect(line.annunciations()).toEqual([]);
    line.act({ do: 'endSilence', kind: 'outOfService', station: ROOM, rule: null, by: 'duty' });
    expect(line.annunciations().sort()).toEqual(['FLOOD', 'LOW-INLET']);
  });

  it('out of service stands over a shelf, whichever came first', () => {
    for (const kinds of [
      ['shelved', 'outOfService'],
      ['outOfService', 'shelved'],
    ] as const) {
      const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).run(2);
      for (const kind of kinds) line.act({ do: 'silence', silencer: shelf({ kind }) });
      expect(stateNow(line)).toBe('outOfService');
      line.act({ do: 'endSilence', kind: 'outOfService', station: ROOM, rule: 'LOW-INLET', by: 'duty' });
      expect(stateNow(line)).toBe('shelved');
      expect(stateNow(line.run(70))).toBe('unacknowledged');
      expect(line.seconds('raised')).toEqual([1, 60]);
    }
  });

  it('what was told before and cleared on the shelf does not come back', () => {
    const line = new Timeline(rulesOf(aRule())).at(1, { P_IN: 0.1 }).run(2);
    line.act({ do: 'silence', silencer: shelf() });
    line.at(10, { P_IN: 0.3 }).run(100);
    expect(line.seconds('raised')).toEqual([1]);
    expect(stateNow(line)).toBe('returned');
  });
});

describe('causes', () => {
  const rules = rulesOf(
    aRule({ id: 'LOW-OUTLET', when: 'P_OUT < P_SET - 0.05', for: '4 s', suppressedBy: ['POWER'] }),
    aRule({ id: 'POWER', when: 'not MAINS_OK', for: '6 s' }),
  );
  const normal = { MAINS_OK: 1, 'LO/P_OUT': 0.5, 'LO/P_SET': 0.5 };

  it('hide their consequences, also those that are due before them', () => {
    const line = new Timeline(rules).at(1, normal).at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 }).run(60);
    expect(line.annunciations()).toEqual(['POWER']);
    const [beneath] = line.log.filter(({ kind }) => kind === 'suppressed');
    expect(beneath).toMatchObject({
      rule: 'LOW-OUTLET',
      spot: 'LO',
      cause: keyOf({ rule: 'POWER', station: ROOM, spot: '' }),
    });
  });

  it('that come to nothing let the consequence through', () => {
    const line = new Timeline(rules)
      .at(1, normal)
      .at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 })
      .at(13, { MAINS_OK: 1 })
      .run(60);
    expect(line.seconds('raised', 'LOW-OUTLET')).toEqual([14]);
  });

  it('that are no longer known are not waited for', () => {
    const line = new Timeline(rules)
      .at(1, normal)
      .at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 })
      .at(13, { MAINS_OK: 0 }, { quality: Quality.stale })
      .run(60);
    expect(line.annunciations()).toEqual(['LOW-OUTLET LO']);
  });

  it('once gone, what is still wrong after its own delay is told', () => {
    const line = new Timeline(rules)
      .at(1, normal)
      .at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 })
      .at(30, { MAINS_OK: 1 })
      .run(60);
    expect(line.seconds('freed')).toEqual([30]);
    expect(line.seconds('raised', 'LOW-OUTLET')).toEqual([34]);
  });

  const first = { firstOut: { group: 'one', within: '1 h' } };

  describe('that are told after what they explain', () => {
    const late = () => new Timeline(rules).at(1, normal).at(10, { 'LO/P_OUT': 0.1 }).at(20, { MAINS_OK: 0 });
    const consequence = (line: Timeline) => line.engine.alarms.get(`LOW-OUTLET|${ROOM}|LO`);

    it('take it beneath them, and let go of it when they are gone', () => {
      const line = late().run(40);
      expect(line.annunciations()).toEqual(['LOW-OUTLET LO', 'POWER']);
      expect(consequence(line)).toMatchObject({ silent: null, cause: `POWER|${ROOM}|` });
      line.restart().at(50, { MAINS_OK: 1 }).run(60);
      expect(consequence(line)).toMatchObject({ active: true, cause: null });
      expect(line.annunciations()).toHaveLength(2);
    });

    it('and let go of it when no rule speaks of them any more', () => {
      const line = late()
        .run(40)
        .edit(rulesOf(aRule({ id: 'LOW-OUTLET', when: 'P_OUT < P_SET - 0.05' })));
      expect(consequence(line)).toMatchObject({ active: true, cause: null });
    });

    it('leave what is more urgent where people see it', () => {
      const urgent = rulesOf(
        aRule({ id: 'LOW-OUTLET', priority: 1, when: 'P_OUT < P_SET - 0.05', suppressedBy: ['POWER'] }),
        aRule({ id: 'POWER', priority: 3, when: 'not MAINS_OK' }),
      );
      const line = new Timeline(urgent).at(1, normal).at(10, { 'LO/P_OUT': 0.1 }).at(20, { MAINS_OK: 0 });
      expect(consequence(line.run(30))?.cause).toBeNull();
    });

    it('and that explain each other are never each beneath the other', () => {
      const each = rulesOf(
        aRule({ id: 'FIRST', when: 'P_IN < 0.2 MPa', ...first, suppressedBy: ['SECOND'] }),
        aRule({ id: 'SECOND', when: 'T_ROOM > 40 °C', ...first }),
      );
      const line = new Timeline(each).at(10, { P_IN: 0.1 }).at(20, { T_ROOM: 45 }).run(30);
      const causes = [...line.engine.alarms.values()].map(({ rule, cause }) => [rule, cause]);
      expect(causes).toEqual([
        ['FIRST', null],
        ['SECOND', `FIRST|${ROOM}|`],
      ]);
    });

    it('and let go of it when an edit takes them out of its causes', () => {
      const apart = rulesOf(
        aRule({ id: 'LOW-OUTLET', when: 'P_OUT < P_SET - 0.05' }),
        aRule({ id: 'POWER', when: 'not MAINS_OK' }),
      );
      expect(consequence(late().run(40).edit(apart))?.cause).toBeNull();
    });

    it('of another pump set stays by itself', () => {
      const ofSets = rulesOf(
        aRule({ id: 'LOW-OUTLET', when: 'P_OUT < P_SET - 0.05', suppressedBy: ['WEAK'] }),
        aRule({ id: 'WEAK', when: 'largest(HZ) < 10 Hz and P_SET > 0 MPa' }),
      );
      const line = new Timeline(ofSets, [ROOM], 'tank:LO2+MI2')
        .at(1, { 'LO/P_OUT': 0.1, 'LO/P_SET': 0.5, 'MI/P_OUT': 0.1, 'MI/P_SET': 0.5 })
        .at(5, { 'LO/P1/HZ': 0, 'LO/P2/HZ': 0, 'MI/P1/HZ': 40, 'MI/P2/HZ': 40 })
        .run(10);
      expect(line.annunciations()).toEqual(['LOW-OUTLET LO', 'LOW-OUTLET MI', 'WEAK LO']);
      expect(consequence(line)?.cause).toBe(`WEAK|${ROOM}|LO`);
      expect(line.engine.alarms.get(`LOW-OUTLET|${ROOM}|MI`)?.cause).toBeNull();
    });
  });

  describe('on a shelf', () => {
    const shelve = (line: Timeline) =>
      line.act({
        do: 'silence',
        silencer: {
          ...{ kind: 'shelved', station: ROOM, rule: 'POWER', until: BEGIN + 100_000 },
          ...{ oneShot: false, by: 'duty', reason: 'the relay flickers' },
        },
      });

    it('hide nothing while nobody was told of them, and take it beneath them when they are', () => {
      const line = new Timeline(rules).at(1, normal).run(5);
      shelve(line);
      line.at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 }).run(60);
      expect(line.annunciations()).toEqual(['LOW-OUTLET LO']);
      line.run(110);
      expect(line.annunciations()).toEqual(['LOW-OUTLET LO', 'POWER']);
      expect(line.engine.alarms.get(`LOW-OUTLET|${ROOM}|LO`)?.cause).toBe(`POWER|${ROOM}|`);
    });

    it('are told alone when the whole room comes back into service', () => {
      const line = new Timeline(rules).at(1, normal).run(5);
      const repair = {
        kind: 'outOfService' as const,
        station: ROOM,
        rule: null,
        until: null,
        oneShot: false,
      };
      line.act({ do: 'silence', silencer: { ...repair, by: 'duty', reason: 'new switchgear' } });
      line.at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 }).run(60);
      line.act({ do: 'endSilence', kind: 'outOfService', station: ROOM, rule: null, by: 'duty' });
      line.run(70);
      expect(line.annunciations()).toEqual(['POWER']);
      expect(line.engine.alarms.get(`LOW-OUTLET|${ROOM}|LO`)).toMatchObject({
        silent: null,
        cause: `POWER|${ROOM}|`,
      });
    });

    it('hide what follows when people were told before', () => {
      const line = new Timeline(rules).at(1, normal).at(10, { MAINS_OK: 0 }).run(20);
      shelve(line);
      line.at(30, { 'LO/P_OUT': 0.1 }).run(60);
      expect(line.annunciations()).toEqual(['POWER']);
    });
  });

  it('once gone, what recovers in time is never told', () => {
    const line = new Timeline(rules)
      .at(1, normal)
      .at(10, { MAINS_OK: 0, 'LO/P_OUT': 0.1 })
      .at(30, { MAINS_OK: 1 })
      .at(32, { 'LO/P_OUT': 0.5 })
      .run(60);
    expect(line.annunciations()).toEqual(['POWER']);
  });
});

describe('chatter', () => {
  const rules = rulesOf(aRule({ chatter: { count: 3, within: '1 min' } }));
  const flicker = (line: Timeline, from: number, times: number) => {
    for (let i = 0; i < times; i++)
      line.at(from + 10 * i, { P_IN: 0.1 }).at(from + 10 * i + 5, { P_IN: 0.3 });
    return line;
  };

  it('becomes one standing alarm until it has been quiet', () => {
    const line = flicker(new Timeline(rules), 10, 12).run(300);
    expect(line.seconds('raised')).toEqual([10, 20, 30]);
    expect(line.seconds('chatter')).toEqual([30]);
    expect(line.seconds('settled')).toEqual([185]);
    expect(stateNow(line)).toBe('returned');
  });

  it('a lasting alarm ends it as well', () => {
    const line = flicker(new Timeline(rules), 10, 4).at(60, { P_IN: 0.1 }).run(400);
    expect(line.seconds('settled')).toEqual([120]);
    expect(stateNow(line)).toBe('unacknowledged');
  });
});

describe('time', () => {
  it('does not run backwards', () => {
    const line = new Timeline(rulesOf(aRule())).run(10);
    line.engine.time += 5000;
    expect(() => line.run(11)).toThrow('cannot be looked at');
  });

  it('a rule edited while its delay runs keeps the delay and its standing alarms', () => {
    const before = rulesOf(aRule({ for: '20 s' }), aRule({ id: 'FLOOD', when: 'FLOOD' }));
    const after = rulesOf(
      aRule({ for: '30 s', version: 2 }),
      aRule({ id: 'FLOOD', when: 'FLOOD', priority: 1 }),
    );
    const line = new Timeline(before).at(1, { P_IN: 0.1, FLOOD: 1 }).run(15);
    line.edit(after).run(60);
    expect(line.seconds('raised', 'LOW-INLET')).toEqual([31]);
    expect(line.seconds('raised', 'FLOOD')).toEqual([1]);
    expect(line.engine.alarms.size).toBe(2);
  });

  it('another priority of a rule is that of its standing alarms, and is not told', () => {
    const line = new Timeline(rulesOf(aRule({ priority: 3 }))).at(1, { P_IN: 0.1 }).run(5);
    line.edit(rulesOf(aRule({ priority: 1 }))).run(20);
    expect(line.engine.alarms.get(KEY)?.priority).toBe(1);
    expect(line.log.at(-1)).toMatchObject({ kind: 'regraded', priority: 1, annunciates: false });
    expect(line.annunciations()).toHaveLength(1);
  });

  it('and where age has brought them elsewhere they stay', () => {
    const aged = (priority: number, to: number) =>
      rulesOf(aRule({ priority, escalate: { after: '10 s', to } }));
    const line = new Timeline(aged(4, 2)).at(1, { P_IN: 0.1 }).run(15);
    line.edit(aged(3, 2)).run(30);
    expect(line.engine.alarms.get(KEY)?.priority).toBe(2);
    expect(line.seconds('regraded')).toEqual([]);
    line.edit(aged(3, 1)).run(60);
    expect(line.engine.alarms.get(KEY)?.priority).toBe(1);
    expect(line.seconds('escalated')).toEqual([11]);
  });

  it('a rule edited leaves the moving windows of the others as they are', () => {
    const mean = aRule({ when: 'mean(P_IN, 60 s) < 0.18 MPa' });
    const other = aRule({ id: 'FLOOD', when: 'FLOOD' });
    const line = new Timeline(rulesOf(mean, other)).at(1, { P_IN: 0.1 }).run(50);
    line.edit(rulesOf(mean, aRule({ id: 'FLOOD', when: 'FLOOD', priority: 1 }))).run(100);
    expect(line.seconds('raised')).toEqual([61]);
  });

  it('the alarms of a rule that is gone are withdrawn, what they explained is judged anew', () => {
    const power = aRule({ id: 'POWER', when: 'not MAINS_OK' });
    const low = aRule({ for: '5 s', suppressedBy: ['POWER'] });
    const line = new Timeline(rulesOf(power, low)).at(1, { P_IN: 0.1, MAINS_OK: 0 }).run(20);
    expect(line.annunciations()).toEqual(['POWER']);
    line.edit(rulesOf(aRule({ for: '5 s' }))).run(40);
    expect(line.seconds('withdrawn', 'POWER')).toEqual([20]);
    expect(line.seconds('raised', 'LOW-INLET')).toEqual([26]);
    expect(line.engine.alarms.size).toBe(1);
  });

  it('a restart in the middle of a delay changes nothing', () => {
    const line = new Timeline(rulesOf(aRule({ for: '20 s' }))).at(1, { P_IN: 0.1 }).run(15).restart().run(40);
    expect(line.seconds('raised')).toEqual([21]);
  });
});

describe('a cause and what it explains', () => {
  const low = aRule({ id: 'LOW-MAIN', priority: 3 });
  const lost = (suppressedBy: RuleText['suppressedBy']) =>
    aRule({ id: 'LOST', priority: 1, when: 'P_OUT < 0.2 MPa', suppressedBy });
  const play = (rules: Rule[], template: string) =>
    new Timeline(rules, [ROOM], template)
      .at(1, { P_IN: 0.3, 'LO/P_OUT': 0.5 })
      .at(5, { P_IN: 0.1 })
      .at(10, { 'LO/P_OUT': 0.1 });
  const told = (line: Timeline) =>
    line.log
      .filter(({ annunciates }) => annunciates)
      .map(({ rule, kind, priority }) => [rule, kind, priority]);

  it('the cause is as urgent as the most urgent of it, and people are told once more', () => {
    const rules = rulesOf(low, lost(['LOW-MAIN']));
    const line = play(rules, 'inline:LO3').run(20).restart().edit(rules).run(60);
    expect(told(line)).toEqual([
      ['LOW-MAIN', 'raised', 3],
      ['LOW-MAIN', 'escalated', 1],
    ]);
    expect([...line.engine.alarms.values()].find(({ rule }) => rule === 'LOW-MAIN')?.priority).toBe(1);
  });

  it('it explains only at the kinds of station that are named', () => {
    const rules = rulesOf(low, lost([{ rule: 'LOW-MAIN', kinds: ['inline'] }]));
    expect(told(play(rules, 'tank:LO3').run(20)).map(([rule]) => rule)).toEqual(['LOW-MAIN', 'LOST']);
    expect(told(play(rules, 'inline:LO3').run(20)).map(([rule]) => rule)).toEqual(['LOW-MAIN', 'LOW-MAIN']);
  });

  const shelved = (rule: string): Silencer => ({
    ...{
      kind: 'shelved',
      station: ROOM,
      rule,
      until: BEGIN + 100_000,
      oneShot: false,
      by: 'duty',
      reason: 'repair',
    },
  });

  it('of which both come due in one look are told once, with the priority of the more urgent', () => {
    const both = rulesOf({ ...low, for: '5 s' }, lost(['LOW-MAIN']));
    const line = new Timeline(both, [ROOM], 'inline:LO3').at(1, { P_IN: 0.3, 'LO/P_OUT': 0.5 });
    expect(told(line.at(5, { P_IN: 0.1, 'LO/P_OUT': 0.1 }).run(60))).toEqual([['LOW-MAIN', 'raised', 1]]);
  });

  it('a cause that was told once and comes again on a shelf explains nothing', () => {
    const rules = rulesOf(low, lost(['LOW-MAIN']));
    const line = new Timeline(rules, [ROOM], 'inline:LO3').at(1, { P_IN: 0.3, 'LO/P_OUT': 0.5 });
    line.at(2, { P_IN: 0.1 }).at(4, { P_IN: 0.3 }).run(5);
    line.act({ do: 'silence', silencer: shelved('LOW-MAIN') });
    line.at(10, { P_IN: 0.1 }).at(20, { 'LO/P_OUT': 0.1 }).run(30);
    expect(told(line).map(([rule]) => rule)).toEqual(['LOW-MAIN', 'LOST']);
  });

  it('nor does a told one that was shelved hide what is more urgent than itself', () => {
    const rules = rulesOf(low, lost(['LOW-MAIN']));
    const line = new Timeline(rules, [ROOM], 'inline:LO3').at(1, { P_IN: 0.1, 'LO/P_OUT': 0.5 }).run(2);
    line.act({ do: 'silence', silencer: shelved('LOW-MAIN') });
    line.at(20, { 'LO/P_OUT': 0.1 }).run(30);
    expect(told(line).map(([rule]) => rule)).toEqual(['LOW-MAIN', 'LOST']);
  });

  it('what comes off a shelf beneath a less urgent cause lifts it', () => {
    const rules = rulesOf(low, lost(['LOW-MAIN']));
    const line = new Timeline(rules, [ROOM], 'inline:LO3').at(1, { P_IN: 0.3, 'LO/P_OUT': 0.1 }).run(2);
    line.act({ do: 'silence', silencer: shelved('LOST') });
    expect(told(line.at(10, { P_IN: 0.1 }).run(120))).toEqual([
      ['LOST', 'raised', 1],
      ['LOW-MAIN', 'raised', 3],
      ['LOW-MAIN', 'escalated', 1],
    ]);
  });

  it('what goes over to another cause lifts that', () => {
    const power = aRule({ id: 'POWER', priority: 1, when: 'not MAINS_OK' });
    const rules = rulesOf(power, low, lost(['POWER', 'LOW-MAIN']));
    const line = new Timeline(rules, [ROOM], 'inline:LO3').at(1, { MAINS_OK: 1, P_IN: 0.3, 'LO/P_OUT': 0.5 });
    line
      .at(5, { MAINS_OK: 0 })
      .at(6, { 'LO/P_OUT': 0.1 })
      .at(8, { P_IN: 0.1 })
      .at(20, { MAINS_OK: 1 })
      .run(60);
    expect(told(line).at(-1)).toEqual(['LOW-MAIN', 'escalated', 1]);
  });

  it('what chatters beneath a cause is told when the cause is gone and it is still wrong', () => {
    const power = aRule({ id: 'POWER', when: 'not MAINS_OK' });
    const rules = rulesOf(power, aRule({ suppressedBy: ['POWER'], chatter: { count: 2, within: '10 min' } }));
    const line = new Timeline(rules).at(1, { MAINS_OK: 0, P_IN: 0.3 });
    for (const second of [5, 15, 25]) line.at(second, { P_IN: 0.1 }).at(second + 5, { P_IN: 0.3 });
    line.at(40, { P_IN: 0.1 }).at(50, { MAINS_OK: 1 }).run(120);
    expect(line.annunciations()).toContain('LOW-INLET');
  });

  it('what is latched and acknowledged waits for its reset over a shelf', () => {
    const line = new Timeline(rulesOf(aRule({ latch: true })))
      .at(1, { P_IN: 0.1 })
      .at(5, { P_IN: 0.3 })
      .run(6);
    line.act({ do: 'acknowledge', key: KEY, by: 'duty' });
    line.act({ do: 'silence', silencer: shelved('LOW-INLET') });
    line.at(10, { P_IN: 0.1 }).at(15, { P_IN: 0.3 }).run(150);
    expect(stateNow(line)).toBe('latched');
    expect(line.act({ do: 'reset', key: KEY, by: 'duty' })).toBeUndefined();
    expect(stateNow(line)).toBe('normal');
  });
});
