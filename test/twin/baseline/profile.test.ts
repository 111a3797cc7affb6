import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '#test/support/telemetry.ts';
import { KindOfDay, kindOfDay } from '#twin/baseline/kindOfDay.ts';
import {
  emptyProfile,
  learnHour,
  learnValue,
  loadProfile,
  saveProfile,
  spreadAt,
  usualAt,
} from '#twin/baseline/profile.ts';
import { forecastAt } from '#twin/forecast/forecast.ts';
import { DAY, HOUR, MINUTE } from '#twin/units.ts';
import { expectedAt, lived, MONDAY, middleOf, WEEKEND, WORKING } from './days.ts';

const dayOf = (month: number, day: number) => Date.UTC(2026, month - 1, day) / DAY;

describe('kinds of day', () => {
  it('knows weekends, holidays and the weekends that are worked instead', () => {
    expect(kindOfDay(dayOf(3, 6))).toBe(KindOfDay.working);
    expect(kindOfDay(dayOf(3, 7))).toBe(KindOfDay.weekend);
    expect(kindOfDay(dayOf(2, 17))).toBe(KindOfDay.holiday);
    expect(kindOfDay(dayOf(10, 10))).toBe(KindOfDay.working);
    // a year whose notice is not out has weekends only
    expect(kindOfDay(Date.UTC(2031, 9, 1) / DAY)).toBe(KindOfDay.working);
  });
});

describe('the profile of a value', () => {
  it('learns the hours of working days and of weekends apart', () => {
    const profile = lived(28, (_, flow) => flow);
    for (let hour = 0; hour < 24; hour++) {
      expect(usualAt(profile, middleOf(28, hour))).toBeCloseTo(WORKING[hour]!, 3);
      expect(usualAt(profile, middleOf(33, hour))).toBeCloseTo(WEEKEND[hour]!, 3);
    }
  });

  it('is not known before three days of a kind, and goes evenly from hour to hour', () => {
    expect(usualAt(emptyProfile(), MONDAY)).toBeNaN();
    const profile = lived(3, (_, flow) => flow);
    expect(usualAt(profile, middleOf(3, 7))).toBe(18);
    expect(usualAt(profile, middleOf(3, 7) + HOUR / 2)).toBe((18 + 15) / 2);
    expect(usualAt(profile, middleOf(5, 7))).toBeNaN();
  });

  it('a holiday that was not seen yet is like a weekend', () => {
    const profile = lived(28, (_, flow) => flow);
    expect(usualAt(profile, Date.UTC(2026, 4, 4) + 12.5 * HOUR)).toBeCloseTo(WEEKEND[12]!, 3);
  });

  it('finds a noisy pattern within its spread, and the spread', () => {
    const draw = random(3);
    const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
    const profile = lived(42, (_, flow) => flow * (1 + 0.1 * normal()));
    for (let hour = 0; hour < 24; hour++) {
      const spread = spreadAt(profile, middleOf(42, hour));
      expect(Math.abs(usualAt(profile, middleOf(42, hour)) - WORKING[hour]!)).toBeLessThan(2 * spread);
    }
    const spreads = WORKING.map((flow, hour) => spreadAt(profile, middleOf(42, hour)) / flow);
    expect(spreads.reduce((sum, one) => sum + one) / 24).toBeGreaterThan(0.06);
    expect(spreads.reduce((sum, one) => sum + one) / 24).toBeLessThan(0.15);
  });

  it('one day in five that is wholly wrong does not move it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4 }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (wrong, value) => {
          const wobble = (hour: number) => 1 + 0.02 * Math.sin(hour);
          const profile = lived(42, (hour, flow) =>
            Math.floor(hour / 24) % 5 === wrong ? value : flow * wobble(hour),
          );
          for (let hour = 0; hour < 24; hour++)
            expect(Math.abs(usualAt(profile, middleOf(42, hour)) / WORKING[hour]! - 1)).toBeLessThan(0.021);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('the order of the days does not matter', () => {
    const days = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
    const values = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(days, values, (order, flows) => {
        const inOrder = emptyProfile();
        const shuffled = emptyProfile();
        const at = MONDAY / HOUR + 8;
        flows.forEach((flow, day) => {
          learnHour(inOrder, { hour: at + 24 * day, mean: flow });
          learnHour(shuffled, { hour: at + 24 * day, mean: flows[order[day]!]! });
        });
        expect(usualAt(shuffled, middleOf(7, 8))).toBe(usualAt(inOrder, middleOf(7, 8)));
        expect(spreadAt(shuffled, middleOf(7, 8))).toBe(spreadAt(inOrder, middleOf(7, 8)));
      }),
    );
  });

  it('what is written and read again goes on as if nothing had been', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { maxLength: 400 });
    fc.assert(
      fc.property(values, fc.nat(400), (means, cut) => {
        const whole = emptyProfile();
        let cutted = emptyProfile();
        means.forEach((mean, i) => {
          if (i === cut) cutted = loadProfile(JSON.parse(JSON.stringify(saveProfile(cutted))));
          for (const profile of [whole, cutted]) learnHour(profile, { hour: MONDAY / HOUR + i, mean });
        });
        expect(cutted).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('learns the mean of an hour of which at least half was seen', () => {
    const profile = emptyProfile();
    const minutes = (hour: number, count: number) => {
      for (let minute = 0; minute < count; minute++)
        learnValue(profile, MONDAY + hour * HOUR + minute * MINUTE, minute % 2 === 0 ? 10 : 20);
    };
    minutes(0, 60);
    minutes(1, 20);
    minutes(2, 1);
    const seen = profile.hours.filter((value) => !Number.isNaN(value));
    expect([...seen]).toEqual([15]);
  });
});

describe('the forecast', () => {
  it('is what is usual, at the level of the last hours, which fades', () => {
    const profile = lived(14, (_, flow) => flow);
    expect(forecastAt(profile, middleOf(14, 6))).toBeCloseTo(12, 3);
    // a hot morning: half as much again
    for (let hour = 0; hour < 12; hour++)
      learnHour(profile, { hour: MONDAY / HOUR + 14 * 24 + hour, mean: 1.5 * expectedAt(hour) });
    expect(forecastAt(profile, middleOf(14, 12)) / WORKING[12]!).toBeGreaterThan(1.4);
    const tomorrow = forecastAt(profile, middleOf(15, 12)) / WORKING[12]!;
    expect(tomorrow).toBeGreaterThan(1);
    expect(tomorrow).toBeLessThan(1.1);
  });

  it('is not known while nothing is usual', () => {
    expect(forecastAt(emptyProfile(), middleOf(0, 6))).toBeNaN();
  });
});
