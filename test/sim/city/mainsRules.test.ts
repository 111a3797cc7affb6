import { describe, expect, it } from 'vitest';
import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Network } from '#gis/network/model.ts';
import { buildCity } from '#sim/city/build.ts';
import { restoreCity, saveCity } from '#sim/city/save.ts';
import { PACE, startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { runExtended } from '#sim/hydraulics/extended.ts';
import type { HydraulicState, Hydraulics } from '#sim/hydraulics/model.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { HOUR } from '#twin/units.ts';

/** Local midnight of a Wednesday. */
const MIDNIGHT = Date.UTC(2026, 10, 18) - 8 * HOUR;

/** A pump that fills a tank from which a street draws: 36 m³/h into 28 m² of surface. */
function network(change: Partial<Network>): Network {
  const pipe = (id: string, from: string, to: string) => ({
    kind: 'pipe' as const,
    id,
    from,
    to,
    length: 100,
    diameter: 200,
    roughness: 110,
    minorLoss: 0,
    status: 'open' as const,
  });
  return {
    ...emptyNetwork('pump, street and tank'),
    units: 'CMH',
    nodes: [
      { kind: 'reservoir', id: 'R', head: 10 },
      { kind: 'junction', id: 'A', elevation: 0, demands: [] },
      { kind: 'junction', id: 'B', elevation: 0, demands: [{ base: 36 }] },
      {
        kind: 'tank',
        id: 'T',
        elevation: 30,
        initialLevel: 2,
        minLevel: 0,
        maxLevel: 5,
        diameter: 6,
        minVolume: 0,
        overflow: false,
      },
    ],
    links: [
      { kind: 'pump', id: '9', from: 'R', to: 'A', headCurve: 'C', speed: 1, status: 'open' },
      pipe('P1', 'A', 'B'),
      pipe('P2', 'B', 'T'),
    ],
    curves: [{ id: 'C', kind: 'head', points: [{ x: 80, y: 26 }] }],
    ...change,
    times: { ...emptyNetwork('').times, hydraulicStep: 60, ruleStep: 60, ...change.times },
  };
}

interface Past {
  /** s and whether the pump runs from then on */
  switches: [number, boolean][];
  /** level of the tank at the first solve of each minute, m */
  levels: number[];
}

function keep(h: Hydraulics): { past: Past; see: (s: HydraulicState, t: number) => void } {
  const past: Past = { switches: [], levels: [] };
  const pump = h.linkIndex.get('9')!;
  const see = (s: HydraulicState, t: number) => {
    const runs = s.status[pump]! > 2;
    if (past.switches.at(-1)?.[1] !== runs) past.switches.push([t, runs]);
    past.levels[Math.floor(t / 60)] ??= s.head[h.tanks[0]!.node]! - 30;
  };
  return { past, see };
}

/** As `npm run solve` runs it, and as the mains of a scenario. @param hours @param begins hour of the day */
function bothWays(drawn: Network, hours: number, begins: number): { solved: Past; lived: Past } {
  const h = compile(drawn);
  const solver = keep(h);
  runExtended(h, createState(h), {
    until: hours * 3600,
    onStep: (s) => {
      solver.see(s, s.time);
    },
  });
  const city = startCity(
    buildCity({ network: drawn, stations: [] }, { seed: 1 }),
    MIDNIGHT + begins * HOUR,
    1,
  );
  const living = keep(city.model.h);
  living.see(city.mains, 0);
  for (let t = 1; t <= hours * 3600; t++) {
    stepCity(city);
    if (city.mains.time === t) living.see(city.mains, t);
  }
  return { solved: solver.past, lived: living.past };
}

const HOURS = 6;

describe('the mains of a scenario obey', () => {
  it.each<[string, Partial<Network>, number]>([
    ['a rule at a time', { rules: ['RULE 1\nIF SYSTEM TIME = 0:30\nTHEN PUMP 9 STATUS = CLOSED'] }, 0],
    [
      'rules on a level',
      {
        rules: [
          'RULE 1\nIF TANK T LEVEL BELOW 1.5\nTHEN PUMP 9 STATUS = OPEN',
          'RULE 2\nIF TANK T LEVEL ABOVE 2.5\nTHEN PUMP 9 STATUS = CLOSED',
        ],
      },
      0,
    ],
    [
      'a rule by the clock, with ELSE',
      {
        times: { ...emptyNetwork('').times, hydraulicStep: 60, ruleStep: 60, startClockTime: 6 * 3600 },
        rules: [
          'RULE 1\nIF SYSTEM CLOCKTIME >= 7 AM\nAND SYSTEM CLOCKTIME < 8:30 AM\nTHEN PUMP 9 STATUS = CLOSED\nELSE PUMP 9 STATUS = OPEN',
        ],
      },
      6,
    ],
    [
      'controls at times',
      {
        times: { ...emptyNetwork('').times, hydraulicStep: 60, ruleStep: 60, startClockTime: 6 * 3600 },
        controls: ['LINK 9 CLOSED AT TIME 0:31', 'LINK 9 OPEN AT CLOCKTIME 7:11 AM'],
      },
      6,
    ],
    [
      'controls on a level',
      { controls: ['LINK 9 CLOSED IF NODE T ABOVE 2.4', 'LINK 9 OPEN IF NODE T BELOW 1.6'] },
      0,
    ],
  ])('%s as the solver of whole periods does', (_, change, begins) => {
    const { solved, lived } = bothWays(network(change), HOURS, begins);
    expect(solved.switches.length).toBeGreaterThan(1);
    expect(lived.switches.map(([, runs]) => runs)).toEqual(solved.switches.map(([, runs]) => runs));
    solved.switches.forEach(([t], i) => {
      // a step of the solver's rules, and one of the mains
      expect(Math.abs(lived.switches[i]![0] - t)).toBeLessThanOrEqual(60 + PACE.every);
    });
    // what the pump brings in a minute, by which one way may see a level later; the last solve is some seconds old
    lived.levels.forEach((level, minute) => {
      expect(Math.abs(solved.levels[minute]! - level)).toBeLessThan(0.1);
    });
    expect(lived.levels.length).toBeGreaterThanOrEqual(60 * HOURS);
  });

  it('the clock of the day, whenever the run begins', () => {
    const rules = [
      'RULE 1\nIF SYSTEM CLOCKTIME >= 9 AM\nTHEN PUMP 9 STATUS = CLOSED\nELSE PUMP 9 STATUS = OPEN',
    ];
    const { lived } = bothWays(network({ rules }), 2, 8);
    expect(lived.switches).toEqual([
      [0, true],
      [3600, false],
    ]);
  });

  it('patterns of two hours, from where they begin, and those of reservoirs', () => {
    const { solved, lived } = bothWays(
      network({
        times: { ...emptyNetwork('').times, hydraulicStep: 60, patternStep: 7200, patternStart: 3600 },
        patterns: [{ id: 'rise', multipliers: [1, 1, 1.2, 1.2, 1.2, 1.2] }],
        nodes: network({}).nodes.map((node) =>
          node.kind === 'reservoir' ? { ...node, pattern: 'rise' } : node,
        ),
      }),
      10,
      0,
    );
    expect(lived.levels[600]).toBeCloseTo(solved.levels[600]!, 1);
    expect(lived.levels[120]).toBeCloseTo(solved.levels[120]!, 1);
  });

  it('rules after a run was saved and taken up again', () => {
    const rules = ['RULE 1\nIF SYSTEM TIME = 0:30\nTHEN PUMP 9 STATUS = CLOSED'];
    const model = buildCity({ network: network({ rules }), stations: [] }, { seed: 1 });
    const city = startCity(model, MIDNIGHT, 1);
    for (let t = 0; t < 1000; t++) stepCity(city);
    const forked = restoreCity(model, saveCity(city));
    for (let t = 1000; t < 1900; t++) stepCity(forked);
    expect(forked.mains.status[model.h.linkIndex.get('9')!]).toBeLessThanOrEqual(2);
  });
});
