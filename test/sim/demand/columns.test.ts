import { describe, expect, it } from 'vitest';
import { demandColumns, expectDemand, stepDemand } from '#sim/demand/columns.ts';
import { pulseDeviation } from '#sim/demand/pulses.ts';
import { Random } from '#sim/random.ts';

describe('demand of many pump sets in columns', () => {
  it('has the mean and the spread of the pulses, for few homes and many, and is never negative', () => {
    const means = [0.7, 5, 60];
    const columns = demandColumns(means.length, 1);
    means.forEach((mean, set) => {
      expectDemand(columns, set, mean);
    });
    const random = new Random(1);
    const steps = 200_000;
    const sum = means.map(() => 0);
    const squares = means.map(() => 0);
    for (let i = 0; i < steps; i++) {
      stepDemand(columns, 1, random);
      columns.drawn.forEach((flow, k) => {
        if (flow < 0) throw new RangeError(`set ${k} draws ${flow}`);
        sum[k] = sum[k]! + flow;
        squares[k] = squares[k]! + flow * flow;
      });
    }
    means.forEach((mean, k) => {
      const average = sum[k]! / steps;
      const deviation = Math.sqrt(squares[k]! / steps - average * average);
      expect(Math.abs(average / mean - 1)).toBeLessThan(0.06);
      expect(Math.abs(deviation / pulseDeviation(mean) - 1)).toBeLessThan(0.15);
    });
  });

  it('draws nothing where nothing is expected', () => {
    const columns = demandColumns(1, 1);
    expectDemand(columns, 0, 0);
    stepDemand(columns, 1, new Random(1));
    expect(columns.drawn[0]).toBe(0);
  });
});
