import { LineCounter, parseDocument } from 'yaml';
import { yamlValue } from '#twin/yamlValue.ts';
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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (path: readonly (string | number)[]): number => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number] } | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    const issues = broken.map(({ message, pos }) => ({
      line: lines.linePos(pos[0]).line,
      path: [],
      message: message.split('\n')[0]!,
    }));
    return { scenario: null, issues, lineOf };
  }
  const read = yamlValue(document);
  if (read.problem !== null)
    return { scenario: null, issues: [{ line: 1, path: [], message: read.problem }], lineOf };
  const parsed = scenarioSchema.safeParse(read.value);
  if (parsed.success) return { scenario: parsed.data, issues: [], lineOf };
  const issues = parsed.error.issues.map((issue) => {
    const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
    return { line: lineOf(path), path, message: issue.message };
  });
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
