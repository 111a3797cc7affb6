import { readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/** Something wrong in a scenario file. */
export interface Issue {
  /** from 1 */
  line: number;
  path: (string | number)[];
  message: string;
}

export interface ScenarioText {
  scenario: Scenario | null;
  issues: Issue[];
  /** line of a place in the file */
  lineOf: (path: readonly (string | number)[]) => number;
}

/** Reads a scenario; all that is wrong with it at once. */
export function readScenario(text: string): ScenarioText {
  const { value, problems, placeOf } = readYaml(text);
  const lineOf: ScenarioText['lineOf'] = (path) => placeOf(path).line;
  if (problems.length > 0) {
    const issues = problems.map(({ at, message }) => ({ line: at.line, path: [], message }));
    return { scenario: null, issues, lineOf };
  }
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return { scenario: parsed.data, issues: [], lineOf };
  const issues = misfitsOf(parsed.error, scenarioSchema).map(({ path, message }) => ({
    line: lineOf(path),
    path,
    message,
  }));
  return { scenario: null, issues, lineOf };
}

/** `scenarios/a.yaml:12: events.0.station: …`, one line per issue. */
export function formatIssues(file: string, issues: readonly Issue[]): string {
  return issues
    .map(
      ({ line, path, message }) =>
        `${file}:${line}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`,
    )
    .join('\n');
}
