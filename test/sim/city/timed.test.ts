import { describe, expect, it } from 'vitest';
import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { startCity } from '#sim/city/start.ts';
import { periodAt } from '#sim/city/timed.ts';
import { HOUR } from '#twin/units.ts';

/** Local midnight of a Wednesday. */
const MIDNIGHT = Date.UTC(2026, 10, 18) - 8 * HOUR;

/** Mains with pattern steps of so many hours, so many hours after the midnight at which their run began. */
function cityAfter(hours: number, step: number): City {
  const network = {
    ...emptyNetwork('a pipe'),
    units: 'CMH' as const,
    nodes: [
      { kind: 'reservoir' as const, id: 'R', head: 10 },
      { kind: 'junction' as const, id: 'A', elevation: 0, demands: [] },
    ],
    links: [
      {
        kind: 'pipe' as const,
        id: 'P',
        from: 'R',
        to: 'A',
        length: 100,
        diameter: 200,
        roughness: 110,
        minorLoss: 0,
        status: 'open' as const,
      },
    ],
    times: { ...emptyNetwork('').times, patternStep: step * 3600 },
  };
  const city = startCity(buildCity({ network, stations: [] }, { seed: 1 }), MIDNIGHT, 1);
  city.time = MIDNIGHT + hours * HOUR;
  city.mains.time = hours * 3600;
  return city;
}

describe('the period of an instant', () => {
  it.each([
    [1, 30],
    [5, 23],
    [5, 26],
    [5, 49],
    [48, 12],
    [48, 36],
    [48, 60],
    [168, 100],
    [168, 200],
  ])('of %i h is how many of them have passed at %i h', (step, hours) => {
    const { from, share } = periodAt(cityAfter(hours, step), 0);
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThan(1);
    expect(from + share).toBeCloseTo(hours / step, 9);
  });

  it.each([5, 48])('half a period of %i h back is half a period less', (step) => {
    const { from, share } = periodAt(cityAfter(36, step), 0, 0.5);
    expect(from + share).toBeCloseTo(36 / step - 0.5, 9);
  });
});
