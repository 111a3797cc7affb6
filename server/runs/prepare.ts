import type { CityDrawing } from '#sim/city/build.ts';
import { checkRuleNames } from '#sim/scenario/alarmNames.ts';
import { type CityNames, checkNames } from '#sim/scenario/names.ts';
import { type Issue, readScenario } from '#sim/scenario/read.ts';
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
 * @throws Error naming a file beside it that cannot be read
 */
export function prepareScenario(
  { text, folder, seed }: { text: string; folder: string; seed?: number },
  demo: () => CityDrawing,
  rules: readonly Rule[],
): Prepared | { issues: Issue[] } {
  const { scenario, issues, lineOf } = readScenario(text);
  if (!scenario) return { issues };
  if (seed !== undefined) scenario.seed = seed;
  const drawing = drawingFor(demo, scenario, folder);
  const saved = savedFor(scenario, folder);
  const wrong = [
    ...checkNames(scenario, namesIn(drawing), lineOf),
    ...checkRuleNames(scenario, rules, lineOf),
  ];
  return wrong.length > 0 ? { issues: wrong } : { scenario, drawing, saved };
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
