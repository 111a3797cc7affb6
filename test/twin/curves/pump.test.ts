import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parallelHead,
  pumpEfficiency,
  pumpFamilies,
  pumpFamily,
  pumpFlow,
  pumpHead,
  pumpSpeed,
  RUN_OUT,
  shaftPower,
} from '#twin/curves/pump.ts';
import { hydraulicKw } from '#twin/units.ts';

const anyFamily = fc.constantFrom(...Object.values(pumpFamilies));
const anySpeed = fc.double({ min: 0.5, max: 1, noNaN: true });
const anyShare = fc.double({ min: 0.01, max: 1, noNaN: true });

describe('the pump catalogue', () => {
  it('meets the rated point of every family', () => {
    for (const [name, family] of Object.entries(pumpFamilies)) {
      expect(pumpHead(family, 1, family.ratedFlow, 1) / family.ratedHeadPerStage, name).toBeCloseTo(1, 2);
      expect(pumpEfficiency(family, family.ratedFlow, 1), name).toBeCloseTo(family.maxEfficiency, 9);
      expect(pumpHead(family, 1, family.maxFlow, 1), name).toBeGreaterThan(0);
    }
  });

  it('takes the shaft power of the catalogue: a 15-7 at 17 m³/h needs 5.2 kW', () => {
    expect(shaftPower(pumpFamily('15'), 7, 17, 1)).toBeCloseTo(5.2, 1);
    expect(shaftPower(pumpFamily('32'), 4, 30, 1)).toBeCloseTo(6.12, 1);
  });

  it('names a family that is not there', () => {
    expect(() => pumpFamily('17x')).toThrow(/17x/);
  });
});

describe('affinity laws', () => {
  it('scale flow by speed, head by its square and power by its cube', () => {
    fc.assert(
      fc.property(anyFamily, anySpeed, anyShare, (family, speed, share) => {
        const flow = share * family.maxFlow;
        expect(pumpHead(family, 3, flow * speed, speed)).toBeCloseTo(
          pumpHead(family, 3, flow, 1) * speed ** 2,
          6,
        );
        expect(pumpEfficiency(family, flow * speed, speed)).toBeCloseTo(pumpEfficiency(family, flow, 1), 9);
        expect(shaftPower(family, 3, flow * speed, speed)).toBeCloseTo(
          shaftPower(family, 3, flow, 1) * speed ** 3,
          6,
        );
      }),
    );
  });

  it('flow at a head and head at a flow are inverse; so is the speed for a duty', () => {
    fc.assert(
      fc.property(anyFamily, anySpeed, anyShare, (family, speed, share) => {
        const flow = share * family.maxFlow;
        const head = pumpHead(family, 4, flow, speed);
        expect(pumpFlow(family, 4, head, speed)).toBeCloseTo(flow, 5);
        fc.pre(head >= 0);
        expect(pumpSpeed(family, 4, flow, head)).toBeCloseTo(speed, 9);
      }),
    );
  });

  it('parallel pumps share the flow', () => {
    const family = pumpFamily('10');
    expect(parallelHead(family, 6, 3, 30, 0.9)).toBeCloseTo(pumpHead(family, 6, 10, 0.9), 9);
    expect(parallelHead(family, 6, 0, 30, 0.9)).toBe(0);
  });
});

describe('the edges of the curve', () => {
  it('a pump against a closed valve has no efficiency but takes power', () => {
    const family = pumpFamily('15');
    expect(pumpEfficiency(family, 0, 1)).toBe(0);
    expect(shaftPower(family, 7, 0, 1)).toBeGreaterThan(0.3 * shaftPower(family, 7, family.ratedFlow, 1));
    expect(shaftPower(family, 7, 1e-6, 1)).toBeCloseTo(shaftPower(family, 7, 0, 1), 4);
  });

  it('a pump beyond the end of its curve takes no more power than there', () => {
    for (const family of Object.values(pumpFamilies)) {
      const end = shaftPower(family, 4, RUN_OUT * family.ratedFlow, 1);
      expect(end).toBeLessThan(1.4 * shaftPower(family, 4, family.ratedFlow, 1));
      for (const times of [1.5, 1.8, 2, 3])
        expect(shaftPower(family, 4, times * family.ratedFlow, 1)).toBeCloseTo(end, 9);
      // what it gives the water over what it takes
      const flow = 1.6 * family.ratedFlow;
      const given = hydraulicKw(flow, pumpHead(family, 4, flow, 1));
      expect(given / end).toBeCloseTo(pumpEfficiency(family, flow, 1), 9);
    }
  });

  it('a pump that cannot reach the head delivers nothing', () => {
    expect(pumpFlow(pumpFamily('3'), 10, 80, 1)).toBe(0);
  });

  it('a pump at rest takes no power, and no value is ever not a number', () => {
    fc.assert(
      fc.property(anyFamily, fc.double({ min: 0, max: 1.2, noNaN: true }), (family, speed) => {
        for (const flow of [0, family.ratedFlow, 5 * family.maxFlow]) {
          expect(shaftPower(family, 2, flow, speed)).toBeGreaterThanOrEqual(0);
          expect(pumpEfficiency(family, flow, speed)).toBeLessThanOrEqual(family.maxEfficiency);
        }
        expect(shaftPower(family, 2, 0, 0)).toBe(0);
      }),
    );
  });
});
