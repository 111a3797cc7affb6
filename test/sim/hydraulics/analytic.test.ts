import { describe, expect, it } from 'vitest';
import { compile } from '#sim/hydraulics/compile.ts';
import { energyReport, pumpPower } from '#sim/hydraulics/energy.ts';
import { advance, runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { junction, pipe, town } from './towns.ts';

describe('two reservoirs and a pipe', () => {
  it('carry what Hazen and Williams say', () => {
    const h = compile(
      town({
        nodes: [
          { kind: 'reservoir', id: 'high', head: 50 },
          { kind: 'reservoir', id: 'low', head: 30 },
          junction('middle', 0),
        ],
        links: [pipe('a', 'high', 'middle', 1000, 300), pipe('b', 'middle', 'low', 1000, 300)],
      }),
    );
    const s = createState(h);
    expect(solveSteady(h, s).converged).toBe(true);
    // h = 10.67 L Q^1.852 / (C^1.852 D^4.871): 20 m over 2000 m.
    const flow = ((20 * 110 ** 1.852 * 0.3 ** 4.871) / (10.67 * 2000)) ** (1 / 1.852);
    expect(linkFlow(h, s, h.linkIndex.get('a')!) / 3600).toBeCloseTo(flow, 4);
    expect(s.head[h.nodeIndex.get('middle')!]).toBeCloseTo(40, 6);
  });
});

describe('a tank', () => {
  const tank = { kind: 'tank', id: 'tank', elevation: 20, diameter: 10, minVolume: 0 } as const;

  it('that feeds a constant demand falls by volume over area, and stops at its bottom', () => {
    const h = compile(
      town({
        nodes: [{ ...tank, initialLevel: 4, minLevel: 0, maxLevel: 5 }, junction('users', 0, 36)],
        links: [pipe('main', 'tank', 'users', 100, 300)],
      }),
    );
    const s = createState(h);
    solveSteady(h, s);
    const area = (Math.PI * 100) / 4;
    advance(h, s, 3600);
    expect(s.head[h.nodeIndex.get('tank')!]! - 20).toBeCloseTo(4 - 36 / area, 4);
    const empty = (4 * area) / 36;
    let cutAt = 0;
    runExtended(h, s, {
      until: 12 * 3600,
      onStep: (now, solved) => {
        if (solved.cutOff.length > 0 && cutAt === 0) cutAt = now.time;
      },
    });
    expect(cutAt / 3600).toBeCloseTo(empty, 3);
    expect(s.head[h.nodeIndex.get('tank')!]).toBeCloseTo(20, 6);
  });

  it('with a volume curve holds what the curve says', () => {
    const h = compile(
      town({
        nodes: [
          { ...tank, initialLevel: 3, minLevel: 0, maxLevel: 6, volumeCurve: 'cone' },
          junction('users', 0, 60),
        ],
        links: [pipe('main', 'tank', 'users', 100, 300)],
        curves: [
          {
            id: 'cone',
            kind: 'volume',
            points: [
              { x: 0, y: 0 },
              { x: 2, y: 100 },
              { x: 6, y: 600 },
            ],
          },
        ],
      }),
    );
    const s = createState(h);
    solveSteady(h, s);
    expect(s.tankVolume[0]).toBeCloseTo(225, 9);
    advance(h, s, 3600);
    expect(s.tankVolume[0]).toBeCloseTo(165, 2);
    expect(s.head[h.nodeIndex.get('tank')!]! - 20).toBeCloseTo(2 + 65 / 125, 3);
  });

  it('that may overflow goes on taking water when it is full', () => {
    const filling = (overflow: boolean) => {
      const h = compile(
        town({
          nodes: [
            { kind: 'reservoir', id: 'lake', head: 60 },
            { ...tank, initialLevel: 4.9, minLevel: 0, maxLevel: 5, overflow },
            junction('on the way', 10, 5),
          ],
          links: [pipe('a', 'lake', 'on the way', 500, 200), pipe('b', 'on the way', 'tank', 500, 200)],
        }),
      );
      const s = createState(h);
      runExtended(h, s, { until: 4 * 3600 });
      return { flow: linkFlow(h, s, h.linkIndex.get('b')!), level: s.head[h.nodeIndex.get('tank')!]! - 20 };
    };
    expect(filling(false).flow).toBe(0);
    expect(filling(true).flow).toBeGreaterThan(100);
    expect(filling(true).level).toBeCloseTo(5, 6);
  });
});

describe('a pump', () => {
  const curve = { id: 'lift', kind: 'head' as const, points: [{ x: 200, y: 30 }] };
  const station = (speed: number) =>
    town({
      nodes: [{ kind: 'reservoir', id: 'lake', head: 0 }, junction('out', 0, 150)],
      links: [
        { kind: 'pump', id: 'pump', from: 'lake', to: 'out', headCurve: 'lift', speed, status: 'open' },
      ],
      curves: [curve],
      energy: { efficiency: 70, price: 0.5, demandCharge: 0 },
    });

  it.each([1, 0.9, 1.2])('at speed %d works on its curve, by the affinity laws', (speed) => {
    const h = compile(station(speed));
    const s = createState(h);
    solveSteady(h, s);
    // One point means H = 40 − 10 (Q/200)² at full speed.
    expect(s.head[h.nodeIndex.get('out')!]).toBeCloseTo(40 * speed ** 2 - 10 * (150 / 200) ** 2, 4);
  });

  it('uses the energy of its duty point', () => {
    const h = compile(station(1));
    const s = createState(h);
    runExtended(h, s, { until: 10 * 3600 });
    const head = 40 - 10 * 0.75 ** 2;
    // γ Q H / η, with water of 62.4 lb/ft³ = 9.802 kN/m³
    const kW = (9.802 * (150 / 3600) * head) / 0.7;
    expect(pumpPower(h, s, 0).kW).toBeCloseTo(kW, 2);
    const [energy] = energyReport(h, s);
    expect(energy!.kWh).toBeCloseTo(10 * kW, 1);
    expect(energy!.cost).toBeCloseTo(5 * kW, 1);
    expect(energy).toMatchObject({ pump: 'pump', utilization: 100, efficiency: expect.closeTo(70, 9) });
  });

  it('of constant power lifts more of less', () => {
    const h = compile(
      town({
        nodes: [{ kind: 'reservoir', id: 'lake', head: 0 }, junction('out', 0, 100)],
        links: [{ kind: 'pump', id: 'pump', from: 'lake', to: 'out', power: 20, speed: 1, status: 'open' }],
      }),
    );
    const s = createState(h);
    solveSteady(h, s);
    expect(s.head[h.nodeIndex.get('out')!]! * 9.802 * (100 / 3600)).toBeCloseTo(20, 2);
  });
});
