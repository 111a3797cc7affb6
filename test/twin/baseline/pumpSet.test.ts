import { describe, expect, it } from 'vitest';
import { random } from '#test/support/telemetry.ts';
import {
  headShare,
  learnCurve,
  noCurve,
  type PumpCurve,
  shutoffShare,
  slopeShare,
} from '#twin/baseline/curve.ts';
import { learnEnergy, noEnergy, usualEnergy } from '#twin/baseline/energy.ts';
import { lastNight, learnNightHour, noNights, usualNight } from '#twin/baseline/nights.ts';
import { HOUR } from '#twin/units.ts';
import { MONDAY } from './days.ts';

const HOUR_0 = MONDAY / HOUR;

describe('the nights of a pump set', () => {
  const nightsOf = (least: readonly number[]) => {
    const nights = noNights();
    least.forEach((flow, day) => {
      for (let hour = 0; hour < 24; hour++)
        learnNightHour(nights, { hour: HOUR_0 + 24 * day + hour, mean: hour === 3 ? flow : flow + 5 });
    });
    return nights;
  };

  it('each gives its least hour; three make what is usual', () => {
    expect(lastNight(nightsOf([2, 3]))).toBe(3);
    expect(usualNight(nightsOf([2, 3]))).toBeNaN();
    expect(usualNight(nightsOf([2, 3, 2.5]))).toBe(2.5);
  });

  it('a leak shows in the last night at once and in the usual one after two weeks', () => {
    const nights = nightsOf([...Array(28).fill(2), 6, 6, 6]);
    expect([lastNight(nights), usualNight(nights)]).toEqual([6, 2]);
  });

  it('a night of which too little was seen counts for nothing', () => {
    const nights = noNights();
    for (const hour of [1, 2]) learnNightHour(nights, { hour: HOUR_0 + hour, mean: 1 });
    learnNightHour(nights, { hour: HOUR_0 + 12, mean: 9 });
    expect(lastNight(nights)).toBeNaN();
  });
});

describe('what a cubic metre costs', () => {
  it('is learnt by flow, and known after five days at about that flow', () => {
    const energy = noEnergy();
    const cost = (flow: number) => 0.4 + 1 / flow;
    for (let day = 0; day < 7; day++)
      for (let hour = 0; hour < 24; hour++) {
        const flow = 4 + (hour % 12);
        learnEnergy(energy, HOUR_0 + 24 * day + hour, flow, flow * cost(flow));
        if (day === 4) expect(usualEnergy(energy, 8)).toBeNaN();
      }
    for (const flow of [5, 8, 12, 14]) expect(usualEnergy(energy, flow) / cost(flow)).toBeCloseTo(1, 1);
    expect(usualEnergy(energy, 100)).toBeNaN();
    expect(usualEnergy(energy, 0)).toBeNaN();
  });

  it('ten bad days of thirty do not move it', () => {
    const energy = noEnergy();
    for (let day = 0; day < 31; day++) learnEnergy(energy, HOUR_0 + 24 * day, 10, day % 3 === 0 ? 90 : 5);
    expect(usualEnergy(energy, 10)).toBeCloseTo(0.5, 3);
  });
});

describe('the curve of a pump', () => {
  const draw = random(5);
  /** Minutes of a pump that holds 0.5 MPa, with noise of the sensors. */
  const run = (curve: PumpCurve, minutes: number, h0: number, a: number, odd = 0) => {
    for (let minute = 0; minute < minutes; minute++) {
      const flow = 4 + 14 * Math.abs(Math.sin(minute / 100));
      const speed = Math.sqrt((0.5 + a * flow * flow) / h0);
      const broken = draw() < odd;
      learnCurve(curve, flow * (1 + 0.02 * (draw() - 0.5)), broken ? 2 * draw() : 0.5, 50 * speed);
    }
    return curve;
  };

  it('is known after some hours of running alone', () => {
    expect(headShare(run(noCurve(), 300, 0.8, 0.0008))).toBeNaN();
    const healthy = run(noCurve(), 900, 0.8, 0.0008);
    expect(headShare(healthy)).toBeCloseTo(1, 2);
    expect(shutoffShare(healthy)).toBeCloseTo(1, 2);
  });

  it('a worn impeller lifts less even without flow, a clogged strainer only where water flows', () => {
    const worn = run(run(noCurve(), 900, 0.8, 0.0008), 900, 0.72, 0.0008);
    expect(shutoffShare(worn)).toBeCloseTo(0.9, 1);
    expect(headShare(worn)).toBeLessThan(0.92);
    const clogged = run(run(noCurve(), 900, 0.8, 0.0008), 900, 0.8, 0.0016);
    expect(shutoffShare(clogged)).toBeGreaterThan(0.97);
    expect(headShare(clogged)).toBeLessThan(0.92);
    expect(slopeShare(clogged)).toBeCloseTo(2, 0);
    expect(slopeShare(run(noCurve(), 900, 0.8, 0.0008))).toBeCloseTo(1, 1);
  });

  it('flows that hardly differ say nothing of how steeply its head falls, nor of what it is at no flow', () => {
    const even = noCurve();
    for (let minute = 0; minute < 900; minute++) {
      const flow = 10 + 0.3 * Math.sin(minute / 100);
      const speed = Math.sqrt((0.5 + 0.0008 * flow * flow) / 0.8);
      learnCurve(even, flow, 0.5 + 0.01 * (draw() - 0.5), 50 * speed);
    }
    expect(headShare(even)).toBeCloseTo(1, 2);
    expect(slopeShare(even)).toBeNaN();
    expect(shutoffShare(even)).toBeNaN();
    // it is fitted further, until other flows have shown how steep it is
    expect(slopeShare(run(run(even, 900, 0.8, 0.0008), 900, 0.8, 0.0016))).toBeGreaterThan(1.25);
  });

  it('flows that were read at other instants than speeds flatten the slope, and the pump does not look clogged after', () => {
    const unlike = (curve: PumpCurve, minutes: number, a: number, error: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        const flow = 4 + 14 * Math.abs(Math.sin(minute / 100));
        const speed = Math.sqrt((0.5 + a * flow * flow) / 0.8);
        learnCurve(curve, flow * (1 + error * (draw() - 0.5)), 0.5, 50 * speed);
      }
      return curve;
    };
    const curve = unlike(unlike(noCurve(), 4000, 0.0008, 1.2), 900, 0.0008, 0.02);
    const flattened = curve.recent.xy / curve.recent.xx / (curve.first.xy / curve.first.xx);
    expect(flattened).toBeGreaterThan(1.15);
    expect(slopeShare(curve)).toBeLessThan(1.05);
    expect(slopeShare(unlike(curve, 900, 0.0016, 0.02))).toBeGreaterThan(1.25);
  });

  it('one odd minute in five does not move it', () => {
    const odd = run(run(noCurve(), 900, 0.8, 0.0008), 900, 0.8, 0.0008, 0.2);
    expect(headShare(odd)).toBeGreaterThan(0.97);
    expect(headShare(odd)).toBeLessThan(1.03);
  });

  it('a pump that is repaired is learnt anew', () => {
    const repaired = run(run(noCurve(), 900, 0.72, 0.0008), 900, 0.8, 0.0008);
    expect(headShare(repaired)).toBeGreaterThan(0.97);
    expect(headShare(repaired)).toBeLessThan(1.04);
  });
});
