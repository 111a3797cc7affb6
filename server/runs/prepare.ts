import type { CityDrawing } from '#sim/city/build.ts';
import { issuesIn } from '#sim/scenario/check.ts';
import type { Issue } from '#sim/scenario/issue.ts';
import type { CityNames } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import type { SavedRun } from '#sim/scenario/run.ts';
import type { Scenario } from '#sim/scenario/schema.ts';
import type { Rule } from '#twin/rules/load.ts';
import { drawingFor, savedFor } from './beginnings.ts';

/** A scenario that can be run: what it says, where, and from what it goes on. */
export interface Prepared {
  scenario: Scenario;
  drawing: CityDrawing;
  saved: SavedRun | undefined;
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
      missing.push({ line: lineOf([name]), path: [name], message: (error as Error).message });
      return undefined;
    }
  };
  const drawing = beside('network', () => drawingFor(demo, sound, folder));
  const saved = beside('saved', () => savedFor(sound, folder));
  const issues = [...(drawing ? issuesIn(read, namesIn(drawing), rules) : read.issues), ...missing];
  if (!read.scenario || !drawing || issues.length > 0) return { issues };
  if (seed !== undefined) read.scenario.seed = seed;
  return { scenario: read.scenario, drawing, saved };
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
