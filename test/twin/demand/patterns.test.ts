import { describe, expect, it } from 'vitest';
import { demandPatterns } from '#twin/demand/patterns.data.ts';

describe('demand patterns', () => {
  it('have 24 positive hours with a mean of one', () => {
    for (const [name, pattern] of Object.entries(demandPatterns)) {
      expect(pattern, name).toHaveLength(24);
      expect(Math.min(...pattern), name).toBeGreaterThan(0);
      expect(pattern.reduce((sum, m) => sum + m, 0) / 24, name).toBeCloseTo(1, 12);
    }
  });

  it('homes peak in the evening, offices in the morning', () => {
    const peakHour = (name: string) => {
      const pattern = demandPatterns[name]!;
      return pattern.indexOf(Math.max(...pattern));
    };
    expect(peakHour('RES_HIGH_weekday')).toBe(21);
    expect(peakHour('OFFICE_weekday')).toBe(9);
  });
});
