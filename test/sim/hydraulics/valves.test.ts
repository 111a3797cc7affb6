import { describe, expect, it } from 'vitest';
import type { Valve, ValveType } from '#gis/network/model.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import { setValve } from '#sim/hydraulics/controls.ts';
import { solveSteady } from '#sim/hydraulics/extended.ts';
import { linkFlow, statusName, stepWarnings } from '#sim/hydraulics/report.ts';
import { createState } from '#sim/hydraulics/state.ts';
import { junction, pipe, town } from './towns.ts';

/** A source at 250 m, two pipes, a valve and a user of 100 m³/h, all at an elevation of 180 m. */
function line(type: ValveType, setting: number) {
  const valve: Valve = {
    kind: 'valve',
    id: 'valve',
    type,
    from: 'J2',
    to: 'J3',
    diameter: 250,
    setting,
    minorLoss: 0,
    status: 'active',
  };
  const h = compile(
    town({
      nodes: [
        { kind: 'reservoir', id: 'source', head: 250 },
        junction('J1', 180),
        junction('J2', 180),
        junction('J3', 180),
        junction('J4', 180, 100),
      ],
      links: [
        pipe('a', 'source', 'J1', 300, 250),
        pipe('b', 'J1', 'J2', 300, 250),
        valve,
        pipe('c', 'J3', 'J4', 300, 250),
      ],
    }),
  );
  const s = createState(h);
  const solved = solveSteady(h, s);
  const k = h.linkIndex.get('valve')!;
  const pressure = (id: string): number => s.head[h.nodeIndex.get(id)!]! - 180;
  return {
    solved,
    flow: linkFlow(h, s, k),
    status: statusName(s.status[k]!),
    pressure,
    warnings: stepWarnings(h, s, solved),
  };
}

describe('a valve in the only way to its users', () => {
  it('that should sustain more than the flow leaves stands open and says so', () => {
    const psv = line('PSV', 69.5);
    expect(psv.solved.converged).toBe(true);
    expect(psv.flow).toBeCloseTo(100, 2);
    expect(psv.status).toBe('open');
    expect(psv.pressure('J4')).toBeGreaterThan(60);
    expect(psv.warnings.join()).toContain('valves valve cannot hold their setting');
  });

  it('reduces the pressure to its setting, or stands open below it', () => {
    const active = line('PRV', 40);
    expect(active.status).toBe('active');
    expect(active.pressure('J3')).toBeCloseTo(40, 5);
    expect(line('PRV', 90)).toMatchObject({ status: 'open', flow: expect.closeTo(100, 3) });
  });

  it('breaks the pressure by its setting', () => {
    const pbv = line('PBV', 12);
    expect(pbv.pressure('J2') - pbv.pressure('J3')).toBeCloseTo(12, 5);
  });

  it('is named when its setting, changed since, contradicts that of another beside it', () => {
    const breaker = (id: string): Valve => ({
      kind: 'valve',
      id,
      type: 'PBV',
      from: 'J1',
      to: 'J2',
      diameter: 250,
      setting: 10,
      minorLoss: 0,
      status: 'active',
    });
    const h = compile(
      town({
        nodes: [
          { kind: 'reservoir', id: 'source', head: 250 },
          junction('J1', 180),
          junction('J2', 180, 100),
        ],
        links: [pipe('a', 'source', 'J1', 300, 250), breaker('b'), breaker('c')],
      }),
    );
    const s = createState(h);
    expect(solveSteady(h, s).converged).toBe(true);
    setValve(h, s, h.linkIndex.get('c')!, 20);
    const { converged, cause } = solveSteady(h, s);
    expect(converged).toBe(false);
    expect(cause).toMatch(/flows still move by .*, most in [bc], [bc]/);
  });

  it('throttles by its loss coefficient', () => {
    const tcv = line('TCV', 50);
    const velocity = 100 / 3600 / ((Math.PI * 0.25 ** 2) / 4);
    expect(tcv.pressure('J2') - tcv.pressure('J3')).toBeCloseTo((50 * velocity ** 2) / (2 * 9.81), 3);
  });
});
