import { splitWords } from '#gis/network/words.ts';
import type { Issues } from './issues.ts';

/** One line of a section, cut into words. */
export interface Row {
  line: number;
  words: string[];
  /** the text after the first semicolon */
  comment: string;
  /** the line as it stands in the file */
  text: string;
}

export const sectionNames = [
  'TITLE',
  'JUNCTIONS',
  'RESERVOIRS',
  'TANKS',
  'PIPES',
  'PUMPS',
  'VALVES',
  'CONTROLS',
  'RULES',
  'DEMANDS',
  'SOURCES',
  'EMITTERS',
  'PATTERNS',
  'CURVES',
  'QUALITY',
  'STATUS',
  'ROUGHNESS',
  'ENERGY',
  'REACTIONS',
  'MIXING',
  'REPORT',
  'TIMES',
  'OPTIONS',
  'COORDINATES',
  'VERTICES',
  'LABELS',
  'BACKDROP',
  'TAGS',
  'LEAKAGE',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** Sections whose rows name nodes, links, patterns and curves, or numbers. */
export const wordSections: readonly SectionName[] = [
  'JUNCTIONS',
  'RESERVOIRS',
  'TANKS',
  'PIPES',
  'PUMPS',
  'VALVES',
  'DEMANDS',
  'EMITTERS',
  'STATUS',
  'PATTERNS',
  'CURVES',
  'CONTROLS',
  'RULES',
  'ENERGY',
  'TIMES',
  'OPTIONS',
];

/** Sections whose lines are kept as they are, empty ones apart. */
const asWritten = new Set<SectionName>(['TITLE', 'RULES']);

/** EPANET itself takes 1024. */
const LONGEST_LINE = 65_536;

/** Lines of a text that follow each other. */
interface Span {
  from: number;
  to: number;
  /** number of its first line */
  line: number;
}

/** Where the sections of a file lie, wherever and however often they occur. */
export class Sections {
  private readonly spans = new Map<SectionName, Span[]>();

  constructor(private readonly text: string) {}

  add(name: SectionName, span: Span): void {
    const spans = this.spans.get(name);
    if (spans) spans.push(span);
    else this.spans.set(name, [span]);
  }

  /** The rows of a section. They are cut when they are read: all rows of a large file at once do not fit. */
  *rows(name: SectionName): Generator<Row> {
    const keepEmpty = asWritten.has(name);
    for (const span of this.spans.get(name) ?? [])
      for (const [line, text] of linesOf(this.text, span)) {
        const row = rowOf(line, text);
        if (keepEmpty || row.words.length > 0 || text.includes(';')) yield row;
      }
  }

  /** The lines of a section, uncut. */
  *lines(name: SectionName): Generator<string> {
    for (const span of this.spans.get(name) ?? [])
      for (const [, text] of linesOf(this.text, span)) yield text;
  }

  /** The rows of a section that hold data, not comments. */
  *data(name: SectionName): Generator<Row> {
    for (const row of this.rows(name)) if (row.words.length > 0) yield row;
  }
}

/** Finds the sections of a file. Their names may be shortened to 4 letters. */
export function splitSections(text: string, issues: Issues): Sections {
  const sections = new Sections(text);
  let name: SectionName | undefined;
  let span: Span = { from: 0, to: 0, line: 1 };
  let begun = false;
  const end = (): void => {
    if (name && span.to > span.from) sections.add(name, span);
  };
  for (const [line, row, to] of linesOf(text, { from: 0, to: text.length, line: 1 })) {
    if (row.length > LONGEST_LINE) {
      issues.push({ line, cause: `the line has ${row.length} characters; the limit is ${LONGEST_LINE}` });
      end();
      span = { from: to, to, line: line + 1 };
      continue;
    }
    const start = row.trimStart();
    if (!start.startsWith('[')) {
      if (!begun && rowOf(line, row).words.length > 0) {
        issues.push({ line, cause: `"${start.split(/\s/)[0]}" stands before the first section` });
        begun = true;
      }
      span.to = to;
      continue;
    }
    end();
    begun = true;
    span = { from: to, to, line: line + 1 };
    const word = start.slice(1).split(']')[0]!.trim().toUpperCase();
    name = undefined;
    if (word === 'END') return sections;
    name = sectionNames.find((s) => word.length >= 4 && (s.startsWith(word) || word.startsWith(s)));
    if (!name) issues.push({ line, cause: `unknown section [${word}]` });
  }
  end();
  return sections;
}

/** Lines end with LF, CR LF or CR. Yields number, text, and where the next begins. */
function* linesOf(text: string, span: Span): Generator<[line: number, text: string, to: number]> {
  let { from, line } = span;
  while (from < span.to) {
    let end = from;
    while (end < span.to && text.charCodeAt(end) !== LF && text.charCodeAt(end) !== CR) end++;
    const to = text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
    yield [line, text.slice(from, end), Math.min(to, text.length)];
    from = to;
    line++;
  }
}

const LF = 10;
const CR = 13;

function rowOf(line: number, text: string): Row {
  const semicolon = text.indexOf(';');
  if (semicolon < 0) return { line, words: splitWords(text), comment: '', text };
  const comment = text.slice(semicolon + 1).trim();
  return { line, words: splitWords(text.slice(0, semicolon)), comment, text };
}
