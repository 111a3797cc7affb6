import { describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { PACE, startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import { massError, water } from '#test/bench/city/mass.ts';
import { MORNING, town } from './town.ts';

const model = buildCity(town(), { seed: 1 });
const begin = () => startCity(model, MORNING, 1);
const beginBySeconds = () => startCity(model, MORNING, 1, { ...PACE, strides: false });

function pressures({ rooms }: City): number[] {
  return rooms.flatMap(({ sets }) => sets.map(({ state }) => state.pressure));
}

function live(city: City, seconds: number): void {
  for (let i = 0; i < seconds; i++) stepCity(city);
}

describe('rooms that are calm take two seconds at once', () => {
  it('and do most of the time, all rooms standing at one time after each pair', () => {
    const city = begin();
    let ahead = 0;
    for (let pair = 0; pair < 600; pair++) {
      stepCity(city);
      ahead += city.rooms.reduce((sum, { state }) => sum + state.ahead, 0);
      stepCity(city);
      expect(city.rooms.every(({ state }) => state.ahead === 0)).toBe(true);
    }
    const rooms = model.rooms.filter(({ booster }) => !booster).length;
    expect(ahead / (600 * rooms)).toBeGreaterThan(0.6);
  });

  it('stays near single seconds over an hour, pressure by pressure, in water and in energy', () => {
    const city = begin();
    const fine = beginBySeconds();
    let sum = 0;
    let most = 0;
    let count = 0;
    for (let pair = 0; pair < 1800; pair++) {
      live(city, 2);
      live(fine, 2);
      const expected = pressures(fine);
      for (const [k, pressure] of pressures(city).entries()) {
        const off = Math.abs(pressure - expected[k]!);
        sum += off;
        count++;
        most = Math.max(most, off);
      }
    }
    // a transmitter's step is 0.001 MPa; a staging may fall some seconds earlier or later
    expect(sum / count).toBeLessThan(0.002);
    expect(most).toBeLessThan(0.03);
    for (const [i, { state, sets }] of city.rooms.entries()) {
      const other = fine.rooms[i]!;
      expect(state.energy / other.state.energy - 1).toBeCloseTo(0, 2);
      expect(sets[0]!.state.total / other.sets[0]!.state.total - 1).toBeCloseTo(0, 3);
    }
  });

  it('keeps its water in the middle of a pair too', () => {
    const city = begin();
    const before = water(city);
    live(city, 1801);
    expect(massError(before, water(city))).toBeLessThan(1e-6);
  });

  it('takes single seconds as soon as a pump fails, and holds the pressure as they do', () => {
    const city = begin();
    const fine = beginBySeconds();
    for (const each of [city, fine]) {
      live(each, 600);
      const running = each.rooms[0]!.sets[0]!.pumps.find(({ run }) => run === 1)!;
      running.fault = 1;
    }
    let lowest = 1;
    let lowestFine = 1;
    for (let pair = 0; pair < 30; pair++) {
      live(city, 2);
      live(fine, 2);
      lowest = Math.min(lowest, pressures(city)[0]!);
      lowestFine = Math.min(lowestFine, pressures(fine)[0]!);
    }
    expect(lowestFine).toBeLessThan(0.49);
    expect(Math.abs(lowest - lowestFine)).toBeLessThan(0.05);
  });
});
