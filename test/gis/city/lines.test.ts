import { describe, expect, it } from 'vitest';
import { mainLines } from '#gis/city/mainLines.ts';
import { demoCity } from './demoCity.ts';
import { stationMainsPressure } from './mainsPressure.ts';

const city = demoCity();

describe('mains as lines', () => {
  it('are all there once, from node to node, with what the map needs', () => {
    const lines = mainLines(city);
    const pipes = city.network.links.filter(({ kind }) => kind === 'pipe');
    expect(lines.map(({ id }) => id)).toEqual(pipes.map(({ id }) => id));
    for (const { from, to, line, zone, dn } of lines) {
      expect(line[0]).toEqual(city.network.coordinates.get(from));
      expect(line.at(-1)).toEqual(city.network.coordinates.get(to));
      expect(zone).toMatch(/^Z-/);
      expect(dn).toBeGreaterThanOrEqual(100);
    }
  });

  it('name a node without a place', () => {
    const coordinates = new Map(city.network.coordinates);
    const lost = city.network.links.find(({ kind }) => kind === 'pipe')!.from;
    coordinates.delete(lost);
    expect(() => mainLines({ ...city, network: { ...city.network, coordinates } })).toThrow(lost);
  });
});

describe('mains pressure per station', () => {
  const times = Array.from({ length: 24 }, (_, hour) => hour * 3600);
  const result = { nodeIds: ['A', 'B'], times, pressure: times.map((_, hour) => [10 + hour, -3]) };

  it('is the pressure of its node hour by hour, never below zero', () => {
    const pressures = stationMainsPressure(result, [
      { code: 'S1', node: 'A' },
      { code: 'S2', node: 'B' },
    ]);
    expect(pressures.get('S1')![0]).toBeCloseTo(0.0979, 4);
    expect(pressures.get('S1')![23]! / pressures.get('S1')![0]!).toBeCloseTo(3.3, 9);
    expect(Math.max(...pressures.get('S2')!)).toBe(0);
  });

  it('names what is missing', () => {
    expect(() => stationMainsPressure(result, [{ code: 'S3', node: 'C' }])).toThrow(/S3.*C/);
    expect(() => stationMainsPressure({ ...result, times: times.slice(1) }, [])).toThrow(/0:00/);
  });
});
