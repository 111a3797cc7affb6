import { describe, expect, it } from 'vitest';
import { buildCity, type CityDrawing } from '#sim/city/build.ts';
import { dispatchedSpeed } from '#sim/city/dispatch.ts';
import { type City, WHOLE } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { MORNING, town } from './town.ts';

/** The town, its works at 0.85 of the rated speed all day. */
function drawing(): CityDrawing {
  const { network, stations } = town();
  const patterns = network.patterns.map((pattern) =>
    pattern.id === 'S-W1' ? { ...pattern, multipliers: pattern.multipliers.map(() => 0.85) } : pattern,
  );
  return { network: { ...network, patterns }, stations };
}

/** Head at the works' outlet after ten minutes, m. */
function outletHead(change: (city: City) => void, { network, stations } = drawing()): number {
  const model = buildCity({ network, stations }, { seed: 1 });
  const city = startCity(model, MORNING, 1);
  change(city);
  for (let second = 0; second < 600; second++) stepCity(city);
  return city.mains.head[model.h.nodeIndex.get('W1-OUT')!]!;
}

const ordinary = () => {};
const heat = ({ circumstances }: City) => {
  circumstances.whole[WHOLE.directDemand] = 1.3;
  circumstances.demand.fill(1.3);
};
const burst = ({ circumstances, model }: City) => {
  circumstances.leak[model.h.nodeIndex.get('N2')!] = 0.003;
};

describe('those who run a works', () => {
  it('hold its outlet on a day of which they know that it draws a third more', () => {
    expect(Math.abs(outletHead(heat) - outletHead(ordinary))).toBeLessThan(0.6);
  });

  it('do not foresee a burst', () => {
    expect(outletHead(burst)).toBeLessThan(outletHead(ordinary) - 1.5);
  });

  it('run by the clock alone where another source feeds the same mains', () => {
    const { network, stations } = drawing();
    const second: CityDrawing = {
      network: {
        ...network,
        nodes: [...network.nodes, { kind: 'reservoir', id: 'W2-CW', head: 10 }],
        links: [
          ...network.links,
          {
            kind: 'pipe',
            id: 'P9',
            from: 'W2-CW',
            to: 'N3',
            length: 60_000,
            diameter: 100,
            roughness: 110,
            minorLoss: 0,
            status: 'open',
          },
        ],
      },
      stations,
    };
    expect(buildCity(second, { seed: 1 }).scheduled[0]!.dispatch).toBeNull();
    expect(outletHead(heat, second)).toBeLessThan(outletHead(ordinary, second) - 1.5);
  });

  it('set the speed at which a parabola gives the same head at another flow', () => {
    const head = (speed: number, flow: number) => 50 * speed ** 2 - 400 * flow ** 2;
    const speed = dispatchedSpeed(0.9, 400 / 50, 0.1, 0.12);
    expect(head(speed, 0.12)).toBeCloseTo(head(0.9, 0.1), 9);
    // no pump turns faster than its motor
    expect(dispatchedSpeed(0.9, 400 / 50, 0.1, 0.3)).toBe(1);
  });
});
