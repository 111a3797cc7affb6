import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Windowing } from '#twin/rules/condition.ts';
import { Window } from '#twin/rules/window.ts';

/** Takes the values of an instant, if that is due; what the window then says. */
function step(window: Window, values: readonly number[], second: number): number[] {
  if (window.isDue(1000 * second)) window.take(Float64Array.from(values), values.length, 1000 * second);
  const out = new Float64Array(values.length);
  window.say(values.length, out);
  return [...out];
}

/** A value a second, from second 0; what the window says at each. */
function overTime(how: Windowing, seconds: number, values: readonly number[]): number[] {
  const window = new Window(how, seconds, 1);
  return values.map((value, second) => step(window, [value], second)[0]!);
}

/** The same by its definition: of all values since the twelfth part before that of now. */
function byDefinition(
  how: Windowing,
  seconds: number,
  at: readonly number[],
  values: readonly number[],
): number[] {
  const part = (second: number) => Math.floor((second * 12) / seconds);
  const known = (k: number) => !Number.isNaN(values[k]!);
  let begun = Number.NaN;
  let last = Number.NEGATIVE_INFINITY;
  return values.map((_, k) => {
    if (known(k)) {
      if (last < part(at[k]!) - 12) begun = at[k]!;
      last = part(at[k]!);
    }
    const inside = values.filter((_, i) => i <= k && known(i) && part(at[i]!) >= part(at[k]!) - 12);
    if (!(begun <= at[k]! - seconds) || inside.length === 0) return Number.NaN;
    const mean = inside.reduce((a, b) => a + b, 0) / inside.length;
    switch (how) {
      case 'change':
        return values[k]! - inside[0]!;
      case 'mean':
        return mean;
      case 'sd':
        return Math.sqrt(inside.reduce((a, b) => a + (b - mean) ** 2, 0) / inside.length);
      default:
        return how === 'min' ? Math.min(...inside) : Math.max(...inside);
    }
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
    step(window, [100], 0);
    expect(step(window, [1], 500)).toEqual([Number.NaN]);
    for (let second = 510; second < 560; second += 10) step(window, [1], second);
    expect(step(window, [1], 560)).toEqual([1]);
  });

  it('keeps what it knows when stations are added', () => {
    const window = new Window('max', 60, 1);
    step(window, [5], 0);
    window.grow(2);
    expect(step(window, [3, 4], 60)).toEqual([5, Number.NaN]);
  });

  it.each<Windowing>(['change', 'mean', 'sd', 'min', 'max'])(
    'says %s as it is defined, whatever comes when',
    (how) => {
      const gap = fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 9 }) },
        fc.integer({ min: 10, max: 300 }),
      );
      const value = fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: -9, max: 9 }) },
        fc.constant(Number.NaN),
      );
      fc.assert(
        fc.property(fc.array(fc.tuple(gap, value), { minLength: 1, maxLength: 150 }), (steps) => {
          let time = 0;
          const at = steps.map(([wait]) => (time += wait));
          const values = steps.map(([, one]) => one);
          const window = new Window(how, 60, 1);
          const got = values.map((one, k) => step(window, [one], at[k]!)[0]!);
          byDefinition(how, 60, at, values).forEach((one, k) => {
            if (Number.isNaN(one)) expect(got[k]).toBeNaN();
            else expect(got[k]).toBeCloseTo(one, 6);
          });
        }),
      );
    },
  );

  it('takes as many values for an hour as for five minutes, and every one for its least and most', () => {
    const due = (how: Windowing, seconds: number) => {
      const window = new Window(how, seconds, 1);
      let taken = 0;
      for (let second = 0; second < seconds; second++)
        if (window.isDue(1000 * second)) {
          window.take(Float64Array.of(1), 1, 1000 * second);
          taken++;
        }
      return taken;
    };
    expect(due('mean', 3600)).toBe(144);
    expect(due('sd', 300)).toBe(144);
    expect(due('change', 86_400)).toBe(144);
    expect(due('max', 3600)).toBe(3600);
  });

  it('goes on with what another knew, whenever it is told, as if it had never been cut off', () => {
    const rounded = (said: number) => (Number.isNaN(said) ? said : Math.round(said * 1e6) + 0);
    const value = fc.option(fc.integer({ min: -50, max: 50 }), { nil: Number.NaN, freq: 4 });
    // heard just often enough: what it was heard with at first has left the window when it is told
    const rare = Array.from({ length: 81 }, (_, second): [number, number] => [
      Number.NaN,
      [0, 63, 80].includes(second) ? 0 : Number.NaN,
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom<Windowing>('change', 'mean', 'sd', 'min', 'max'),
        fc.array(fc.tuple(value, value), { minLength: 80, maxLength: 200 }),
        fc.nat(150),
        fc.nat(80),
        (how, values, cut, later) => {
          const whole = new Window(how, 60, 2);
          const before = new Window(how, 60, 2);
          const lately = new Window(how, 60, 2);
          const after = new Window(how, 60, 3);
          values.forEach((both, second) => {
            if (second === cut + later && second > 0) {
              // first what was lately, then all; each row at its own time and in another place
              after.recall(lately.memory(2), [2, 0]);
              after.recall(before.memory(2), [2, -1]);
              after.recall(before.memory(2), [-1, 0]);
            }
            const expected = step(whole, both, second);
            if (second < cut) {
              step(before, both, second);
              if (second >= cut - 30) step(lately, both, second);
            } else {
              const [b, , a] = step(after, [both[1], Number.NaN, both[0]], second);
              if (second >= Math.max(1, cut + later))
                expect([rounded(a!), rounded(b!)]).toEqual(expected.map(rounded));
            }
          });
        },
      ),
      { examples: [['change', rare, 5, 61]] },
    );
  });
});
