export interface InpIssue {
  /** 1-based; 0 = the file as a whole */
  line: number;
  cause: string;
}

/** Everything that is wrong with a file, at once. */
export class InpError extends Error {
  override name = 'InpError';
  readonly issues: InpIssue[];

  constructor(issues: InpIssue[]) {
    const shown = issues.slice(0, 20).map(({ line, cause }) => (line > 0 ? `line ${line}: ${cause}` : cause));
    if (issues.length > shown.length) shown.push(`and ${issues.length - shown.length} more`);
    super(shown.join('\n'));
    this.issues = issues;
  }
}
