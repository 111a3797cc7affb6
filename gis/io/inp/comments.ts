import type { RowComments } from '#gis/network/model.ts';
import { splitWords } from '#gis/network/words.ts';
import { type SectionName, type Sections, wordSections } from './rows.ts';
import type { Section } from './write-text.ts';

/**
 * Sections whose comment lines are attached to the row that follows. Those of a title, and of sections that are kept line
 * by line, stay where they stand.
 */
const ATTACHED: readonly SectionName[] = [...wordSections, 'COORDINATES', 'VERTICES'];

/** Sections whose rows hold nothing in the model that a comment beside them could be: it becomes a line before its row. */
const UNDESCRIBED: ReadonlySet<string> = new Set<SectionName>([
  'EMITTERS',
  'STATUS',
  'PATTERNS',
  'CURVES',
  'CONTROLS',
  'ENERGY',
  'TIMES',
  'OPTIONS',
  'COORDINATES',
  'VERTICES',
]);

/** Sections whose rows are named by all their words but the last, whatever the case; others by their first word. */
const KEYED: ReadonlySet<string> = new Set<SectionName>(['ENERGY', 'TIMES', 'OPTIONS']);

/** What a curve is, said before it: the writer says it anew. */
const ANNOUNCED = /^;\s*(PUMP|EFFICIENCY|HEADLOSS|VOLUME|VALVE):/i;

/** Comment lines of a file by the rows that they stand before. */
export function readComments(sections: Sections): RowComments[] {
  return ATTACHED.flatMap((name) => commentsIn(name, sections));
}

function commentsIn(section: SectionName, sections: Sections): RowComments[] {
  const found: RowComments[] = [];
  const rows: number[] = [];
  let lines: string[] = [];
  let row = -1;
  for (const text of sections.lines(section)) {
    const semicolon = text.indexOf(';');
    const data = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
    const comment = semicolon < 0 ? '' : text.slice(semicolon).trim();
    if (data === '') {
      if (comment !== '' && !(section === 'CURVES' && onlyAnnounces(comment))) lines.push(comment);
      continue;
    }
    row++;
    if (UNDESCRIBED.has(section) && comment.length > 1 && !ANNOUNCED.test(comment)) lines.push(comment);
    if (lines.length === 0) continue;
    found.push({ section, before: nameOf(section, data), nth: 0, lines });
    rows.push(row);
    lines = [];
  }
  if (found.length > 0) number(found, rows, section, sections);
  if (lines.length > 0) found.push({ section, lines });
  return found;
}

/** Of rows of one name, which one a comment stands before. Only names with comments are counted: files are large. */
function number(
  found: RowComments[],
  rows: readonly number[],
  section: SectionName,
  sections: Sections,
): void {
  const seen = new Map(found.map(({ before }) => [before!, 0]));
  let row = -1;
  let next = 0;
  for (const text of sections.lines(section)) {
    const data = text.split(';', 1)[0]!.trim();
    if (data === '') continue;
    row++;
    const name = nameOf(section, data);
    const count = seen.get(name);
    if (count === undefined) continue;
    seen.set(name, count + 1);
    if (rows[next] === row) found[next++]!.nth = count;
  }
}

/** The rows of a section with the comment lines that belong to it; those of a row that is not there any more come last. */
export function withComments({ name, rows }: Section, comments: readonly RowComments[]): Section {
  if (comments.length === 0) return { name, rows };
  const place = (before: string, nth: number) => `${nth} ${before}`;
  const names = new Set(comments.map(({ before }) => before));
  const waiting = new Map(comments.map((one) => [place(one.before ?? '', one.nth ?? 0), one.lines]));
  const seen = new Map<string, number>();
  const written: Section['rows'] = [];
  let announcements: Section['rows'] = [];
  for (const row of rows) {
    if (String(row[0] ?? '').startsWith(';')) {
      announcements.push(row);
      continue;
    }
    const rowName = nameOf(name, row.filter((cell) => cell !== '').join('\t'));
    if (rowName !== '' && names.has(rowName)) {
      const nth = seen.get(rowName) ?? 0;
      seen.set(rowName, nth + 1);
      const lines = waiting.get(place(rowName, nth)) ?? [];
      waiting.delete(place(rowName, nth));
      for (const line of lines) written.push(lineOf(line));
      announcements = announcements.filter(([text]) => !lines.some((line) => line.startsWith(String(text))));
    }
    written.push(...announcements, row);
    announcements = [];
  }
  const left = [...waiting.values()].flat();
  return { name, rows: [...written, ...announcements, ...left.map(lineOf)] };
}

/** One line, and a comment, whatever it holds. */
function lineOf(text: string): string[] {
  const line = text.replace(/[\r\n]+/g, ' ');
  return [line.startsWith(';') ? line : `;${line}`];
}

/** What a row is about, so that it is found again wherever the writer puts it. */
function nameOf(section: string, data: string): string {
  const words = splitWords(data.split(';', 1)[0]!);
  return KEYED.has(section) ? words.slice(0, -1).join(' ').toUpperCase() : (words[0] ?? '');
}

const onlyAnnounces = (comment: string) => ANNOUNCED.exec(comment)?.[0] === comment;
