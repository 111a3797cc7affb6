import { describe, expect, it } from 'vitest';
import { mainFeatures, nodeFeatures, stationFeatures, worksFeatures } from '#gis/city/features.ts';
import { stationMainsPressure } from '#gis/city/mainsPressure.ts';
import { demoCity } from './demoCity.ts';

const city = demoCity();

describe('GeoJSON views of the city', () => {
  it('show every main once, from node to node, with what the map needs', () => {
    const mains = mainFeatures(city);
    const pipes = city.network.links.filter(({ kind }) => kind === 'pipe');
    expect(mains).toHaveLength(pipes.length);
    mains.forEach(({ properties, geometry }, k) => {
      const pipe = pipes[k]!;
      expect(properties.id).toBe(pipe.id);
      expect(geometry.coordinates[0]).toEqual(city.network.coordinates.get(pipe.from));
      expect(geometry.coordinates.at(-1)).toEqual(city.network.coordinates.get(pipe.to));
      expect(properties.zone).toMatch(/^Z-/);
    });
  });

  it('show all nodes, works and stations where they are', () => {
    expect(nodeFeatures(city)).toHaveLength(city.network.nodes.length);
    expect(worksFeatures(city)).toHaveLength(9);
    const stations = stationFeatures(city);
    expect(stations).toHaveLength(2100);
    expect(stations[0]!.geometry.coordinates).toEqual([city.stations[0]!.lon, city.stations[0]!.lat]);
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
