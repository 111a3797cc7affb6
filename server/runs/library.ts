import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { secondsOf } from '#sim/scenario/duration.ts';
import { formatIssues } from '#sim/scenario/issue.ts';
import { selectStations } from '#sim/scenario/names.ts';
import { readScenario } from '#sim/scenario/read.ts';
import type { Scenario } from '#sim/scenario/schema.ts';
import { parseSentences } from '#sim/scenario/sentences.ts';
import { parseSelector } from '#sim/scenario/statement.ts';
import type { Station } from '#twin/model/station.ts';
import { hoursFromSeconds } from '#twin/units.ts';
import type { ScenarioEntry } from '#twin/wire/scenarios.ts';

/** The scenarios that ship with the product. */
export const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));

/** The scenario files of a folder; those that cannot be read are named with what is wrong. */
export interface ScenarioLibrary {
  readonly folder: string;
  readonly scenarios: ReadonlyMap<string, { text: string; scenario: Scenario }>;
  readonly unreadable: readonly { id: string; issues: string[] }[];
}

/** @throws Error when the folder cannot be read */
export function scenariosIn(folder: string): ScenarioLibrary {
  const scenarios = new Map<string, { text: string; scenario: Scenario }>();
  const unreadable: { id: string; issues: string[] }[] = [];
  for (const file of readdirSync(folder).sort()) {
    const id = /^(.+)\.ya?ml$/.exec(file)?.[1];
    if (id === undefined) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    const { scenario, issues } = readScenario(text);
    if (scenario) scenarios.set(id, { text, scenario });
    else unreadable.push({ id, issues: formatIssues(file, issues).split('\n') });
  }
  return { folder, scenarios, unreadable };
}

/** A scenario as people choose it. @param stations of the city that it is about */
export function scenarioEntryOf(id: string, scenario: Scenario, stations: readonly Station[]): ScenarioEntry {
  const rooms = selectStations(stations, parseSelector(scenario.extent));
  const watched = selectStations(rooms, parseSelector(scenario.alarms)).length;
  const expected = scenario.expect.flatMap(({ that }) => parseSentences(that));
  return {
    id,
    name: scenario.name,
    teaches: scenario.teaches,
    rooms: rooms.length,
    lengthSeconds: secondsOf(scenario.length)!,
    estimateSeconds: estimateOf(scenario, rooms.length, watched),
    names: [...new Set(expected.flatMap((one) => ('rule' in one ? [one.rule] : [])))],
  };
}

/**
 * Measured on two shared cores of 2026: the mains cost 6 s for an hour of the city, those of a file that is a street a
 * tenth of a second, each room that is simulated 4 ms more; each look 0.1 ms and 33 µs for every room, for a set of
 * rules (docs/alarms.md). A guide for choosing, no promise.
 */
function estimateOf({ length, look, network }: Scenario, rooms: number, watched: number): number {
  const lived = secondsOf(length)!;
  const looks = lived / secondsOf(look)!;
  const mains = network === undefined ? 6 : 0.1;
  const start = network === undefined ? 2 : 0.5;
  return start + hoursFromSeconds(lived) * (mains + 0.004 * rooms) + 2 * looks * (1e-4 + 33e-6 * watched);
}
