import { describe, expect, it } from 'vitest';
import { groupOf, onDuty } from '#twin/notification/roster.ts';
import { HOUR } from '#twin/units.ts';

const CHINA = 8 * HOUR;
const at = (text: string) => Date.parse(`${text}+08:00`);
const whole = { from: '00:00', to: '24:00' };

describe('who is on duty', () => {
  it('a night shift belongs to the day it begins on', () => {
    const group = groupOf({
      shifts: [{ channels: ['night'], from: '20:00', to: '08:00', days: ['fri'] }],
      otherwise: ['day'],
    });
    // 2026-06-05 is a Friday
    expect(onDuty(group, at('2026-06-05T19:59'), CHINA)).toEqual(['day']);
    expect(onDuty(group, at('2026-06-05T20:00'), CHINA)).toEqual(['night']);
    expect(onDuty(group, at('2026-06-06T07:59'), CHINA)).toEqual(['night']);
    expect(onDuty(group, at('2026-06-06T08:00'), CHINA)).toEqual(['day']);
  });

  it('crews take turns, before the first day of their cycle too', () => {
    const cycle = (on: number[]) => ({ start: '2026-06-01', of: 4, on: on as [number, ...number[]] });
    const group = groupOf({
      shifts: [
        { channels: ['a'], ...whole, cycle: cycle([1, 2]) },
        { channels: ['b'], ...whole, cycle: cycle([3, 4]) },
      ],
    });
    const days = ['05-30', '05-31', '06-01', '06-02', '06-03', '06-04', '06-05'];
    expect(days.map((day) => onDuty(group, at(`2026-${day}T12:00`), CHINA)[0]).join('')).toBe('bbaabba');
  });

  it('who is on two shifts at once is told once', () => {
    const group = groupOf({
      shifts: [
        { channels: ['a', 'b'], ...whole },
        { channels: ['b'], from: '08:00', to: '09:00' },
      ],
    });
    expect(onDuty(group, at('2026-06-01T08:30'), CHINA)).toEqual(['a', 'b']);
  });
});
