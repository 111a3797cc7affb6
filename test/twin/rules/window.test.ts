import { describe, expect, it } from 'vitest';
import type { Windowing } from '#twin/rules/condition.ts';
import { Window } from '#twin/rules/window.ts';

/** A value a second, from second 0; what the window says at each. */
function overTime(how: Windowing, seconds: number, values: readonly number[]): number[] {
  const window = new Window(how, seconds, 1);
  const out = new Float64Array(1);
  return values.map((value, second) => {
    window.step(Float64Array.of(value), 1, 1000 * second, out);
    return out[0]!;
  });
}

const ramp = Array.from({ length: 200 }, (_, second) => second);

describe('a window', () => {
  it('is not known before it is full', () => {
    const got = overTime('mean', 60, ramp);
    expect(got.findIndex((value) => !Number.isNaN(value))).toBe(60);
  });

  it('says by how much a value has changed', () => {
    for (const change of overTime('change', 60, ramp).slice(60)) {
      expect(change).toBeGreaterThanOrEqual(60);
      expect(change).toBeLessThanOrEqual(65);
    }
  });

  it('means, bounds and spreads what lies within it', () => {
    expect(overTime('mean', 60, ramp)[120]!).toBeCloseTo(90, -1);
    expect(overTime('min', 60, ramp)[120]).toBe(60);
    expect(overTime('max', 60, ramp)[120]).toBe(120);
    const wave = ramp.map((second) => 0.5 + 0.02 * Math.sin((2 * Math.PI * second) / 20));
    expect(overTime('sd', 60, wave)[150]!).toBeCloseTo(0.02 / Math.SQRT2, 3);
  });

  it('leaves out what is not known', () => {
    const gaps = ramp.map((second) => (second % 3 === 0 ? Number.NaN : 7));
    expect(overTime('mean', 60, gaps)[150]).toBe(7);
    expect(
      overTime(
        'mean',
        60,
        ramp.map(() => Number.NaN),
      )[150],
    ).toBeNaN();
  });

  it('forgets: after a gap longer than itself it fills anew', () => {
    const window = new Window('max', 60, 1);
    const out = new Float64Array(1);
    window.step(Float64Array.of(100), 1, 0, out);
    window.step(Float64Array.of(1), 1, 500_000, out);
    expect(out[0]).toBeNaN();
    for (let second = 510; second <= 560; second += 10)
      window.step(Float64Array.of(1), 1, 1000 * second, out);
    expect(out[0]).toBe(1);
  });

  it('keeps what it knows when stations are added', () => {
    const window = new Window('max', 60, 1);
    const out = new Float64Array(2);
    window.step(Float64Array.of(5), 1, 0, out);
    window.grow(2);
    window.step(Float64Array.of(3, 4), 2, 60_000, out);
    expect([...out]).toEqual([5, Number.NaN]);
  });
});
