import type { InpIssue } from './issues.ts';

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

/** Sections whose lines are kept as they are, empty ones apart. */
const asWritten = new Set<SectionName>(['TITLE', 'RULES']);

/** Cuts a file into sections, wherever and however often they occur. Section names may be shortened to 4 letters. */
export function splitSections(text: string, issues: InpIssue[]): Map<SectionName, Row[]> {
  const sections = new Map<SectionName, Row[]>();
  let current: Row[] | undefined;
  let keepEmpty = false;
  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const start = line.trimStart();
    if (start.startsWith('[')) {
      const word = start.slice(1).split(']')[0]!.trim().toUpperCase();
      if (word === 'END') break;
      const name = sectionNames.find((s) => word.length >= 4 && (s.startsWith(word) || word.startsWith(s)));
      if (!name) {
        issues.push({ line: i + 1, cause: `unknown section [${word}]` });
        current = [];
        continue;
      }
      keepEmpty = asWritten.has(name);
      current = sections.get(name) ?? [];
      sections.set(name, current);
      continue;
    }
    const semicolon = line.indexOf(';');
    const data = semicolon < 0 ? line : line.slice(0, semicolon);
    const comment = semicolon < 0 ? '' : line.slice(semicolon + 1).trim();
    const words = splitWords(data);
    if (words.length === 0 && !keepEmpty && comment === '') continue;
    if (current) current.push({ line: i + 1, words, comment, text: line });
    else if (words.length > 0) {
      issues.push({ line: i + 1, cause: `"${words[0]}" stands before the first section` });
      current = [];
    }
  }
  return sections;
}

/** Words are parted by blanks and tabs; double quotes hold blanks together. */
export function splitWords(data: string): string[] {
  if (!data.includes('"')) {
    const trimmed = data.trim();
    return trimmed === '' ? [] : trimmed.split(/[ \t]+/);
  }
  return [...data.matchAll(/"([^"]*)"|[^\s"]+/g)].map((match) => match[1] ?? match[0]);
}
