import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceWindow } from '#client/alarms/evidenceWindow.ts';
import { DAY, HOUR, MINUTE, SECOND } from '#twin/units.ts';

const RAISED = Date.UTC(2026, 10, 27, 4, 13, 7);
const standing = { raisedAt: RAISED, clearedAt: null };

describe('the window of an alarm’s evidence', () => {
  it('is minutes of a rule of seconds', () => {
    const { from, to, buckets } = evidenceWindow(standing, 4 * SECOND, RAISED + DAY);
    expect((RAISED - from) / MINUTE).toBeCloseTo(10, 0);
    expect((to - RAISED) / MINUTE).toBeCloseTo(10, 0);
    expect((to - from) / buckets).toBe(10 * SECOND);
  });

  it('is days of a rule of days, beginning before the first of them', () => {
    const { from, to, buckets } = evidenceWindow(standing, 3 * DAY, RAISED + 30 * DAY);
    expect((RAISED - from) / DAY).toBeCloseTo(4.5, 1);
    expect((to - RAISED) / DAY).toBeCloseTo(1.5, 1);
    expect((to - from) / buckets).toBe(HOUR);
  });

  it('ends where an alarm was over, or now', () => {
    expect(evidenceWindow(standing, MINUTE, RAISED + 20 * SECOND).to - RAISED).toBeLessThan(30 * SECOND);
    const over = { raisedAt: RAISED, clearedAt: RAISED + 8 * MINUTE };
    const { to } = evidenceWindow(over, MINUTE, RAISED + DAY);
    expect(to - RAISED).toBeGreaterThan(11 * MINUTE);
    expect(to - RAISED).toBeLessThan(12 * MINUTE);
  });

  it('holds the onset in whole buckets that a chart can show, whatever the rule', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 * DAY }),
        fc.integer({ min: -MINUTE, max: 90 * DAY }),
        fc.option(fc.integer({ min: 0, max: 90 * DAY })),
        (lookBack, age, stood) => {
          const alarm = { raisedAt: RAISED, clearedAt: stood === null ? null : RAISED + stood };
          const { from, to, buckets } = evidenceWindow(alarm, lookBack, RAISED + age);
          expect(from).toBeLessThan(RAISED);
          expect(to).toBeGreaterThanOrEqual(RAISED);
          expect(Number.isInteger(buckets)).toBe(true);
          expect(buckets).toBeLessThanOrEqual(362);
          expect(from % ((to - from) / buckets)).toBe(0);
        },
      ),
    );
  });
});
