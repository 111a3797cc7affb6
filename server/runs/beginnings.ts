import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readInpFile } from '#gis/io/inp/file.ts';
import { InpError } from '#gis/io/inp/issues.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { unpackRun } from '#sim/scenario/pack.ts';
import type { SavedRun } from '#sim/scenario/run.ts';
import type { Scenario } from '#sim/scenario/schema.ts';

/**
 * The city that a scenario runs in: the demo city, or the mains of an EPANET file with those rooms of the demo city
 * whose node the file has; and what of the file the run leaves out, a sentence each.
 * @param demo makes the demo city, which takes seconds
 * @param folder of the scenario
 * @throws FileError naming the file and what is wrong with it
 */
export function drawingFor(
  demo: () => CityDrawing,
  { city, network: file }: Scenario,
  folder: string,
): { drawing: CityDrawing; warnings: string[] } {
  if (file === undefined) return { drawing: demo(), warnings: [] };
  const { network, warnings } = opened(file, folder, readInpFile);
  const there = new Set(network.nodes.map(({ id }) => id));
  const stations = city === 'none' ? [] : demo().stations.filter(({ node }) => there.has(node));
  return { drawing: { network, stations }, warnings: warnings.map((one) => `${file}: ${one}`) };
}

/** The state that a scenario goes on from, if any. @throws FileError naming the file and what is wrong with it */
export function savedFor({ saved, extent }: Scenario, folder: string): SavedRun | undefined {
  return saved === undefined
    ? undefined
    : opened(saved, folder, (path) => unpackRun(readFileSync(path), extent));
}

/** A file that a scenario names cannot be used: everything that is wrong with it, each with the name of the file. */
export class FileError extends Error {
  override name = 'FileError';
  readonly causes: readonly string[];

  constructor(file: string, problem: Error) {
    const causes =
      problem instanceof InpError
        ? problem.issues.map(({ line, cause }) => (line > 0 ? `line ${line}: ${cause}` : cause))
        : [problem.message];
    super(`${file}: ${problem.message}`);
    this.causes = causes.map((cause) => `${file}: ${cause}`);
  }
}

function opened<T>(file: string, folder: string, read: (path: string) => T): T {
  try {
    return read(resolve(folder, file));
  } catch (error) {
    throw new FileError(file, error as Error);
  }
}
