export interface InpIssue {
  /** 1-based; 0 = the file as a whole */
  line: number;
  cause: string;
}

/** Of a file that is wrong on every line the first are enough to see why: as many as a list of them can be looked through by a machine. */
const KEPT = 100_000;
/** Those that a message tells. */
export const TOLD = 20;
const LONGEST_CAUSE = 300;

/** What is wrong with a file: the first are kept as they are found, all are counted. */
export class Issues {
  readonly kept: InpIssue[] = [];
  count = 0;

  push({ line, cause }: InpIssue): void {
    this.count++;
    if (this.kept.length >= KEPT) return;
    this.kept.push({
      line,
      cause: cause.length > LONGEST_CAUSE ? `${cause.slice(0, LONGEST_CAUSE)}…` : cause,
    });
  }
}

/** Everything that is wrong with a file, at once. */
export class InpError extends Error {
  override name = 'InpError';
  /** in the order of lines; the first hundred thousand that were found */
  readonly issues: InpIssue[];
  /** of all */
  readonly count: number;

  constructor({ kept, count }: Issues) {
    const issues = [...kept].sort((a, b) => a.line - b.line);
    const shown = issues
      .slice(0, TOLD)
      .map(({ line, cause }) => (line > 0 ? `line ${line}: ${cause}` : cause));
    if (count > shown.length) shown.push(`and ${count - shown.length} more`);
    super(shown.join('\n'));
    this.issues = issues;
    this.count = count;
  }

  /** A file of which nothing can be read. */
  static of(line: number, cause: string): InpError {
    const issues = new Issues();
    issues.push({ line, cause });
    return new InpError(issues);
  }
}
