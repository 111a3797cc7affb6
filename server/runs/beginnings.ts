import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readInpFile } from '#gis/io/inp/file.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { unpackRun } from '#sim/scenario/pack.ts';
import type { SavedRun } from '#sim/scenario/run.ts';
import type { Scenario } from '#sim/scenario/schema.ts';

/**
 * The city that a scenario runs in: the demo city, or the mains of an EPANET file with those rooms of the demo city
 * whose node the file has.
 * @param demo makes the demo city, which takes seconds
 * @param folder of the scenario
 * @throws Error naming the file and what is wrong with it
 */
export function drawingFor(
  demo: () => CityDrawing,
  { city, network: file }: Scenario,
  folder: string,
): CityDrawing {
  if (file === undefined) return demo();
  const { network } = opened(file, folder, readInpFile);
  if (city === 'none') return { network, stations: [] };
  const there = new Set(network.nodes.map(({ id }) => id));
  return { network, stations: demo().stations.filter(({ node }) => there.has(node)) };
}

/** The state that a scenario goes on from, if any. @throws Error naming the file and what is wrong with it */
export function savedFor({ saved, extent }: Scenario, folder: string): SavedRun | undefined {
  return saved === undefined
    ? undefined
    : opened(saved, folder, (path) => unpackRun(readFileSync(path), extent));
}

function opened<T>(file: string, folder: string, read: (path: string) => T): T {
  try {
    return read(resolve(folder, file));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}
