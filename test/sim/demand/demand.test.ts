import { describe, expect, it } from 'vitest';
import { AggregateDemand } from '#sim/demand/aggregate.ts';
import { PulseDemand } from '#sim/demand/explicit.ts';
import { demandProcess } from '#sim/demand/homes.ts';
import { type DemandProcess, prime } from '#sim/demand/process.ts';
import { demandFactor, demandProfile } from '#sim/demand/profile.ts';
import { MEAN_FLOW_PER_HOME, pulseDeviation } from '#sim/demand/pulses.ts';
import { Random } from '#sim/random.ts';
import { DAY, HOUR } from '#twin/units.ts';

/** Mean, coefficient of variation and autocorrelation of a process at a constant mean. */
function statistics(process: DemandProcess, mean: number, steps: number, seed: number) {
  const random = new Random(seed);
  prime(process, mean, random);
  const flow = Float64Array.from({ length: steps }, () => process.step(mean, 1, random));
  const average = flow.reduce((sum, q) => sum + q, 0) / steps;
  const product = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < steps; i++) sum += (flow[i]! - average) * (flow[i - lag]! - average);
    return sum / (steps - lag);
  };
  const variance = product(0);
  return {
    mean: average,
    cv: Math.sqrt(variance) / average,
    autocorrelation: [10, 40, 120].map((lag) => product(lag) / variance),
  };
}

describe('demand by the second', () => {
  it('gives a home 350 litres a day', () => {
    expect(MEAN_FLOW_PER_HOME * 24 * 1000).toBeCloseTo(350, 0);
  });

  it('aggregates many homes with the mean, the spread and the memory of their pulses', () => {
    const mean = 40;
    const pulses = statistics(new PulseDemand(), mean, 200_000, 1);
    const aggregate = statistics(new AggregateDemand(), mean, 200_000, 2);
    for (const found of [pulses, aggregate]) {
      expect(found.mean).toBeGreaterThan(0.98 * mean);
      expect(found.mean).toBeLessThan(1.02 * mean);
      expect(found.cv / (pulseDeviation(mean) / mean)).toBeGreaterThan(0.93);
      expect(found.cv / (pulseDeviation(mean) / mean)).toBeLessThan(1.07);
    }
    aggregate.autocorrelation.forEach((rho, i) => {
      expect(Math.abs(rho - pulses.autocorrelation[i]!)).toBeLessThan(0.06);
    });
  });

  it('varies at evening peak as simulated homes do: CV 0.35 for 200 homes, 0.15 for 1,000', () => {
    const evening = 1.9;
    for (const [homes, cv] of [
      [200, 0.33],
      [1000, 0.15],
    ] as const) {
      const mean = homes * MEAN_FLOW_PER_HOME * evening;
      expect(statistics(demandProcess(mean / evening), mean, 60_000, homes).cv).toBeCloseTo(cv, 1);
    }
  });

  it('conserves volume whatever the step', () => {
    const random = new Random(9);
    for (const dt of [0.2, 5, 300]) {
      const process = new PulseDemand();
      prime(process, 10, random);
      let volume = 0;
      const steps = 200_000 / dt;
      for (let i = 0; i < steps; i++) volume += process.step(10, dt, random) * dt;
      expect(volume / 200_000).toBeGreaterThan(9.5);
      expect(volume / 200_000).toBeLessThan(10.5);
    }
  });

  it('is the same for the same seed', () => {
    const run = () => statistics(demandProcess(5), 5, 2000, 77);
    expect(run()).toEqual(run());
  });
});

describe('the profile of a day', () => {
  const midnight = Date.UTC(2026, 2, 2) - 8 * HOUR;
  const quiet = { ...demandProfile('RES_HIGH', 10, 4), daySd: 0, hourSd: 0 };

  it('keeps the mean of the pattern and peaks in the evening', () => {
    const minutes = Array.from({ length: 1440 }, (_, i) => demandFactor(quiet, midnight + i * 60_000));
    expect(minutes.reduce((sum, m) => sum + m, 0) / 1440).toBeCloseTo(0.93, 2);
    const peak = minutes.indexOf(Math.max(...minutes)) / 60;
    expect(peak).toBeGreaterThan(20);
    expect(peak).toBeLessThan(22);
  });

  it('has no jump at an hour or at midnight of a working day', () => {
    const noisy = demandProfile('RES_HIGH', 10, 4);
    for (let h = 1; h <= 24; h++) {
      const before = demandFactor(noisy, midnight + h * HOUR - 1);
      const after = demandFactor(noisy, midnight + h * HOUR);
      expect(Math.abs(after - before)).toBeLessThan(h === 24 ? 0.1 : 1e-3);
    }
  });

  it('sleeps longer at weekends and leaves offices nearly dry', () => {
    const saturday = midnight + 5 * DAY;
    expect(demandFactor(quiet, saturday + 7.5 * HOUR)).toBeLessThan(
      demandFactor(quiet, midnight + 7.5 * HOUR),
    );
    const office = { ...demandProfile('OFFICE', 10, 4), daySd: 0, hourSd: 0 };
    expect(demandFactor(office, saturday + 10 * HOUR)).toBeLessThan(
      0.4 * demandFactor(office, midnight + 10 * HOUR),
    );
  });

  it('names a pattern that does not exist', () => {
    expect(() => demandProfile('SPACEPORT', 1, 1)).toThrow(/SPACEPORT/);
  });
});
