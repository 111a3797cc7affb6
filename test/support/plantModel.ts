import type { DemoCity } from '#gis/city/model.ts';
import { mainsTruth } from '#plant/mainsTruth.ts';
import { truthOf } from '#plant/truth.ts';
import { buildCity } from '#sim/city/build.ts';
import type { CityModel } from '#sim/city/model.ts';

const YEAR = 2026;

/** The city as its plant has it: other roughness and demand than on file, half-shut valves, worn rooms. */
export function plantModel({ network, stations }: DemoCity, seed: number): CityModel {
  const codes = new Set(stations.map(({ code }) => code));
  return buildCity(
    { network: mainsTruth(network, seed, codes).network, stations },
    { seed, truth: (station, i) => truthOf(station, seed, i, YEAR) },
  );
}
