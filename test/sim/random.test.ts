import { describe, expect, it } from 'vitest';
import { hashNormal, Random } from '#sim/random.ts';

function moments(draw: () => number, n = 200_000) {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  const mean = sum / n;
  return { mean, variance: squares / n - mean * mean };
}

describe('seeded random numbers', () => {
  it('have the moments of their distributions', () => {
    const random = new Random(1);
    const cases: [() => number, number, number][] = [
      [() => random.uniform(), 0.5, 1 / 12],
      [() => random.normal(), 0, 1],
      [() => random.roughNormal(), 0, 1],
      [() => random.poisson(0.3), 0.3, 0.3],
      [() => random.poisson(12), 12, 12],
      [() => random.poisson(80), 80, 80],
      [() => random.exponential(2), 2, 4],
    ];
    for (const [draw, mean, variance] of cases) {
      const found = moments(draw);
      expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / 200_000));
      expect(found.variance / variance).toBeGreaterThan(0.97);
      expect(found.variance / variance).toBeLessThan(1.03);
    }
    let i = 0;
    const hashed = moments(() => hashNormal(5, i++));
    expect(Math.abs(hashed.mean)).toBeLessThan(0.02);
    expect(hashed.variance).toBeCloseTo(1, 1);
  });

  it('fill a row with what as many single draws would give', () => {
    const one = new Random(4);
    const other = new Random(4);
    const row = new Float64Array(50);
    one.fillRoughNormal(row);
    expect([...row]).toEqual(Array.from(row, () => other.roughNormal()));
    expect(one.save()).toEqual(other.save());
  });

  it('differ between streams and seeds, and continue from a saved state', () => {
    const draws = (random: Random) => Array.from({ length: 20 }, () => random.bits());
    expect(draws(new Random(1, 0))).not.toEqual(draws(new Random(1, 1)));
    expect(draws(new Random(1))).not.toEqual(draws(new Random(2)));
    const random = new Random(3);
    draws(random);
    const saved = random.save();
    const next = draws(random);
    random.restore(saved);
    expect(draws(random)).toEqual(next);
  });
});
