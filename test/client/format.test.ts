import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatSigned, formatValue } from '#client/format/number.ts';
import { clockOf, formatAge, formatMoment } from '#client/format/time.ts';
import { zh } from '#client/i18n/zh.ts';

const ages = zh.age;

describe('values', () => {
  it('shows a pressure in steps of its resolution', () => {
    expect(formatValue(0.38, 0.001)).toBe('0.380');
    expect(formatValue(0.3804, 0.001)).toBe('0.380');
  });

  it('never shows more than four significant figures behind the point', () => {
    expect(formatValue(43.8567, 0.01)).toBe('43.86');
    expect(formatValue(2.0461, 0.0001)).toBe('2.046');
    expect(formatValue(384.26, 0.1)).toBe('384.3');
  });

  it('keeps every digit of a whole number, in groups of three from five digits on', () => {
    expect(formatValue(812345.6, 0.1)).toBe('812\u202f346');
    expect(formatCount(2100)).toBe('2100');
    expect(formatCount(32340)).toBe('32\u202f340');
  });

  it('says that there is no value, and never minus nothing', () => {
    expect(formatValue(Number.NaN, 0.1)).toBe('–');
    expect(formatValue(-0.0001, 0.001)).toBe('0.000');
  });

  it('signs a deviation', () => {
    expect(formatSigned(0.012, 0.001)).toBe('+0.012');
    expect(formatSigned(-0.07, 0.001)).toBe('−0.070');
    expect(formatSigned(0.0001, 0.001)).toBe('0.000');
  });

  it('stays within half a resolution step or half of the fourth figure', () => {
    const resolutions = fc.constantFrom(0.001, 0.01, 0.1, 1);
    fc.assert(
      fc.property(fc.double({ min: -99_999, max: 99_999, noNaN: true }), resolutions, (value, resolution) => {
        const shown = Number(formatValue(value, resolution).replaceAll('\u202f', ''));
        const fourth = Math.abs(value) < 1 ? 0 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
        const step = Math.max(resolution, Math.min(1, fourth));
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(step / 2 + 1e-9);
      }),
    );
  });

  it('shows bytes in three figures', () => {
    expect(formatBytes(3_412_000_000)).toBe('3.41 GB');
    expect(formatBytes(0)).toBe('0 B');
  });
});

describe('times', () => {
  const noon = Date.UTC(2026, 10, 22, 4, 5, 9);
  const clock = clockOf('Asia/Shanghai');

  it("are those of the city's zone, in 24 hours", () => {
    expect(clock.second(noon)).toBe('12:05:09');
    expect(clock.minute(noon - 12 * 3_600_000)).toBe('00:05');
    expect(clock.dayMinute(noon)).toBe('11-22 12:05');
  });

  it('are relative when younger than an hour, and dated when older than half a day', () => {
    expect(formatMoment(noon - 59 * 60_000, noon, clock, ages)).toBe('59\u00a0分钟');
    expect(formatMoment(noon - 61 * 60_000, noon, clock, ages)).toBe('11:04');
    expect(formatMoment(noon - 13 * 3_600_000, noon, clock, ages)).toBe('11-21 23:05');
  });

  it('give an age in one figure and one unit', () => {
    expect(formatAge(400, ages)).toBe('刚刚');
    expect(formatAge(-5000, ages)).toBe('刚刚');
    expect(formatAge(59_999, ages)).toBe('59\u00a0秒');
    expect(formatAge(3 * 86_400_000, ages)).toBe('3\u00a0天');
    expect(formatAge(Number.NaN, ages)).toBe('–');
  });
});
