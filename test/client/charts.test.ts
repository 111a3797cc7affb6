import { describe, expect, it } from 'vitest';
import { curveOf } from '#client/charts/curve.ts';
import { chartOption } from '#client/charts/option.ts';
import { clockOf } from '#client/format/time.ts';
import { THEMES } from '#client/theme/tokens.ts';
import { HOUR, MINUTE } from '#twin/units.ts';

const FIVE_O_CLOCK = Date.UTC(2026, 10, 24, 21, 0, 7);

function axisLabel(span: number): string {
  const { xAxis } = chartOption({
    lines: [],
    unit: 'MPa',
    from: FIVE_O_CLOCK - span,
    to: FIVE_O_CLOCK,
    theme: THEMES.dark,
    clock: clockOf('Asia/Shanghai'),
    scale: 1,
    cursor: null,
  }) as { xAxis: { axisLabel: { formatter: (time: number) => string } } };
  return xAxis.axisLabel.formatter(FIVE_O_CLOCK);
}

describe('the time axis of a chart', () => {
  it('tells minutes over a day', () => expect(axisLabel(24 * HOUR)).toBe('05:00'));
  it('tells days over three, so that no two labels say the same', () =>
    expect(axisLabel(72 * HOUR)).toBe('11-25 05:00'));
  it('tells seconds over two minutes, so that no two labels say the same', () =>
    expect(axisLabel(2 * MINUTE)).toBe('05:00:07'));
});

describe('a curve', () => {
  const series = (...minutes: number[]) => ({
    unit: 'm³',
    point: 'V_IN',
    t: minutes.map((minute) => minute * MINUTE),
    mean: minutes,
    min: minutes,
    max: minutes,
    count: minutes.map(() => 1),
    quality: minutes.map(() => 0),
    unreadable: [],
  });
  const gaps = (minutes: number[], silence?: number) =>
    curveOf(series(...minutes), MINUTE / 2, [], silence).mean.filter(([, value]) => value === null).length;

  it('has no gap where a point was silent for as long as it may be', () => {
    expect(gaps([0, 15, 30], 15 * MINUTE)).toBe(0);
    expect(gaps([0, 15, 45], 15 * MINUTE)).toBe(1);
  });

  it('has one in every silence of a point that says nothing of how long it may be', () => {
    expect(gaps([0, 15, 30])).toBe(2);
  });
});
