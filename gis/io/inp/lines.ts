import type { NetworkIssue } from '#gis/network/issue.ts';
import type { Sections } from './rows.ts';

/** Lines of a file by what stands there. */
export interface KnownLines {
  nodes: ReadonlyMap<string, number>;
  links: ReadonlyMap<string, number>;
  curves: ReadonlyMap<string, number>;
  controls: readonly { line: number }[];
  rules: readonly { lines: readonly number[] }[];
}

/** Finds the line of an element. Rows that few mistakes are about are looked for only then. */
export function lineFinder(sections: Sections, known: KnownLines): (at: NetworkIssue['element']) => number {
  let demands: Map<string, number[]> | undefined;
  return (at) => {
    switch (at.kind) {
      case 'node': {
        demands ??= demandLines(sections);
        const own = at.demand === undefined ? undefined : demands.get(at.id)?.[at.demand];
        return own ?? known.nodes.get(at.id) ?? 0;
      }
      case 'link':
        return known.links.get(at.id) ?? 0;
      case 'curve':
        return known.curves.get(at.id) ?? 0;
      case 'energy':
        return energyLine(sections, at) ?? known.links.get(at.pump ?? '') ?? 0;
      case 'control':
        return known.controls[at.index]?.line ?? 0;
      case 'rule':
        return known.rules[at.index]?.lines[at.row] ?? 0;
      case 'network':
        return 0;
    }
  };
}

/** Of each junction, its rows in [DEMANDS]: they take the place of the demand in its own row. */
function demandLines(sections: Sections): Map<string, number[]> {
  const lines = new Map<string, number[]>();
  for (const { line, words } of sections.data('DEMANDS')) {
    const before = lines.get(words[0]!);
    if (before) before.push(line);
    else lines.set(words[0]!, [line]);
  }
  return lines;
}

/** The last row that gives a pump, or all of them, this pattern or curve. */
function energyLine(
  sections: Sections,
  { pump, name }: Extract<NetworkIssue['element'], { kind: 'energy' }>,
): number | undefined {
  let found: number | undefined;
  for (const { line, words } of sections.data('ENERGY')) {
    const of = words[0]!.toUpperCase().startsWith('PUMP') ? words[1] : undefined;
    if (of === pump && words[of === undefined ? 2 : 3] === name) found = line;
  }
  return found;
}
