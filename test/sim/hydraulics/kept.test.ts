import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeadlossFormula, Network } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { setPumpSpeed } from '#sim/hydraulics/controls.ts';
import { solveSteady } from '#sim/hydraulics/extended.ts';
import type { HydraulicState, Hydraulics } from '#sim/hydraulics/model.ts';
import type { SolveOptions } from '#sim/hydraulics/solve.ts';
import { copyState, createState } from '#sim/hydraulics/state.ts';
import { junction, pipe, town } from './towns.ts';

/** A pump on a ring of three streets, another one lifting to the hill. */
function ringWithHill(custom: boolean): Network {
  const pump = (id: string, from: string, to: string, headCurve: string) =>
    ({ kind: 'pump', id, from, to, headCurve, speed: 1, status: 'open' }) as const;
  return town({
    nodes: [
      { kind: 'reservoir', id: 'lake', head: 10 },
      junction('outlet', 5),
      junction('east', 12, 60),
      junction('west', 9, 80),
      junction('hill', 55, 30),
      junction('top', 60, 10),
    ],
    links: [
      pump('works', 'lake', 'outlet', 'works'),
      pipe('P1', 'outlet', 'east', 600, 250),
      pipe('P2', 'outlet', 'west', 800, 250),
      pipe('P3', 'east', 'west', 500, 200),
      pump('booster', 'west', 'hill', 'lift'),
      pipe('P4', 'hill', 'top', 300, 150),
    ],
    curves: [
      {
        id: 'works',
        kind: 'head',
        points: custom
          ? [
              { x: 0, y: 62 },
              { x: 120, y: 58 },
              { x: 300, y: 41 },
              { x: 500, y: 5 },
            ]
          : [{ x: 220, y: 50 }],
      },
      { id: 'lift', kind: 'head', points: [{ x: 50, y: 35 }] },
    ],
  });
}

interface Turn {
  works: number;
  booster: number;
  extra: number;
}

const someTurns = fc.array(
  fc.record<Turn>({
    works: fc.oneof(fc.constant(1), fc.double({ min: 0.9, max: 1.1, noNaN: true })),
    booster: fc.oneof(fc.constant(1), fc.double({ min: 0.995, max: 1.005, noNaN: true })),
    extra: fc.double({ min: 0, max: 0.01, noNaN: true }),
  }),
  { minLength: 2, maxLength: 6 },
);

function take(h: Hydraulics, s: HydraulicState, turn: Turn, options: SolveOptions = {}) {
  setPumpSpeed(h, s, h.linkIndex.get('works')!, turn.works);
  setPumpSpeed(h, s, h.linkIndex.get('booster')!, turn.booster);
  s.extraDemand[h.nodeIndex.get('east')!] = turn.extra;
  return solveSteady(h, s, options);
}

const LONGEST_WAY = 5;

describe.each([
  ['a power function', false],
  ['points', true],
])('a solve that begins with the factorisation of the last, pumps by %s,', (_, custom) => {
  const network = ringWithHill(custom);

  it('ends with the heads of one from nothing', () => {
    fc.assert(
      fc.property(someTurns, (turns) => {
        const h = compile(network);
        const s = createState(h);
        for (const turn of turns) {
          expect(take(h, s, turn).converged).toBe(true);
          const untouched = compile(network);
          const fresh = createState(untouched);
          expect(take(untouched, fresh, turn).converged).toBe(true);
          h.nodeIds.forEach((id, n) => {
            expect(Math.abs(s.head[n]! - fresh.head[n]!), `head of ${id}`).toBeLessThan(1e-3);
          });
        }
      }),
      { numRuns: 60, seed: 4711 },
    );
  });

  it('goes on in a copy to the bit, whatever was solved in between', () => {
    fc.assert(
      fc.property(someTurns, (turns) => {
        const h = compile(network);
        const s = createState(h);
        for (const turn of turns) {
          const copy = copyState(s);
          take(h, s, turn);
          take(h, copy, turn);
          expect(copy).toEqual(s);
        }
      }),
      { numRuns: 60, seed: 4711 },
    );
  });

  it('needs one step for a speed a little different', () => {
    const h = compile(network);
    const s = createState(h);
    take(h, s, { works: 1, booster: 1, extra: 0 });
    expect(take(h, s, { works: 1.000001, booster: 1, extra: 0 }).iterations).toBe(1);
    expect(take(h, s, { works: 1.02, booster: 1, extra: 0 }).iterations).toBeGreaterThan(1);
  });

  it('may keep its laws while none is off by more than is allowed, and loses no water by it', () => {
    const lawError = 0.05;
    let kept = 0;
    fc.assert(
      fc.property(someTurns, (turns) => {
        const h = compile(network);
        const s = createState(h);
        for (const { extra, booster } of turns) {
          // little moves within seconds of a city's life
          const turn = { works: 1, booster, extra: extra / 8 };
          const report = take(h, s, turn, { lawError });
          expect(report.converged).toBe(true);
          if (report.iterations === 1 && report.error > h.options.accuracy) kept++;
          const exact = createState(h);
          take(h, exact, turn, { accuracy: 1e-9 });
          h.nodeIds.forEach((id, n) => {
            expect(Math.abs(s.head[n]! - exact.head[n]!), `head of ${id}`).toBeLessThan(
              LONGEST_WAY * lawError,
            );
          });
          const lake = h.nodeIndex.get('lake')!;
          expect(s.inflow[lake]! / exact.inflow[lake]!).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 60, seed: 4711 },
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('makes them anew once they are further off', () => {
    const h = compile(network);
    const s = createState(h);
    take(h, s, { works: 1, booster: 1, extra: 0 });
    const keeping = { lawError: 0.05 };
    expect(take(h, s, { works: 1, booster: 1, extra: 0.001 }, keeping).iterations).toBe(1);
    expect(take(h, s, { works: 1, booster: 1, extra: 0.03 }, keeping).iterations).toBeGreaterThan(1);
  });
});

/**
 * Two ways from the lake's street to the hill: one through a throttle, which takes all that is lost, one through three
 * pipes, each of which takes a third, and so is off by a third as much.
 */
function throttled(headloss: HeadlossFormula): Network {
  const roughness = headloss === 'D-W' ? 0.5 : headloss === 'C-M' ? 0.012 : 110;
  return town(
    {
      nodes: [
        { kind: 'reservoir', id: 'lake', head: 50 },
        junction('street', 5),
        junction('hill', 20, 100),
        junction('lower bend', 10),
        junction('upper bend', 15),
      ],
      links: [
        pipe('P1', 'lake', 'street', 200, 300, { roughness }),
        pipe('P2', 'street', 'lower bend', 130, 150, { roughness }),
        pipe('P3', 'lower bend', 'upper bend', 130, 150, { roughness }),
        pipe('P4', 'upper bend', 'hill', 130, 150, { roughness }),
        {
          kind: 'valve',
          id: 'throttle',
          from: 'street',
          to: 'hill',
          type: 'TCV',
          diameter: 150,
          setting: 50,
          minorLoss: 0,
          status: 'active',
        },
      ],
    },
    { headloss },
  );
}

describe.each(['H-W', 'D-W', 'C-M'] as const)('laws that are kept by %s', (headloss) => {
  it('leave no throttle off by more than is allowed, however far its flow has moved', () => {
    const lawError = 0.05;
    const h = compile(throttled(headloss));
    const [street, hill, valve] = [
      h.nodeIndex.get('street')!,
      h.nodeIndex.get('hill')!,
      h.linkIndex.get('throttle')!,
    ];
    const begin = createState(h);
    solveSteady(h, begin, { accuracy: 1e-9 });
    const loss = (s: HydraulicState) => s.head[street]! - s.head[hill]!;
    const perFlow = loss(begin) / begin.flow[valve]! ** 2;
    let kept = 0;
    for (let extra = 0; extra < 0.012; extra += 0.0003) {
      const s = copyState(begin);
      s.extraDemand[hill] = extra;
      if (solveSteady(h, s, { lawError }).iterations === 1) kept++;
      expect(Math.abs(loss(s) - perFlow * s.flow[valve]! ** 2), `${extra} m³/s more`).toBeLessThan(
        lawError * 1.01,
      );
    }
    expect(kept).toBeGreaterThan(1);
    expect(kept).toBeLessThan(40);
  });
});
