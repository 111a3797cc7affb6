import { describe, expect, it } from 'vitest';
import { demandColumns, expectDemand, stepDemand } from '#sim/demand/columns.ts';
import { PulseDemand } from '#sim/demand/explicit.ts';
import { prime } from '#sim/demand/process.ts';
import { pulseDeviation } from '#sim/demand/pulses.ts';
import { Random } from '#sim/random.ts';

describe('demand of many pump sets in columns', () => {
  it('has the mean and the spread of the pulses, for few homes and many, and is never negative', () => {
    const means = [0.7, 5, 60];
    const columns = demandColumns(means.length, 1, 1);
    means.forEach((mean, set) => {
      expectDemand(columns, set, mean);
    });
    const random = new Random(1);
    const steps = 200_000;
    const sum = means.map(() => 0);
    const squares = means.map(() => 0);
    for (let i = 0; i < steps; i++) {
      stepDemand(columns, random);
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
    const columns = demandColumns(1, 1, 1);
    expectDemand(columns, 0, 0);
    stepDemand(columns, new Random(1));
    expect(columns.drawn[0]).toBe(0);
  });

  it('draws as much at once as the taps of a building do, hardly more', () => {
    // 130 homes in the small hours, in the morning; a thousand in the morning
    for (const mean of [0.5, 2.5, 20]) {
      const columns = demandColumns(1, 1, 1);
      expectDemand(columns, 0, mean);
      const pulses = new PulseDemand();
      const random = new Random(3);
      prime(pulses, mean, random);
      const steps = 200_000;
      const bent = new Float64Array(steps);
      const explicit = new Float64Array(steps);
      for (let i = 0; i < steps; i++) {
        stepDemand(columns, random);
        bent[i] = columns.drawn[0]!;
        explicit[i] = pulses.step(mean, 1, random);
      }
      for (const flows of [bent, explicit]) flows.sort();
      for (const share of [0.9, 0.99, 0.999]) {
        const at = Math.floor(share * steps);
        expect(Math.abs(bent[at]! / explicit[at]! - 1), `${mean} m³/h, ${share}`).toBeLessThan(0.2);
      }
    }
  });
});
