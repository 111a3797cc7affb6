import { describe, expect, it } from 'vitest';
import { keyOf } from '#twin/alarm/alarm.ts';
import type { RuleText } from '#twin/rules/rule.ts';
import { aRule, ROOM, rulesOf, Timeline } from './timeline.ts';

const said = (en: string) => ({ zh: en, en });
const causes: NonNullable<RuleText['causes']> = [
  {
    cause: said('peak demand'),
    remedy: said('throttle'),
    prior: 0.2,
    signs: [{ if: 'hour() > 6 h and hour() < 9 h', supports: 0.5, says: said('it is the morning') }],
  },
  {
    cause: said('transmitter at fault'),
    remedy: said('calibrate'),
    prior: 0,
    signs: [
      { alarm: 'SPIKES', supports: 0.9, says: said('the signal jumps') },
      { if: 'F_IN > 20 m³/h', excludes: 1, says: said('much flows in') },
    ],
  },
];
const rules = rulesOf(
  aRule({ id: 'SPIKES', when: 'RSSI < -90 dBm' }),
  aRule({ for: '3 s', causes, suppressedBy: ['F23'] }),
  aRule({ id: 'F23', when: 'not MAINS_OK' }),
);
const LOW = keyOf({ rule: 'LOW-INLET', station: ROOM, spot: '' });
const diagnosis = (line: Timeline) =>
  line.engine.alarms
    .get(LOW)!
    .diagnosis.map(({ cause: { en }, confidence }) => `${en} ${confidence.toFixed(2)}`);

describe('what an alarm is likely caused by', () => {
  // the timeline begins at eight in the morning, local time
  it('is ranked by what is seen when it is raised', () => {
    const line = new Timeline(rules).at(5, { P_IN: 0.1, F_IN: 3, RSSI: -60, MAINS_OK: 1 }).run(10);
    expect(diagnosis(line)).toEqual(['peak demand 0.60', 'transmitter at fault 0.00']);
  });

  it('another alarm that stands in the room speaks for it', () => {
    const line = new Timeline(rules).at(5, { P_IN: 0.1, F_IN: 3, RSSI: -95, MAINS_OK: 1 }).run(10);
    expect(diagnosis(line)).toEqual(['transmitter at fault 0.90', 'peak demand 0.60']);
  });

  it('what speaks against it counts, and what is not known does not', () => {
    const against = new Timeline(rules).at(5, { P_IN: 0.1, F_IN: 30, RSSI: -95, MAINS_OK: 1 }).run(10);
    expect(diagnosis(against)).toEqual(['peak demand 0.60', 'transmitter at fault 0.00']);
    const unknown = new Timeline(rules).at(5, { P_IN: 0.1, RSSI: -95, MAINS_OK: 1 }).run(10);
    expect(unknown.engine.alarms.get(LOW)!.diagnosis[0]!.signs).toEqual([
      { says: said('the signal jumps'), excludes: false, holds: true },
      { says: said('much flows in'), excludes: true, holds: null },
    ]);
  });

  it('stays as it was then, over a restart and an edit', () => {
    const line = new Timeline(rules).at(5, { P_IN: 0.1, F_IN: 3, RSSI: -95, MAINS_OK: 1 }).run(10);
    const before = diagnosis(line);
    line.at(20, { RSSI: -60 }).restart().run(30);
    expect(diagnosis(line)).toEqual(before);
    line.edit(rulesOf(aRule({ for: '3 s', version: 2 }))).run(40);
    expect(diagnosis(line)).toEqual(before);
  });

  it('is there for what stands beneath a cause too', () => {
    const line = new Timeline(rules).at(5, { P_IN: 0.1, F_IN: 3, RSSI: -60, MAINS_OK: 0 }).run(10);
    expect(line.engine.alarms.get(LOW)!.silent).toBe('suppressed');
    expect(diagnosis(line)[0]).toBe('peak demand 0.60');
  });
});
