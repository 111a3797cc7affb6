import { type ErrorCode, isNode, isScalar, LineCounter, parseDocument } from 'yaml';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

export type Path = readonly PropertyKey[];

/** What a person wrote, and where each part of it stands. */
export interface LocatedYaml {
  /** undefined when there are problems */
  value: unknown;
  /** why the text holds nothing: its form, an alias to nowhere, aliases that grow without end */
  problems: { at: Place; message: string; code: ErrorCode | 'ENDLESS' }[];
  /**
   * Where a part stands; of what is missing, where the innermost part around it does. `offset` counts letters from
   * the start of a part that is text.
   */
  placeOf: (path: Path, offset?: number) => Place;
}

/** Reads YAML or JSON for people: whatever is wrong later can be said with its line. */
export function readYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (at: number): Place => {
    const { line, col } = lines.linePos(at);
    return { line, column: col };
  };
  const placeOf = (path: Path, offset = 0): Place => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (!isNode(node) || !node.range) continue;
      // letters count from the text's own start, after a quote if there is one
      const quoted = isScalar(node) && /^QUOTE/.test(String(node.type));
      const inside = length === path.length && offset > 0 ? offset + (quoted ? 1 : 0) : 0;
      return place(node.range[0] + inside);
    }
    return place(0);
  };
  const problems = [...document.errors, ...document.warnings].map(({ message, pos, code }) => ({
    at: place(pos[0]),
    message: message.split('\n')[0]!,
    code,
  }));
  if (problems.length > 0) return { value: undefined, problems, placeOf };
  try {
    return { value: document.toJS(), problems, placeOf };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return {
      value: undefined,
      problems: [{ at: place(0), message: error.message, code: 'ENDLESS' }],
      placeOf,
    };
  }
}
