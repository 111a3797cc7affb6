import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tailOf } from '#sim/demand/tail.ts';

/** Mean and spread over mean of `max(0, u + z)³`, by sums over `z` of their own. */
function seen(u: number): { mean: number; spread: number } {
  let mean = 0;
  let square = 0;
  for (let z = -9; z < 9; z += 0.002) {
    const weight = (0.002 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
    const flow = Math.max(0, u + z) ** 3;
    mean += weight * flow;
    square += weight * flow * flow;
  }
  return { mean, spread: Math.sqrt(square - mean * mean) / mean };
}

describe('the shape of a few taps together', () => {
  it('has its mean and the spread asked for, from one home at night to a whole district', () => {
    fc.assert(
      fc.property(fc.double({ min: Math.log(0.02), max: Math.log(20), noNaN: true }), (logarithm) => {
        const spread = Math.exp(logarithm);
        const { offset, mean } = tailOf(spread);
        const found = seen(offset);
        expect(Math.abs(mean / found.mean - 1)).toBeLessThan(0.003);
        expect(Math.abs(found.spread / spread - 1)).toBeLessThan(0.01);
      }),
      { numRuns: 60 },
    );
  });
});
