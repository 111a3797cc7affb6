import { describe, expect, it } from 'vitest';
import type { AlarmEvent, AlarmEventKind } from '#twin/alarm/alarm.ts';
import { changesBetween } from '#twin/backtest/changes.ts';

/** A line of a log: when, what, of which rule. */
const line = (time: number, kind: AlarmEventKind, rule: string): AlarmEvent => ({
  time,
  kind,
  rule,
  station: 'SM-0001',
  spot: '',
  priority: 2,
  annunciates: kind === 'raised',
});
const becameOf = (inForce: AlarmEvent[], candidate: AlarmEvent[]) =>
  changesBetween(inForce, candidate, 'TRIED').map(({ rule, became }) => [rule, became]);

describe('what becomes of other alarms when a rule is changed', () => {
  const told = [line(10, 'raised', 'LOW'), line(20, 'cleared', 'LOW')];
  const hidden = [line(10, 'suppressed', 'LOW'), line(20, 'cleared', 'LOW')];

  it('nothing, where the same was told at the same times, whatever the rule itself did', () => {
    expect(becameOf([...told, line(5, 'raised', 'TRIED')], told)).toEqual([]);
  });

  it('one that was told stands beneath its cause, or is freed from there', () => {
    expect(becameOf(told, hidden)).toEqual([['LOW', 'suppressed']]);
    expect(becameOf(hidden, told)).toEqual([['LOW', 'freed']]);
  });

  it('one that stood beneath its cause and was told after it is told at once', () => {
    const late = [line(10, 'suppressed', 'LOW'), line(20, 'freed', 'LOW'), line(80, 'raised', 'LOW')];
    expect(changesBetween(late, told, 'TRIED')).toEqual([
      {
        rule: 'LOW',
        station: 'SM-0001',
        spot: '',
        became: 'freed',
        inForce: { told: 1, firstTold: 80, beneath: 1, firstBeneath: 10 },
        candidate: { told: 1, firstTold: 10, beneath: 0, firstBeneath: null },
      },
    ]);
  });

  it('one comes, goes, or moves in time', () => {
    expect(becameOf([], told)).toEqual([['LOW', 'raised']]);
    expect(becameOf(told, [])).toEqual([['LOW', 'gone']]);
    expect(becameOf(told, [line(12, 'raised', 'LOW'), line(20, 'cleared', 'LOW')])).toEqual([
      ['LOW', 'moved'],
    ]);
  });

  it('they come in the order in which they begin', () => {
    const high = [line(3, 'raised', 'HIGH')];
    expect(becameOf([], [...told, ...high])).toEqual([
      ['HIGH', 'raised'],
      ['LOW', 'raised'],
    ]);
  });
});
