import { describe, expect, it } from 'vitest';
import {
  type AlarmFilter,
  type AlarmNames,
  type GroupBy,
  historyLines,
  linesOf,
} from '#client/alarms/lines.ts';
import { worstByStation } from '#client/alarms/marks.ts';
import { proposesShelf } from '#client/alarms/possible.ts';
import type { AlarmSummary } from '#twin/wire/alarms.ts';

const ALL: AlarmFilter = { show: 'current', priority: 0, rule: '', district: '', text: '' };
const names: AlarmNames = {
  searched: ({ rule, station }) => `${rule} ${station}`.toLowerCase(),
  groupOf: ({ station, rule }, by) =>
    by === 'rule' ? { key: rule, label: rule } : { key: station, label: `room ${station}` },
};

function anAlarm(id: number, given: Partial<AlarmSummary> = {}): AlarmSummary {
  return {
    id,
    rule: 'LOW-INLET',
    station: 'SM-0001',
    spot: '',
    priority: 3,
    state: 'unacknowledged',
    active: true,
    chattering: false,
    cause: null,
    district: '350203',
    supplyZone: 'Z1',
    maker: '',
    raisedAt: 1000 * id,
    toldAt: 1000 * id,
    late: false,
    clearedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    endedAt: null,
    ...given,
  };
}

/** The lines as text: `> 3` one step beneath, `[room A 2]` a group. */
const shown = (
  alarms: readonly AlarmSummary[],
  filter: Partial<AlarmFilter> = {},
  by: GroupBy = 'none',
  toggled: readonly string[] = [],
) =>
  linesOf(alarms, { ...ALL, ...filter }, by, new Set(toggled), names).map((line) =>
    line.kind === 'group' ? `[${line.label} ${line.count}]` : `${'> '.repeat(line.depth)}${line.alarm.id}`,
  );

describe('the history', () => {
  const alarms = [
    anAlarm(4),
    anAlarm(3, { station: 'B', priority: 1 }),
    anAlarm(2),
    anAlarm(1, { station: 'B' }),
  ];
  const rows = (by: GroupBy, unfolded: readonly string[] = []) =>
    historyLines([...alarms, anAlarm(0)], by, new Set(unfolded), names).map((line) =>
      line.kind === 'group' ? `[${line.label} ${line.count} p${line.worst}]` : `${line.alarm.id}`,
    );

  it('is as it comes, or in groups that are folded, the largest first', () => {
    expect(rows('none')).toEqual(['4', '3', '2', '1', '0']);
    expect(rows('station')).toEqual(['[room SM-0001 3 p3]', '[room B 2 p1]']);
    expect(rows('station', ['station:B'])).toEqual(['[room SM-0001 3 p3]', '[room B 2 p1]', '3', '1']);
  });
});

describe('the open list', () => {
  it('begins with the most urgent, of these with what waits, of these with the newest', () => {
    const alarms = [
      anAlarm(1),
      anAlarm(2, { priority: 1, state: 'acknowledged' }),
      anAlarm(3, { priority: 1 }),
      anAlarm(4, { priority: 1, state: 'returned', active: false }),
      anAlarm(5),
    ];
    expect(shown(alarms)).toEqual(['3', '2', '4', '5', '1']);
  });

  it('what was told stays in sight when its cause was put on a shelf since', () => {
    const cause = anAlarm(1, { state: 'shelved' });
    const told = anAlarm(2, { cause: 1 });
    expect(shown([cause, told])).toEqual(['2']);
    expect(shown([cause, { ...told, state: 'suppressed' }])).toEqual([]);
    expect(shown([cause, told], { show: 'all' })).toEqual(['1']);
  });

  it('shows consequences beneath their cause when it is unfolded, and only there', () => {
    const alarms = [
      anAlarm(1, { priority: 1 }),
      anAlarm(2, { state: 'suppressed', cause: 1 }),
      anAlarm(3, { state: 'suppressed', cause: 2 }),
      anAlarm(4),
    ];
    expect(shown(alarms)).toEqual(['1', '4']);
    expect(shown(alarms, {}, 'none', ['1', '2'])).toEqual(['1', '> 2', '> > 3', '4']);
    const [cause] = linesOf(alarms, ALL, 'none', new Set(), names);
    // as many as unfolding it shows, and as its panel lists
    expect(cause).toMatchObject({ consequences: 1, unfolded: false });
  });

  it('shows a consequence by itself when its cause is not in the list', () => {
    expect(shown([anAlarm(2, { cause: 1, state: 'suppressed' })])).toEqual(['2']);
  });

  it('keeps what is shelved or out of service apart', () => {
    const alarms = [anAlarm(1), anAlarm(2, { state: 'shelved' }), anAlarm(3, { state: 'outOfService' })];
    expect(shown(alarms)).toEqual(['1']);
    expect(shown(alarms, { show: 'silent' })).toEqual(['3', '2']);
    expect(shown(alarms, { show: 'all' })).toHaveLength(3);
  });

  it('is narrowed by priority, rule, district and text', () => {
    const alarms = [
      anAlarm(1, { rule: 'FLOOD', priority: 1, district: '350206' }),
      anAlarm(2, { station: 'SM-0077' }),
    ];
    expect(shown(alarms, { priority: 1 })).toEqual(['1']);
    expect(shown(alarms, { rule: 'LOW-INLET' })).toEqual(['2']);
    expect(shown(alarms, { district: '350206' })).toEqual(['1']);
    expect(shown(alarms, { text: ' sm-0077 ' })).toEqual(['2']);
  });

  it('is grouped, the group with the most urgent first, and groups fold', () => {
    const alarms = [
      anAlarm(1, { station: 'A' }),
      anAlarm(2, { station: 'A' }),
      anAlarm(3, { station: 'B', priority: 1 }),
    ];
    expect(shown(alarms, {}, 'station')).toEqual(['[room B 1]', '3', '[room A 2]', '2', '1']);
    expect(shown(alarms, {}, 'station', ['station:A'])).toEqual(['[room B 1]', '3', '[room A 2]']);
  });
});

describe('marks of alarms on the map', () => {
  it('a room shows the most urgent of what stands, not of what is shelved or over', () => {
    const worst = worstByStation([
      anAlarm(1, { priority: 3 }),
      anAlarm(2, { priority: 2, state: 'suppressed', cause: 9 }),
      anAlarm(3, { priority: 1, state: 'shelved' }),
      anAlarm(4, { station: 'SM-0002', active: false, state: 'returned' }),
    ]);
    expect([...worst]).toEqual([['SM-0001', 2]]);
  });
});

describe('a shelf', () => {
  it('is proposed for what chatters and people are told of', () => {
    const proposed = (given: Partial<AlarmSummary>) =>
      proposesShelf(anAlarm(1, { chattering: true, ...given }));
    expect(proposed({})).toBe(true);
    expect(proposed({ state: 'acknowledged' })).toBe(true);
    expect(proposed({ state: 'returned' })).toBe(true);
    for (const state of ['shelved', 'outOfService', 'suppressed', 'normal'] as const)
      expect(proposed({ state })).toBe(false);
    expect(proposed({ chattering: false })).toBe(false);
  });
});
