import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '#sim/hydraulics/compile.ts';
import { setLinkStatus, setPumpSpeed, setValve } from '#sim/hydraulics/controls.ts';
import { advance, solveSteady } from '#sim/hydraulics/extended.ts';
import { reportStep, stepWarnings } from '#sim/hydraulics/report.ts';
import { copyState, createState, resetState, restoreState, saveState } from '#sim/hydraulics/state.ts';
import { anyTown, junction, pipe, town } from './towns.ts';

describe('a state', () => {
  it('goes the same way whether it ran through, was copied, saved and restored, or started again', () => {
    fc.assert(
      fc.property(anyTown('PRV'), fc.integer({ min: 1, max: 100 }), (network, tenths) => {
        const h = compile(network);
        const straight = createState(h);
        solveSteady(h, straight);
        const again = copyState(straight);
        advance(h, straight, 1800);
        const fork = copyState(straight);
        const saved = saveState(h, straight);
        advance(h, straight, tenths / 10);
        advance(h, fork, tenths / 10);
        const restored = restoreState(h, saved);
        advance(h, restored, tenths / 10);
        expect(fork).toEqual(straight);
        expect(restored).toEqual(straight);
        resetState(h, again);
        solveSteady(h, again);
        advance(h, again, 1800);
        advance(h, again, tenths / 10);
        expect(again).toEqual(straight);
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it('comes to the same by one step or by many', () => {
    const h = compile(fc.sample(anyTown('TCV'), { numRuns: 1, seed: 3 })[0]!);
    const once = createState(h);
    const often = createState(h);
    solveSteady(h, once);
    solveSteady(h, often);
    advance(h, once, 60);
    for (let i = 0; i < 600; i++) advance(h, often, 0.1);
    expect(often.time).toBeCloseTo(60, 6);
    const tank = h.nodeIndex.get('tank')!;
    expect(Math.abs(often.head[tank]! - once.head[tank]!)).toBeLessThan(1e-3);
  });

  it('cannot be stepped by less than a tenth of a second, nor restored to another network', () => {
    const [one, other] = fc.sample(anyTown('TCV'), { numRuns: 2, seed: 3 }).map(compile);
    const s = createState(one!);
    expect(() => advance(one!, s, 0.05)).toThrow('shorter than 0.1 s');
    const small = compile(
      town({
        nodes: [{ kind: 'reservoir', id: 'lake', head: 20 }, junction('a', 0)],
        links: [pipe('p', 'lake', 'a', 1, 100)],
      }),
    );
    expect(() => restoreState(small, saveState(other!, createState(other!)))).toThrow('another network');
  });
});

describe('commands', () => {
  const network = town({
    nodes: [
      { kind: 'reservoir', id: 'lake', head: 50 },
      junction('a', 0, 10),
      junction('b', 5, 20),
      junction('c', 5, 30),
    ],
    links: [
      pipe('trunk', 'lake', 'a', 500, 200),
      pipe('side', 'a', 'b', 500, 150),
      { kind: 'pump', id: 'booster', from: 'b', to: 'c', headCurve: 'lift', speed: 1, status: 'open' },
      {
        kind: 'valve',
        id: 'way',
        type: 'TCV',
        from: 'a',
        to: 'c',
        diameter: 100,
        setting: 100,
        minorLoss: 0,
        status: 'active',
      },
    ],
    curves: [{ id: 'lift', kind: 'head', points: [{ x: 40, y: 10 }] }],
  });
  const h = compile(network);
  const link = (id: string): number => h.linkIndex.get(id)!;

  it('close a pipe, and what lies behind it is cut off and draws nothing', () => {
    const s = createState(h);
    solveSteady(h, s);
    setLinkStatus(h, s, link('trunk'), false);
    const solved = solveSteady(h, s);
    const report = reportStep(h, s, solved);
    expect(solved.converged).toBe(true);
    expect(report.cutOff.sort()).toEqual(['a', 'b', 'c']);
    expect(report.heads).toMatchObject({ lake: 50, a: null, b: null, c: null });
    expect(report.flows.trunk).toBe(0);
    expect(s.inflow[h.nodeIndex.get('lake')!]).toBeCloseTo(0, 9);
    expect(stepWarnings(h, s, solved).join()).toMatch(/cut off from every source/);
    setLinkStatus(h, s, link('trunk'), true);
    expect(solveSteady(h, s).cutOff).toEqual([]);
    expect(s.inflow[h.nodeIndex.get('lake')!]! * 3600).toBeCloseTo(-60, 3);
  });

  it('change the speed of a pump between solves', () => {
    const s = createState(h);
    const heads = [0.8, 1, 1.2].map((speed) => {
      setPumpSpeed(h, s, link('booster'), speed);
      expect(solveSteady(h, s).converged).toBe(true);
      return s.head[h.nodeIndex.get('c')!]!;
    });
    expect(heads[0]!).toBeLessThan(heads[1]!);
    expect(heads[1]!).toBeLessThan(heads[2]!);
    setPumpSpeed(h, s, link('booster'), 0);
    const stopped = reportStep(h, s, solveSteady(h, s));
    expect(stopped.status.booster).toBe('closed');
  });

  it('are refused when they make no sense', () => {
    const s = createState(h);
    expect(() => setPumpSpeed(h, s, link('trunk'), 1)).toThrow('link trunk is not a pump');
    expect(() => setPumpSpeed(h, s, link('booster'), Number.NaN)).toThrow('pump booster: speed NaN');
    expect(() => setValve(h, s, link('trunk'), 1)).toThrow('link trunk has no setting');
  });

  it('may add demand anywhere, and a demand that is no number is named', () => {
    const s = createState(h);
    s.extraDemand[h.nodeIndex.get('c')!] = 15 * h.flowScale;
    solveSteady(h, s);
    expect(s.inflow[h.nodeIndex.get('lake')!]! * 3600).toBeCloseTo(-75, 3);
    s.extraDemand[h.nodeIndex.get('c')!] = Number.NaN;
    expect(() => solveSteady(h, s)).toThrow(/of (node|link) \w+ is NaN/);
  });
});

describe('a report', () => {
  it('has every node and link, whatever it is called', () => {
    const odd = ['__proto__', 'constructor', '10', '节点'];
    const h = compile(
      town({
        nodes: [{ kind: 'reservoir', id: 'lake', head: 50 }, ...odd.map((id) => junction(id, 10, 1))],
        links: odd.map((id) => pipe(id, 'lake', id, 100, 100)),
      }),
    );
    const s = createState(h);
    const { heads, pressures, flows, status } = JSON.parse(
      JSON.stringify(reportStep(h, s, solveSteady(h, s))),
    ) as Record<string, object>;
    for (const column of [heads!, pressures!])
      expect(Object.keys(column).sort()).toEqual([...odd, 'lake'].sort());
    for (const column of [flows!, status!]) expect(Object.keys(column).sort()).toEqual([...odd].sort());
  });
});

describe('a network that cannot be compiled', () => {
  it('is refused with the names of all that is wrong', () => {
    const broken = town({
      nodes: [{ kind: 'reservoir', id: 'lake', head: 50 }, junction('a', 0, 1, 'none')],
      links: [
        pipe('p', 'lake', 'nowhere', 1, 100),
        { kind: 'pump', id: 'u', from: 'lake', to: 'a', speed: 1, status: 'open' },
      ],
    });
    expect(() => compile(broken)).toThrow(
      'junction a: there is no pattern none\npipe p: there is no node nowhere\npump u: it has neither a head curve nor a power',
    );
    const negative = town({
      nodes: [{ kind: 'reservoir', id: 'lake', head: 50 }, junction('a', 0, 1)],
      links: [pipe('p', 'lake', 'a', 1, -100)],
    });
    expect(() => compile(negative)).toThrow('pipe p: diameter is -100, not greater than 0');
  });
});
