import { describe, expect, it } from 'vitest';
import { readInp } from '#gis/io/inp/read.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended, solveSteady } from '#sim/hydraulics/extended.ts';
import { linkFlow } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';

/** Solves a small file at its start. */
function solved(inp: string) {
  const { network } = readInp(new TextEncoder().encode(`${inp}\n[OPTIONS]\nUnits LPS\n[END]\n`));
  const h = compile(network);
  const s = createState(h);
  const report = solveSteady(h, s);
  return {
    report,
    cutOff: report.cutOff.map((n) => h.nodeIds[n]),
    head: (id: string) => s.head[h.nodeIndex.get(id)!]!,
    /** L/s */
    flow: (id: string) => linkFlow(h, s, h.linkIndex.get(id)!) / 3.6,
  };
}

const SOURCE = `[RESERVOIRS]
R 50`;

describe('a network that no flows satisfy', () => {
  it('says so where a flow control valve is the only way to users of more', () => {
    const { report } = solved(`[JUNCTIONS]
A 10 0
B 10 5
${SOURCE}
[PIPES]
r R A 100 200 100
[VALVES]
v A B 200 FCV 3 0`);
    expect(report.converged).toBe(false);
    expect(report.cause).toMatch(/head of node B has no measure/);
  });

  it('says so where what comes in has no way out', () => {
    const { report } = solved(`[JUNCTIONS]
A 10 0
B 10 -2
${SOURCE}
[PIPES]
r R A 100 200 100
[PUMPS]
p A B POWER 5`);
    expect(report.converged).toBe(false);
  });
});

describe('what is cut off', () => {
  it('with a pressure breaker valve in it leaves the others as they are', () => {
    const file = (type: string) => `[JUNCTIONS]
A 10 5
B 10 5
C 10 2
D 10 2
E 10 2
${SOURCE}
[PIPES]
r R A 100 200 100
a A B 100 200 100
x B C 100 200 100 0 Closed
y D E 100 200 100
[VALVES]
v C D 200 ${type} 3 0`;
    const breaker = solved(file('PBV'));
    const sustaining = solved(file('PSV'));
    expect(breaker.report.converged).toBe(true);
    expect(breaker.cutOff).toEqual(['C', 'D', 'E']);
    for (const id of ['A', 'B']) expect(breaker.head(id)).toBeCloseTo(sustaining.head(id), 6);
  });

  it('lies behind a pump of speed 0', () => {
    const { report, cutOff, flow } = solved(`[JUNCTIONS]
A 10 5
${SOURCE}
[PUMPS]
p R A HEAD c SPEED 0
[CURVES]
c 5 20`);
    expect(report.converged).toBe(true);
    expect(cutOff).toEqual(['A']);
    expect(flow('p')).toBe(0);
  });
});

describe('a well that gives more than its users draw, with a full tank', () => {
  it('never makes heads that no network has', () => {
    const { network } = readInp(
      new TextEncoder().encode(`[JUNCTIONS]
A 10 0
W 8 -60
B 12 10
[RESERVOIRS]
R 12
[TANKS]
T 45 5.9 0.5 6 5 0
[PIPES]
p1 A W 600 300 120
p2 A B 500 250 110
p3 B T 300 250 120
[PUMPS]
pump R A HEAD lift
[CURVES]
lift 60 50
[TIMES]
Duration 3
[OPTIONS]
Units LPS
[END]
`),
    );
    const h = compile(network);
    const s = createState(h);
    let cut = 0;
    runExtended(h, s, {
      onStep: (now, { converged, cutOff }) => {
        cut = cutOff.length;
        for (let n = 0; n < h.nodeCount; n++)
          if (converged && now.cutOff[n] === 0) expect(Math.abs(now.head[n]!)).toBeLessThan(1000);
        return true;
      },
    });
    expect(cut).toBe(3);
  });
});

describe('a pipe of a size that no number holds', () => {
  it.each([
    ['1e-300', 'pipe r: loss of a coefficient of 1 is Infinity'],
    ['1e300', 'pipe r: resistance is 0, not greater than 0'],
  ])('of %s mm is refused by name', (diameter, said) => {
    const file = `[JUNCTIONS]\nA 10 5\n${SOURCE}\n[PIPES]\nr R A 100 ${diameter} 100`;
    expect(() => solved(file)).toThrow(said);
  });
});
