import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended } from '#sim/hydraulics/extended.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { askEpanet } from './oracle.ts';
import { anyTown } from './towns.ts';

const base = fc
  .sample(anyTown('TCV'), { numRuns: 60, seed: 11 })
  .find((network) => network.controls.length === 0 && network.units === 'CMH')!;

/** When the pump stops and starts, here and in EPANET, as seconds. */
async function switches(change: Partial<Network>): Promise<{ ours: string[]; theirs: string[] }> {
  const network = { ...base, ...change };
  const track = (): { see: (t: number, shut: boolean) => void; seen: string[] } => {
    let last: boolean | undefined;
    const seen: string[] = [];
    const see = (t: number, shut: boolean): void => {
      if (shut !== last) seen.push(`${t} ${shut ? 'stops' : 'runs'}`);
      last = shut;
    };
    return { see, seen };
  };
  const here = track();
  const there = track();
  for (const step of await askEpanet(network)) there.see(step.t, step.shut.get('pump')!);
  const h = compile(network);
  runExtended(h, createState(h), {
    onStep: (s) => {
      here.see(s.time, s.status[h.linkIndex.get('pump')!]! <= 2);
    },
  });
  return { ours: here.seen, theirs: there.seen };
}

describe('a pump is switched at the same second as in EPANET', () => {
  it.each<[string, Partial<Network>]>([
    [
      'by a rule on the level of the tank',
      {
        rules: [
          'RULE 1\nIF TANK tank LEVEL BELOW 1.5\nTHEN PUMP pump STATUS IS OPEN',
          'RULE 2\nIF TANK tank LEVEL ABOVE 2.2\nTHEN PUMP pump STATUS IS CLOSED',
        ],
      },
    ],
    [
      'by a rule on the time of day, with ELSE',
      {
        rules: [
          'RULE night\nIF SYSTEM CLOCKTIME >= 2 AM\nAND SYSTEM CLOCKTIME < 5:30 AM\nTHEN PUMP pump STATUS = CLOSED\nELSE PUMP pump STATUS = OPEN',
        ],
      },
    ],
    [
      'by rules that disagree, by their priority',
      {
        rules: [
          'RULE low\nIF SYSTEM TIME > 1\nTHEN PUMP pump SETTING = 1.05\nPRIORITY 1',
          'RULE high\nIF SYSTEM TIME > 3\nOR JUNCTION J10 PRESSURE > 500\nTHEN PUMP pump STATUS = CLOSED\nPRIORITY 5',
        ],
      },
    ],
    [
      'by controls at times',
      { controls: ['LINK pump CLOSED AT TIME 2:15', 'LINK pump OPEN AT CLOCKTIME 7:15 AM'] },
    ],
    [
      'by controls on a pressure',
      { controls: ['LINK pump CLOSED IF NODE J10 ABOVE 45', 'LINK pump OPEN IF NODE tank BELOW 1.2'] },
    ],
    [
      'by its speed pattern',
      {
        patterns: [...base.patterns, { id: 'shifts', multipliers: [1, 0.9, 0, 0, 1.1] }],
        links: base.links.map((link) => (link.kind === 'pump' ? { ...link, speedPattern: 'shifts' } : link)),
      },
    ],
  ])('%s', async (_, change) => {
    const { ours, theirs } = await switches(change);
    expect(ours).toEqual(theirs);
    expect(ours.length).toBeGreaterThan(1);
  });
});
