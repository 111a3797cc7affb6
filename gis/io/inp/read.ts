import { checkNetwork } from '#gis/network/check.ts';
import { curveUses } from '#gis/network/curve-use.ts';
import type { Network, VerbatimSection } from '#gis/network/model.ts';
import { joinWords, parseNumber } from '#gis/network/words.ts';
import { tellForeignBlanks } from './blanks.ts';
import { readComments } from './comments.ts';
import { decodeInp } from './decode.ts';
import { InpError, Issues } from './issues.ts';
import { lineFinder } from './lines.ts';
import { readPlaces } from './places.ts';
import { convertCurves, readCurves, readPatterns } from './read-curves.ts';
import { readLinks } from './read-links.ts';
import { isMultiplier, readNodes } from './read-nodes.ts';
import { readEnergy, readOptions, readTimes } from './read-options.ts';
import { type Row, type SectionName, type Sections, splitSections } from './rows.ts';
import { warningsOf } from './warnings.ts';

/** Sections that are kept line by line because the hydraulics do not use them. */
const keptSections: SectionName[] = [
  'TAGS',
  'QUALITY',
  'SOURCES',
  'REACTIONS',
  'MIXING',
  'REPORT',
  'LABELS',
  'BACKDROP',
  'ROUGHNESS',
  'LEAKAGE',
];

/**
 * Reads an EPANET input file (versions 2.0 to 2.3), text or bytes, into the model's units.
 *
 * @returns the network, and warnings about what it holds but the hydraulics ignore
 * @throws InpError with everything that is wrong, each with its line and cause; nothing is half-loaded
 */
export function readInp(source: string | Uint8Array): { network: Network; warnings: string[] } {
  const text = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decodeInp(source);
  const issues = new Issues();
  const sections = splitSections(text, issues);

  const file = readOptions(sections.rows('OPTIONS'), issues);
  const { factors, options } = file;
  const { times, kept: keptTimes } = readTimes(sections.rows('TIMES'), issues);
  const nodeLines = new Map<string, number>();
  const linkLines = new Map<string, number>();
  const curveLines = new Map<string, number>();
  const patterns = readPatterns(sections.rows('PATTERNS'), issues, new Map());
  const rawCurves = readCurves(sections.rows('CURVES'), issues, curveLines);
  const nodes = readNodes(sections, factors, options.emitterExponent, issues, nodeLines);
  const legacyCurves: Network['curves'] = [];
  const darcyWeisbach = options.headloss === 'D-W';
  const links = readLinks(sections, factors, darcyWeisbach, issues, linkLines, legacyCurves);
  // curves of EPANET 1 stand in the lines of their pumps
  for (const { id } of legacyCurves) curveLines.set(id, linkLines.get(id.slice(1)) ?? 0);
  const { energy, pumps } = readEnergy(sections.rows('ENERGY'), issues);
  for (const link of links) {
    if (link.kind !== 'pump') continue;
    const { line: _, ...values } = pumps.get(link.id) ?? { line: 0 };
    Object.assign(link, values);
    pumps.delete(link.id);
  }
  for (const [id, { line }] of pumps) issues.push({ line, cause: `energy: there is no pump ${id}` });
  for (const row of sections.data('DEMANDS')) {
    if (!isMultiplier(row, nodeLines)) continue;
    const multiplier = parseNumber(row.words[1] ?? '');
    if (multiplier !== undefined) options.demandMultiplier = multiplier;
    else
      issues.push({ line: row.line, cause: `demands: the multiplier "${row.words[1] ?? ''}" is no number` });
  }
  const curves = convertCurves(rawCurves, curveUses({ nodes, links }), factors, issues, curveLines);
  const controls = [...sections.data('CONTROLS')];
  const rules = splitRules(sections.rows('RULES'));

  const network: Network = {
    title: Array.from(sections.rows('TITLE'), (row) => row.text.trim())
      .join('\n')
      .trim(),
    nodes,
    links,
    patterns,
    curves: [...curves, ...legacyCurves],
    controls: controls.map((row) => joinWords(row.words)),
    rules: rules.map((rule) => rule.text),
    times,
    options,
    coordinates: new Map(),
    vertices: new Map(),
    units: file.units,
    ...(file.pressureUnits ? { pressureUnits: file.pressureUnits } : {}),
    ...(energy ? { energy } : {}),
  };
  const left = readPlaces(sections, network, nodeLines, linkLines);
  const verbatim = keptLines(sections, file.kept, keptTimes, left);
  if (verbatim.length > 0) network.verbatim = verbatim;
  const comments = readComments(sections);
  if (comments.length > 0) network.comments = comments;

  const lineOf = lineFinder(sections, {
    nodes: nodeLines,
    links: linkLines,
    curves: curveLines,
    controls,
    rules,
  });
  for (const { element, cause } of checkNetwork(network)) issues.push({ line: lineOf(element), cause });
  if (issues.count > 0) {
    tellForeignBlanks(sections, issues);
    throw new InpError(issues);
  }
  return { network, warnings: warningsOf(network, sections, left, nodeLines, linkLines) };
}

/** Rules and the lines of their rows. What stands before the first is taken as one, too. */
function splitRules(rows: Iterable<Row>): { lines: number[]; text: string }[] {
  const rules: { lines: number[]; text: string }[] = [];
  for (const { words, line, text } of rows) {
    if (words.length === 0) continue;
    const last = rules.at(-1);
    if (!last || words[0]!.toUpperCase() === 'RULE') rules.push({ lines: [line], text: text.trim() });
    else {
      last.lines.push(line);
      last.text += `\n${text.trim()}`;
    }
  }
  return rules;
}

function keptLines(
  sections: Sections,
  options: string[],
  times: string[],
  left: ReadonlyMap<SectionName, readonly Row[]>,
): VerbatimSection[] {
  const kept: VerbatimSection[] = [
    { name: 'OPTIONS', lines: options },
    { name: 'TIMES', lines: times },
  ];
  for (const name of keptSections) {
    kept.push({ name, lines: Array.from(sections.rows(name), (row) => row.text.trimEnd()) });
  }
  // comments beside these rows become lines before them, as of all places
  for (const [name, rows] of left)
    kept.push({ name, lines: rows.map(({ text }) => text.split(';', 1)[0]!.trimEnd()) });
  return kept.filter(({ lines }) => lines.length > 0);
}
