import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  earliest,
  hourMarks,
  type Moment,
  minuteOf,
  momentAt,
  momentByKey,
  shareOf,
  step,
} from '#client/timebar/moment.ts';
import { DAY, MINUTE } from '#twin/units.ts';

const NOW = Date.UTC(2026, 10, 22, 4, 5, 9);
const THIS_MINUTE = minuteOf(NOW);

describe('the time bar', () => {
  it('steps back from live to the minute before', () => {
    expect(step('live', -1, NOW)).toBe(THIS_MINUTE - MINUTE);
  });

  it('is live again after the newest whole minute', () => {
    expect(step(THIS_MINUTE - MINUTE, 1, NOW)).toBe('live');
    expect(momentAt(1, NOW)).toBe('live');
  });

  it('stops a day ago', () => {
    expect(step(earliest(NOW), -10, NOW)).toBe(earliest(NOW));
    expect(momentAt(0, NOW)).toBe(earliest(NOW));
    expect(NOW - earliest(NOW)).toBeLessThanOrEqual(DAY);
  });

  it('knows its keys and no others', () => {
    expect(momentByKey('ArrowLeft', false, 'live', NOW)).toBe(THIS_MINUTE - MINUTE);
    expect(momentByKey('ArrowLeft', true, 'live', NOW)).toBe(THIS_MINUTE - 10 * MINUTE);
    expect(momentByKey('ArrowRight', true, THIS_MINUTE - 30 * MINUTE, NOW)).toBe(THIS_MINUTE - 20 * MINUTE);
    expect(momentByKey('Home', false, 'live', NOW)).toBe(earliest(NOW));
    expect(momentByKey('L', true, THIS_MINUTE - DAY / 2, NOW)).toBe('live');
    expect(momentByKey('x', false, 'live', NOW)).toBeUndefined();
  });

  it('marks the full hours of the zone', () => {
    const marks = hourMarks(NOW, 3, (time) => new Date(time + 8 * 3_600_000).getUTCHours());
    expect(marks).toHaveLength(8);
    expect(marks.every((mark) => new Date(mark).getUTCMinutes() === 0)).toBe(true);
  });

  it('never leaves the last day, and always shows whole minutes', () => {
    const moments: fc.Arbitrary<Moment> = fc.oneof(
      fc.constant<Moment>('live'),
      fc.integer({ min: 0, max: DAY / MINUTE - 1 }).map((minutes) => earliest(NOW) + minutes * MINUTE),
    );
    fc.assert(
      fc.property(moments, fc.integer({ min: -3000, max: 3000 }), (moment, minutes) => {
        const next = step(moment, minutes, NOW);
        if (next === 'live') return;
        expect(next % MINUTE).toBe(0);
        expect(next).toBeGreaterThanOrEqual(earliest(NOW));
        expect(next).toBeLessThan(THIS_MINUTE);
      }),
    );
  });

  it('puts the handle back where it was dropped', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.998, noNaN: true }), (share) => {
        expect(Math.abs(shareOf(momentAt(share, NOW), NOW) - share)).toBeLessThan(2 / 1440);
      }),
    );
  });
});
