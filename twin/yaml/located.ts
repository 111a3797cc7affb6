import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';

/** A place in a file; lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

export type Path = readonly PropertyKey[];

/** Why a text holds nothing. */
export interface YamlProblem {
  at: Place;
  message: string;
  /** ENDLESS: aliases that grow without end; DEEP: brackets within brackets, more than anybody writes */
  code: ErrorCode | 'ENDLESS' | 'DEEP';
}

/** What a person wrote, and where each part of it stands. */
export interface LocatedYaml {
  /** undefined when there are problems */
  value: unknown;
  /** the text's form, an alias to nowhere, aliases that grow without end */
  problems: YamlProblem[];
  /**
   * Where a part stands; of what is missing, where the innermost part around it does. `offset` counts letters from
   * the start of a part that is text.
   */
  placeOf: (path: Path, offset?: number) => Place;
}

/** Reads YAML or JSON for people: whatever is wrong later can be said with its line. */
export function readYaml(text: string): LocatedYaml {
  const lines = new LineCounter();
  const place = (at: number): Place => {
    const { line, col } = lines.linePos(at);
    return { line, column: col };
  };
  const nothing = (message: string, code: YamlProblem['code']): LocatedYaml => {
    const start = { line: 1, column: 1 };
    return { value: undefined, problems: [{ at: start, message, code }], placeOf: () => start };
  };
  const tooDeep = () => nothing('it is nested too deeply', 'DEEP');
  try {
    // its own check of keys compares each with each
    const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false });
    // it says so by an error of its own, among as many others as there are brackets
    if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) return tooDeep();
    const placeOf = placesIn(document, place);
    const problems: YamlProblem[] = [...document.errors, ...document.warnings].map(
      ({ message, pos, code }) => ({ at: place(pos[0]), message: message.split('\n')[0]!, code }),
    );
    problems.push(...wrongNames(document, place));
    if (problems.length > 0) return { value: undefined, problems, placeOf };
    return { value: document.toJS(), problems, placeOf };
  } catch (error) {
    if (error instanceof ReferenceError) return nothing(error.message, 'ENDLESS');
    // the stack is at its end
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
}

function placesIn(document: Document, place: (at: number) => Place): LocatedYaml['placeOf'] {
  return (path, offset = 0) => {
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
}

/** Keys that a map has already, aliases of what no anchor before them names. */
function wrongNames(document: Document, place: (at: number) => Place): YamlProblem[] {
  const problems: YamlProblem[] = [];
  const anchors = new Set<string>();
  visit(document, (_, node) => {
    if (isAlias(node)) {
      if (anchors.has(node.source)) return;
      const message = `there is no anchor &${node.source} before the alias *${node.source}`;
      problems.push({ at: place(node.range?.[0] ?? 0), message, code: 'BAD_ALIAS' });
      return;
    }
    if (isNode(node) && 'anchor' in node && node.anchor) anchors.add(node.anchor);
    if (isMap(node)) problems.push(...repeatedKeys(node, place));
  });
  return problems;
}

function repeatedKeys({ items }: YAMLMap, place: (at: number) => Place): YamlProblem[] {
  const first = new Map<unknown, number>();
  return items.flatMap(({ key }): YamlProblem[] => {
    if (!isScalar(key) || !key.range) return [];
    const at = place(key.range[0]);
    const line = first.get(key.value);
    if (line === undefined) {
      first.set(key.value, at.line);
      return [];
    }
    const message = `${JSON.stringify(key.value)} stands here for the second time; the first is in line ${line}`;
    return [{ at, message, code: 'DUPLICATE_KEY' }];
  });
}
