import { describe, expect, it } from 'vitest';
import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Junction, Network, Pipe } from '#gis/network/model.ts';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { station } from '#test/sim/station/builder.ts';
import { metresFromMpa } from '#twin/units.ts';
import { MORNING } from './town.ts';

/** Water at rest stands 33 m above the street. */
const WORKS_HEAD = 41;
const STREET = 8;
/** A main that is torn off: 1500 m³/h at 0.3 MPa, as m³/s/√m. */
const TORN_OFF = 0.0753;

describe('a break larger than its branch can feed', () => {
  it('settles at what the branch brings, and the pressure with it', () => {
    const city = aStreet({ branches: 1 });
    breakAt(city, 'B1', TORN_OFF);
    live(city, 20);
    const { leak, pressure } = at(city, 'B1');
    // DN 500 over 1.5 km and DN 200 over 150 m lose the rest: (78 + 673)·q^1.852 m, q in m³/s
    expect(pressure).toBeCloseTo(33 - 751 * leak ** 1.852, 1);
    expectAtRest(city, ['B1']);
  });

  it.each([0.5, 3, 30])('does so at %d times the size', (size) => {
    const city = aStreet({ branches: 1 });
    breakAt(city, 'B1', size * TORN_OFF);
    live(city, 30);
    expectAtRest(city, ['B1']);
  });

  it('does not swing either where five of them draw the same main down', () => {
    const nodes = ['B1', 'B2', 'B3', 'B4', 'B5'];
    const city = aStreet({ branches: 5 });
    for (const node of nodes) breakAt(city, node, TORN_OFF);
    live(city, 60);
    expectAtRest(city, nodes);
  });

  it('stops when it is mended: the pressure is back at the next solves', () => {
    const city = aStreet({ branches: 1 });
    const { pressure: before } = at(city, 'B1');
    breakAt(city, 'B1', TORN_OFF);
    live(city, 60);
    breakAt(city, 'B1', 0);
    live(city, 15);
    expect(at(city, 'B1').pressure).toBeCloseTo(before, 1);
  });
});

describe('taps in a street that the main can hardly feed', () => {
  it('give what the pressure lets through, all the time the same', () => {
    // 200 m³/h wished for at each of five branches of DN 100
    const nodes = ['B1', 'B2', 'B3', 'B4', 'B5'];
    const city = aStreet({ branches: 5, diameter: 100, demand: 200 });
    live(city, 600);
    for (const node of nodes) {
      const { served, pressure } = at(city, node);
      expect(served).toBeLessThan(0.9);
      expect(served).toBeCloseTo(Math.sqrt(pressure / 14), 2);
    }
    const before = at(city, 'B1').served;
    live(city, 60);
    expect(at(city, 'B1').served).toBeCloseTo(before, 3);
  });
});

describe('tanks that fill together from a main that can hardly feed them', () => {
  it.each([150, 120, 100])('share what comes through DN %d, all the time the same', (main) => {
    const city = aStreet({ branches: 5, main, tanks: true });
    for (const { spec, state } of city.rooms) {
      state.volume = 0.5 * spec.tank!.volume;
      state.valveCommand = 1;
    }
    live(city, 90);
    const before = inflows(city);
    for (const flow of before) expect(flow).toBeGreaterThan(3);
    for (let second = 0; second < 60; second++) {
      stepCity(city);
      inflows(city).forEach((flow, i) => {
        expect(Math.abs(flow - before[i]!) / before[i]!, `after ${second} s`).toBeLessThan(0.02);
      });
    }
    // and each takes what the pressure lets in that the mains were solved with
    city.inputs.forEach(({ mains }, i) => {
      expect(metresFromMpa(mains)).toBeCloseTo(at(city, `B${i + 1}`).pressure, 0);
    });
    const { supplied, rooms } = city.ledger;
    expect(Math.abs(supplied - rooms) / supplied).toBeLessThan(1e-6);
  });
});

it('loses no water while a break settles', () => {
  const city = aStreet({ branches: 5, demand: 60 });
  breakAt(city, 'B2', TORN_OFF);
  live(city, 300);
  const { supplied, direct, leaked } = city.ledger;
  expect(leaked).toBeGreaterThan(30);
  expect(Math.abs(supplied - direct - leaked) / supplied).toBeLessThan(1e-6);
});

/** Breaks give what their own law says at the pressure they have, and a minute changes nothing. */
function expectAtRest(city: City, nodes: readonly string[]): void {
  for (let second = 0; second < 60; second++) {
    stepCity(city);
    for (const node of nodes) {
      const { leak, pressure, conductance } = at(city, node);
      const due = conductance * Math.sqrt(Math.max(0, pressure));
      expect(Math.abs(leak - due) / due, `${node} after ${second} s`).toBeLessThan(0.05);
    }
  }
}

function at(city: City, id: string) {
  const { h } = city.model;
  const n = h.nodeIndex.get(id)!;
  return {
    leak: city.leakFlow[n]!,
    served: city.served[n]!,
    conductance: city.circumstances.leak[n]!,
    pressure: city.mains.head[n]! - h.elevation[n]!,
  };
}

function breakAt(city: City, id: string, conductance: number): void {
  city.circumstances.leak[city.model.h.nodeIndex.get(id)!] = conductance;
}

function live(city: City, seconds: number): void {
  for (let i = 0; i < seconds; i++) stepCity(city);
}

const inflows = (city: City) => city.rooms.map(({ state }) => state.inflow);

/** A works, a main of DN 500 over 1.5 km, and branches of 150 m. @param demand m³/h at the end of each */
function aStreet({ branches, main = 500, diameter = 200, demand = 0, tanks = false }: Street): City {
  const ends = Array.from({ length: branches }, (_, k) => `B${k + 1}`);
  const network: Network = {
    ...emptyNetwork('street'),
    nodes: [
      { kind: 'reservoir', id: 'W', head: WORKS_HEAD },
      junction('HUB'),
      ...ends.map((id) => junction(id, { base: demand })),
    ],
    links: [
      pipe('MAIN', 'W', 'HUB', main, 1500),
      ...ends.map((id) => pipe(`P-${id}`, 'HUB', id, diameter, 150)),
    ],
  };
  const stations = tanks ? ends.map((node, k) => station({ code: `SM-000${k + 1}`, node })) : [];
  return startCity(buildCity({ network, stations }, { seed: 1 }), MORNING, 1);
}

interface Street {
  branches: number;
  /** mm */
  main?: number;
  diameter?: number;
  demand?: number;
  /** a room with a tank at each end */
  tanks?: boolean;
}

function junction(id: string, ...demands: Junction['demands']): Junction {
  return { kind: 'junction', id, elevation: STREET, demands };
}

function pipe(id: string, from: string, to: string, diameter: number, length: number): Pipe {
  return { kind: 'pipe', id, from, to, length, diameter, roughness: 110, minorLoss: 0, status: 'open' };
}
