import { describe, expect, it } from 'vitest';
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
  it('tells seconds over two minutes, so that no two labels say the same', () =>
    expect(axisLabel(2 * MINUTE)).toBe('05:00:07'));
});
