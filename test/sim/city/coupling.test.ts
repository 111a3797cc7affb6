import { beforeEach, describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { restoreCity, saveCity } from '#sim/city/save.ts';
import { PACE, startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { storedWater } from '#sim/station/pressure.ts';
import type { Room } from '#sim/station/state.ts';
import { MORNING, town } from './town.ts';

const model = buildCity(town(), { seed: 1 });
let city: City;

beforeEach(() => {
  city = startCity(model, MORNING, 1);
});

function live(city: City, seconds: number): void {
  for (let i = 0; i < seconds; i++) stepCity(city);
}

function room(city: City, code: string): Room {
  return city.rooms[model.roomOf.get(code)!]!;
}

describe('mains and rooms in two rates', () => {
  it('loses no water over a day: what works supply is used, lost, stored, spilled or delivered', () => {
    const held = () =>
      city.rooms.reduce((sum, { spec, state, sets }, i) => {
        if (model.rooms[i]!.booster) return sum;
        const behind = sets.reduce(
          (part, set, k) => part + storedWater(spec.sets[k]!, set.state.pressure),
          0,
        );
        return sum + behind + (spec.tank ? state.volume + state.spilled : 0);
      }, 0);
    const given = () =>
      city.rooms.reduce(
        (sum, { sets }, i) =>
          model.rooms[i]!.booster ? sum : sum + sets.reduce((part, set) => part + set.state.total, 0),
        0,
      );
    const before = held() + given();
    city.circumstances.leak[model.h.nodeIndex.get('N2')!] = 0.001;
    live(city, 86_400);
    const { supplied, direct, leaked, rooms } = city.ledger;
    expect(leaked).toBeGreaterThan(100);
    expect(Math.abs(supplied - direct - leaked - rooms) / supplied).toBeLessThan(1e-6);
    // the last seconds since a solve are in the rooms and not yet in the mains
    const pending = city.taken.reduce((sum, m3) => sum + m3, 0);
    expect(Math.abs(held() + given() - before - rooms - pending) / supplied).toBeLessThan(1e-6);
    expect(city.unsolved).toBe(0);
    // a day of seconds takes its time on a busy machine
  }, 600_000);

  it('solves the mains every five seconds when little moves', () => {
    live(city, 600);
    expect(city.solves).toBeGreaterThanOrEqual(120);
    expect(city.solves).toBeLessThan(600);
  });

  it('stays near everything solved at one second', () => {
    const fine = startCity(model, MORNING, 1, { every: 1, tolerance: 0, strides: false });
    live(city, 900);
    live(fine, 900);
    for (let n = 0; n < model.h.nodeCount; n++)
      expect(Math.abs(city.mains.head[n]! - fine.mains.head[n]!)).toBeLessThan(0.6);
  });

  it('holds the set-point behind a booster by pumps inside the solve', () => {
    live(city, 600);
    expect(room(city, 'SM-B01').sets[0]!.state.pressure).toBeCloseTo(0.45, 2);
    expect(room(city, 'SM-B01').state.inflow).toBeCloseTo(60, 0);
  });

  it('lets a break in the main be felt at the inlet of every room', () => {
    live(city, 300);
    const before = city.inputs.map(({ mains }) => mains);
    city.circumstances.leak[model.h.nodeIndex.get('N3')!] = 0.02;
    live(city, 120);
    city.inputs.forEach(({ mains }, i) => {
      expect(mains).toBeLessThan(before[i]! - 0.02);
    });
    expect(city.ledger.leaked).toBeGreaterThan(0);
  });

  it('supplies nothing when works stand still, and comes back', () => {
    city.circumstances.speed[0] = 0;
    city.upset = true;
    live(city, 60);
    expect(city.inputs[0]!.mains).toBe(0);
    expect(room(city, 'SM-0001').state.inflow).toBe(0);
    city.circumstances.speed[0] = 1;
    live(city, 60);
    expect(city.inputs[0]!.mains).toBeGreaterThan(0.2);
  });
});

describe('a saved city', () => {
  it('goes on as the one it was saved from, each on its own', () => {
    // in the middle of a minute and between two solves
    live(city, 203);
    const fork = restoreCity(model, saveCity(city));
    live(city, 400);
    live(fork, 400);
    expect(fork.time).toBe(city.time);
    expect(fork.row).toEqual(city.row);
    expect(fork.mains.head).toEqual(city.mains.head);
    live(fork, 10);
    expect(fork.time).not.toBe(city.time);
  });

  it('is refused by another city', () => {
    const { network, stations } = town();
    const other = buildCity({ network, stations: stations.slice(1) }, { seed: 1 });
    expect(() => restoreCity(other, saveCity(city))).toThrow(/another city/);
  });
});

describe('a city as drawn', () => {
  it('names a station whose node is not there', () => {
    const { network, stations } = town();
    const lost = stations.map((s) => (s.code === 'SM-0002' ? { ...s, node: 'N9' } : s));
    expect(() => buildCity({ network, stations: lost }, { seed: 1 })).toThrow(/SM-0002: node N9/);
  });

  it('leaves the demand of stations that are not simulated in the network', () => {
    const alone = buildCity(town(), { seed: 1, only: ({ code }) => code === 'SM-0001' });
    const part = startCity(alone, MORNING, 1, PACE);
    live(part, 60);
    expect(part.rooms).toHaveLength(1);
    expect(part.ledger.direct).toBeCloseTo((129.4 * 60) / 3600, 2);
  });
});
