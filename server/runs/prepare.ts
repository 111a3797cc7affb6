import type { CityDrawing } from '#sim/city/build.ts';
import { issuesIn } from '#sim/scenario/check.ts';
import type { Issue } from '#sim/scenario/issue.ts';
import type { CityNames } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import type { SavedRun } from '#sim/scenario/run.ts';
import type { Scenario } from '#sim/scenario/schema.ts';
import type { Rule } from '#twin/rules/load.ts';
import { drawingFor, FileError, savedFor } from './beginnings.ts';

/** A scenario that can be run: what it says, where, and from what it goes on. */
export interface Prepared {
  scenario: Scenario;
  drawing: CityDrawing;
  saved: SavedRun | undefined;
  /** what of the files that it names is left out, a sentence each */
  warnings: string[];
}

/**
 * Reads a scenario and what lies beside it, and looks up every name in it.
 * @param demo makes the demo city, which takes seconds
 * @returns all that is wrong when it cannot be run
 */
export function prepareScenario(
  { source, folder, seed }: { source: string | Uint8Array; folder: string; seed?: number },
  demo: () => CityDrawing,
  rules: readonly Rule[],
): Prepared | { issues: Issue[] } {
  const read = readScenario(source);
  const { sound, lineOf } = read;
  if (!sound) return { issues: read.issues };
  const missing: Issue[] = [];
  const beside = <Opened>(name: string, open: () => Opened): Opened | undefined => {
    try {
      return open();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      for (const message of error.causes) missing.push({ line: lineOf([name]), path: [name], message });
      return undefined;
    }
  };
  const city = beside('network', () => drawingFor(demo, sound, folder));
  const drawing = city?.drawing;
  const saved = beside('saved', () => savedFor(sound, folder));
  const issues = [...(drawing ? issuesIn(read, namesIn(drawing), rules) : read.issues), ...missing];
  if (!read.scenario || !drawing || issues.length > 0) return { issues };
  if (seed !== undefined) read.scenario.seed = seed;
  return { scenario: read.scenario, drawing, saved, warnings: city?.warnings ?? [] };
}

/** Works are what their pumping station's link, `ID-PS`, says. */
function namesIn({ stations, network }: CityDrawing): CityNames {
  return {
    stations,
    nodes: new Set(network.nodes.map(({ id }) => id)),
    works: network.links.flatMap((link) =>
      link.kind === 'pump' && link.speedPattern !== undefined ? (/^(.+)-PS$/.exec(link.id)?.[1] ?? []) : [],
    ),
  };
}
