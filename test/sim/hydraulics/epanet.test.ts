import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network, ValveType } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended } from '#sim/hydraulics/extended.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { askEpanet, type OracleStep } from './oracle.ts';
import { anyTown } from './towns.ts';

/**
 * Runs a network here and in EPANET and compares every hour up to the first step that EPANET did not balance:
 * what follows depends on it. Between hours events are rounded to seconds, and a hair's breadth may round the
 * other way.
 */
async function agree(network: Network): Promise<number> {
  const hours = new Map<number, OracleStep>();
  for (const step of await askEpanet(network)) {
    if (step.error > network.options.accuracy) break;
    if (step.t % 3600 === 0) hours.set(step.t, step);
  }
  const h = compile(network);
  let compared = 0;
  runExtended(h, createState(h), {
    until: Math.max(...hours.keys()),
    onStep: (s, solved) => {
      expect(solved.converged).toBe(true);
      const step = hours.get(s.time);
      if (!step) return;
      compared++;
      for (const [id, head] of step.heads) {
        const n = h.nodeIndex.get(id)!;
        if (!s.cutOff[n])
          expect(Math.abs(s.head[n]! - head), `head of ${id} at ${s.time} s`).toBeLessThan(0.02);
      }
      for (const [id, flow] of step.flows) {
        const difference = Math.abs(linkFlow(h, s, h.linkIndex.get(id)!) - flow);
        expect(difference, `flow of ${id} at ${s.time} s`).toBeLessThan(0.1 + 2e-3 * Math.abs(flow));
      }
    },
  });
  return compared;
}

describe('a random town agrees with EPANET for half a day', () => {
  it.each<ValveType>(['PRV', 'PSV', 'PBV', 'FCV', 'TCV', 'GPV', 'PCV'])('with a %s', async (type) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(anyTown(type), async (network) => {
        compared += await agree(network);
      }),
      { numRuns: 30, seed: 4711, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('with demands that follow the pressure', async () => {
    const driven = anyTown('TCV').map((network) => ({
      ...network,
      options: {
        ...network.options,
        demandModel: 'PDA' as const,
        minimumPressure: 5,
        requiredPressure: 40,
        pressureExponent: 0.5,
      },
    }));
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(driven, async (network) => {
        compared += await agree(network);
      }),
      { numRuns: 30, seed: 4711, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(200);
  });
});
