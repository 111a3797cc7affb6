import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeadlossFormula, Network } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { setLinkStatus, setValve } from '#sim/hydraulics/controls.ts';
import { solveSteady } from '#sim/hydraulics/extended.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { askEpanet } from './oracle.ts';
import { junction, pipe, town } from './towns.ts';

/**
 * Two ways in series from the works to the square, pipes laid either way round, a valve in one; a loop that
 * begins and ends at the square; a twig on a junction within a chain.
 */
function streets(demands: number[], turned: boolean[], headloss: HeadlossFormula = 'H-W'): Network {
  const ways = [
    ['works', 'east-1', 'east-2', 'east-3', 'square'],
    ['works', 'west-1', 'west-2', 'square'],
    ['square', 'loop-1', 'loop-2', 'loop-3', 'square'],
    ['east-2', 'twig'],
  ];
  const names = [...new Set(ways.flat())].filter((id) => id !== 'works');
  const steps = ways.flatMap((way) => way.slice(1).map((to, i) => [way[i]!, to] as const));
  const roughness = { 'H-W': 110, 'D-W': 0.3, 'C-M': 0.012 }[headloss];
  return town(
    {
      nodes: [
        { kind: 'reservoir', id: 'works', head: 60 },
        ...names.map((id, i) => junction(id, 5, demands[i])),
      ],
      links: steps.map(([from, to], i) => {
        const [a, b] = turned[i] ? [to, from] : [from, to];
        const id = `${from}_${to}`;
        if (id !== 'west-1_west-2') return pipe(id, a, b, 200 + 10 * i, 150, { roughness, minorLoss: i % 3 });
        return {
          kind: 'valve',
          id,
          from: a,
          to: b,
          type: 'TCV',
          diameter: 150,
          setting: 20,
          minorLoss: 0,
          status: 'active',
        };
      }),
    },
    { headloss },
  );
}

const demands = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 9, maxLength: 9 });
const turned = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });

describe('pipes in series', () => {
  it.each<HeadlossFormula>(['H-W', 'D-W', 'C-M'])('carry what EPANET says, by %s', async (formula) => {
    await fc.assert(
      fc.asyncProperty(demands, turned, async (base, turns) => {
        const network = streets(base, turns, formula);
        const [step] = await askEpanet(network);
        const h = compile(network);
        const s = createState(h);
        expect(solveSteady(h, s).converged).toBe(true);
        for (const [id, head] of step!.heads) expect(s.head[h.nodeIndex.get(id)!]).toBeCloseTo(head, 3);
        for (const [id, flow] of step!.flows)
          expect(Math.abs(linkFlow(h, s, h.linkIndex.get(id)!) - flow), id).toBeLessThan(0.01);
      }),
      { numRuns: 15, seed: 4711, endOnFailure: true },
    );
  });

  it('are cut off and joined again as links shut and open, whatever was open before', () => {
    const network = streets([1, 2, 3, 4, 5, 6, 7, 8, 9], []);
    const h = compile(network);
    const s = createState(h);
    solveSteady(h, s);
    const shut = fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(shut, { minLength: 2, maxLength: 4 }), (rounds) => {
        for (const closed of rounds) {
          const untouched = compile(network);
          const fresh = createState(untouched);
          network.links.forEach(({ id }, i) => {
            setLinkStatus(h, s, h.linkIndex.get(id)!, !closed.includes(i));
            setLinkStatus(untouched, fresh, h.linkIndex.get(id)!, !closed.includes(i));
          });
          const here = solveSteady(h, s);
          const there = solveSteady(untouched, fresh);
          expect([here.converged, there.converged]).toEqual([true, true]);
          expect(here.cutOff).toEqual(there.cutOff);
          for (let n = 0; n < h.nodeCount; n++)
            if (!s.cutOff[n]) expect(s.head[n]).toBeCloseTo(fresh.head[n]!, 2);
        }
      }),
      { numRuns: 40, seed: 4711 },
    );
  });

  it('feel a new setting of a valve among them at the next solve', () => {
    const network = streets([0, 0, 0, 30, 0, 0, 0, 0, 0], []);
    const h = compile(network);
    const s = createState(h);
    const valve = h.linkIndex.get('west-1_west-2')!;
    solveSteady(h, s);
    const before = linkFlow(h, s, valve);
    setValve(h, s, valve, 2000);
    solveSteady(h, s);
    expect(linkFlow(h, s, valve)).toBeLessThan(before / 2);
  });
});
