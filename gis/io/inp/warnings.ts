import type { Network } from '#gis/network/model.ts';
import type { Row, SectionName, Sections } from './rows.ts';
import { LONGEST_ID } from './write-text.ts';

/** Lines of nodes or links, by id. */
type Lines = ReadonlyMap<string, number>;

const SHOWN = 10;

/**
 * What a file holds that the hydraulics leave out, or that EPANET itself would not take, a sentence each.
 *
 * @param left rows that place nothing, by section
 */
export function warningsOf(
  network: Network,
  sections: Sections,
  left: ReadonlyMap<SectionName, readonly Row[]>,
  nodes: Lines,
  links: Lines,
): string[] {
  const warnings: string[] = [];
  if (!sections.data('LEAKAGE').next().done)
    warnings.push('[LEAKAGE] is kept but its leaks are not simulated');
  const quality = [...sections.data('OPTIONS')].find(({ words }) =>
    words[0]!.toUpperCase().startsWith('QUAL'),
  );
  if (quality && (quality.words[1] ?? 'NONE').toUpperCase() !== 'NONE')
    warnings.push(`option Quality ${quality.words[1]} is kept but water quality is not simulated`);
  const { defaultPattern } = network.options;
  // EPANET names 1 in every file it writes
  const nameless = defaultPattern === undefined || defaultPattern === '1';
  if (!nameless && !network.patterns.some(({ id }) => id === defaultPattern))
    warnings.push(
      `option Pattern ${defaultPattern}: there is no such pattern; demands that name none are constant`,
    );
  const alone = nodesAlone(network);
  if (alone.length > 0) warnings.push(`nodes without a link: ${some(alone)}`);
  const foreign = foreignIds(network);
  if (foreign.length > 0)
    warnings.push(`EPANET takes no id with a blank or of more than ${LONGEST_ID} bytes: ${some(foreign)}`);
  for (const [section, rows] of left)
    warnings.push(`[${section}] is kept where it places nothing: ${someRows(rows)}`);
  for (const section of Object.keys(ABOUT) as (keyof typeof ABOUT)[]) {
    const rows = strays(section, sections, nodes, links);
    if (rows.length > 0) warnings.push(`[${section}] is kept but names what is not there: ${someRows(rows)}`);
  }
  return warnings;
}

function some(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${names.slice(0, SHOWN).join(', ')}${more}`;
}

function someRows(rows: readonly Row[]): string {
  return some(rows.map(({ text, line }) => `"${text.split(';')[0]!.trim()}" (line ${line})`));
}

function nodesAlone({ nodes, links }: Network): string[] {
  const linked = new Set<string>();
  for (const { from, to } of links) linked.add(from).add(to);
  return nodes.filter(({ id }) => !linked.has(id)).map(({ id }) => id);
}

function foreignIds({ nodes, links, patterns, curves }: Network): string[] {
  const foreign = (id: string) =>
    // a character has four bytes at most
    /[ \t]/.test(id) || (4 * id.length > LONGEST_ID && Buffer.byteLength(id) > LONGEST_ID);
  return [nodes, links, patterns, curves].flatMap((all: readonly { id: string }[]) =>
    all.filter(({ id }) => foreign(id)).map(({ id }) => id),
  );
}

interface Subject {
  node?: string | undefined;
  link?: string | undefined;
}

/** Where rows that are kept line by line say which node or link they are about. */
const ABOUT = {
  SOURCES: ([node]) => ({ node }),
  MIXING: ([node]) => ({ node }),
  LEAKAGE: ([link]) => ({ link }),
  // three words are a range of nodes, which may hold none
  QUALITY: ([node, , last]) => (last === undefined ? { node } : {}),
  TAGS: ([kind, id]) => (kind?.toUpperCase().startsWith('N') ? { node: id } : { link: id }),
} satisfies Partial<Record<SectionName, (words: readonly string[]) => Subject>>;

function strays(section: keyof typeof ABOUT, sections: Sections, nodes: Lines, links: Lines): Row[] {
  const about: (words: readonly string[]) => Subject = ABOUT[section];
  return [...sections.data(section)].filter(({ words }) => {
    const { node, link } = about(words);
    return (node !== undefined && !nodes.has(node)) || (link !== undefined && !links.has(link));
  });
}
