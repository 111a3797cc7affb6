import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf } from '#client/charts/curve.ts';
import { chartPlans } from '#client/charts/plan.ts';
import { Tail } from '#client/charts/tail.ts';
import { BUCKET, dayWindow } from '#client/charts/window.ts';
import { paceOf } from '#client/station/flowSpeed.ts';
import { type Polyline, pictureLayout } from '#client/station/pictureLayout.ts';
import { picturePoints, pointGroups } from '#client/station/pointGroups.ts';
import { levelOf } from '#client/station/Reading.tsx';
import {
  historyReader,
  isOld,
  LIVE_PATIENCE,
  type StationValues,
  sheetReader,
} from '#client/station/values.ts';
import { template } from '#twin/catalogue/template.ts';
import { PRESSURE_ZONES } from '#twin/model/station.ts';
import { Quality } from '#twin/state/quality.ts';
import { DAY, MINUTE } from '#twin/units.ts';
import type { HistorySeries } from '#twin/wire/api.ts';
import { emptySheet } from '#twin/wire/sheet.ts';

const ROOM = template({
  kind: 'tank',
  sets: [
    { zone: 'LO', pumps: 3 },
    { zone: 'MI', pumps: 2 },
  ],
});

function series(point: string, t: number[], value: number, quality: number = Quality.good): HistorySeries {
  const all = (v: number) => t.map(() => v);
  return {
    point,
    unit: '',
    t,
    min: all(value - 1),
    mean: all(value),
    max: all(value + 1),
    count: all(1),
    quality: all(quality),
    unreadable: [],
  };
}

describe('the values of a station', () => {
  const NOW = 1_000_000_000;
  const live = (
    change: (set: (name: string, value: number, quality: number, time: number) => void) => void,
  ): StationValues => {
    const sheet = emptySheet(ROOM.points.length, 3);
    change((name, value, quality, time) =>
      sheet.values.set([value, quality, time], ROOM.index.get(name)! * 3),
    );
    return {
      template: ROOM,
      source: 'live',
      moving: true,
      patience: LIVE_PATIENCE,
      now: NOW,
      read: sheetReader(ROOM, sheet),
    };
  };

  it('are read by name, and unknown names have none', () => {
    const values = live((set) => set('LO/P_OUT', 0.38, Quality.good, NOW));
    expect(values.read('LO/P_OUT')).toMatchObject({ value: 0.38, quality: Quality.good, time: NOW });
    expect(values.read('HI/P_OUT')).toBeUndefined();
  });

  it('are old after twice their own interval, not before', () => {
    const at = (age: number) => {
      const values = live((set) => set('P_IN', 0.3, Quality.good, NOW - age));
      return isOld(values.read('P_IN')!, values);
    };
    expect(at(19_000)).toBe(false);
    expect(at(21_000)).toBe(true);
  });

  it('are judged by limits around the set-point', () => {
    const level = (pressure: number) => {
      const values = live((set) => {
        set('LO/P_SET', 0.38, Quality.good, NOW);
        set('LO/P_OUT', pressure, Quality.good, NOW);
      });
      return levelOf(values.read('LO/P_OUT')!, values);
    };
    expect([0.38, 0.32, 0.27, 0.44, 0.49].map(level)).toEqual(['', 'p3', 'p2', 'p3', 'p2']);
  });

  it('of a past minute are those of the last bucket; switches stay whole', () => {
    const read = historyReader(ROOM, [series('P_IN', [0, MINUTE], 0.3), series('LO/P1/RUN', [0], 0.6)]);
    expect(read('P_IN')).toMatchObject({ value: 0.3, time: 2 * MINUTE });
    expect(read('LO/P1/RUN')!.value).toBe(1);
    expect(read('L1')).toMatchObject({ value: Number.NaN, quality: Quality.bad });
  });

  it('stand in exactly one group each', () => {
    const grouped = pointGroups(ROOM).flatMap(({ points }) => points.map(({ name }) => name));
    expect(grouped.sort()).toEqual(ROOM.points.map(({ name }) => name).sort());
    expect(picturePoints(ROOM)).toContain('MI/P2/HZ');
  });
});

describe('the process picture', () => {
  const shapes = fc.record({
    kind: fc.constantFrom('tank' as const, 'inline' as const, 'booster' as const),
    compartments: fc.integer({ min: 0, max: 2 }),
    zones: fc.integer({ min: 1, max: 4 }),
    pumps: fc.integer({ min: 1, max: 6 }),
    wide: fc.boolean(),
  });

  it('keeps everything inside and no two pumps on each other, for any station', () => {
    fc.assert(
      fc.property(shapes, ({ kind, compartments, zones, pumps, wide }) => {
        const sets = PRESSURE_ZONES.slice(0, zones).map((zone) => ({ zone, pumps }));
        const picture = pictureLayout({ kind, compartments, sets }, wide);
        const inside = ([x, y]: Polyline[number]) =>
          x >= 0 && y >= 0 && x <= picture.width && y <= picture.height;
        const lines = [
          picture.inlet,
          picture.suction,
          ...picture.sets.flatMap((set) => [set.suction, set.delivery]),
        ];
        expect(lines.flat().every(inside)).toBe(true);
        const centres = picture.sets.flatMap((set) => set.pumps);
        expect(centres).toHaveLength(zones * pumps);
        for (const a of centres)
          for (const b of centres) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(29);
      }),
    );
  });

  it('lets water stand still where nothing flows, and run faster the more flows', () => {
    expect([0, 0.01, Number.NaN, -3].map((flow) => paceOf(flow, 40))).toEqual([0, 0, 0, 0]);
    const paces = [0.5, 2, 8, 20, 40, 400].map((flow) => paceOf(flow, 40));
    expect(paces).toEqual([...paces].sort((a, b) => a - b));
    expect(paces.at(-1)).toBe(5);
    expect(paceOf(5, 0)).toBe(0);
  });
});

describe('the charts of a day', () => {
  it('cover a day in whole buckets that hold still for five minutes', () => {
    const window = dayWindow(10 * DAY + 17 * MINUTE);
    expect(window.to - window.from).toBe(DAY);
    expect(window.buckets * BUCKET).toBe(DAY);
    expect(dayWindow(10 * DAY + 19 * MINUTE)).toEqual(window);
  });

  it('show a silence as a gap, not as a line', () => {
    const { mean } = curveOf(series('P_IN', [0, 10, 60, 70], 5), 10, []);
    expect(mean.map(([, value]) => value)).toEqual([5, 5, null, 5, 5]);
  });

  it('append what has arrived since, once', () => {
    const { mean, low, span } = curveOf(series('P_IN', [0, 10], 5), 10, [
      [12, 99],
      [16, 6],
      [18, 7],
    ]);
    expect(mean.slice(2)).toEqual([
      [16, 6],
      [18, 7],
    ]);
    expect(low[0]).toEqual([5, 4]);
    expect(span[0]).toEqual([5, 2]);
  });

  it('leave out buckets that hold only bad values', () => {
    expect(curveOf(series('P_IN', [0, 10], 5, Quality.bad), 10, []).mean).toEqual([]);
  });

  it('keep a bounded tail of newer values only', () => {
    const tail = new Tail(3);
    for (const time of [1, 2, 2, 1, 3, 4]) tail.add('P_IN', time, time);
    expect(tail.of('P_IN').map(([time]) => time)).toEqual([2, 3, 4]);
  });

  it('group what was picked by unit', () => {
    const plans = chartPlans(ROOM, ['LO/P1/HZ', 'MI/P1/HZ', 'T_ROOM']);
    expect(
      plans.filter(({ key }) => key === 'picked').map(({ unit, points }) => [unit, points.length]),
    ).toEqual([
      ['Hz', 2],
      ['°C', 1],
    ]);
    expect(plans.find(({ key }) => key === 'pressure')!.points.map(({ name }) => name)).toEqual([
      'LO/P_OUT',
      'MI/P_OUT',
      'P_IN',
    ]);
  });
});
