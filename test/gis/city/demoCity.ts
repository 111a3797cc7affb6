import { buildDemoCity, DEMO_SEED } from '#gis/city/city.ts';
import type { DemoCity } from '#gis/city/model.ts';
import { readXiamenLand } from '#gis/io/land.ts';

let built: DemoCity | undefined;

/** The city the demo opens with, built once per test file. */
export function demoCity(): DemoCity {
  built ??= buildDemoCity(DEMO_SEED, readXiamenLand());
  return built;
}
