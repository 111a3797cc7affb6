/** Something wrong in a scenario file. */
export interface Issue {
  /** from 1; 0: the file as a whole */
  line: number;
  path: (string | number)[];
  message: string;
}

/** Line of a place in a scenario file. */
export type LineOf = (path: readonly (string | number)[]) => number;

/** Of a file that is wrong on every line the first are enough to see why. */
const SHOWN = 100;

/** Those of `more` at places that no issue is about already. */
export function besides(more: readonly Issue[], issues: readonly Issue[]): Issue[] {
  const known = new Set(issues.map(({ path }) => path.join('.')));
  return more.filter(({ path }) => !known.has(path.join('.')));
}

/** `scenarios/a.yaml:12: events.0.station: …`, one line per issue, in the order of the file. */
export function formatIssues(file: string, issues: readonly Issue[]): string {
  const lines = [...issues]
    .sort((a, b) => a.line - b.line)
    .slice(0, SHOWN)
    .map(({ line, path, message }) => {
      const place = line > 0 ? `${file}:${line}` : file;
      return `${place}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`;
    });
  if (issues.length > SHOWN) lines.push(`${file}: and ${issues.length - SHOWN} more`);
  return lines.join('\n');
}
