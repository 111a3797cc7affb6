import { readFileSync } from 'node:fs';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { yamlValue } from '#twin/yamlValue.ts';
import { type Complaint, compileSource, meant, type Source } from './compile.ts';
import { KEYS, mappingFile } from './schema.ts';

/** Complaints shown at once: the first is mended first. */
const SHOWN = 10;

/**
 * Reads a mapping file, YAML or JSON. Throws an Error with a line per complaint: file, line, what is wrong and what may
 * have been meant.
 */
export function readMapping(path: string): Source[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`JSON_MAPPING is ${JSON.stringify(path)}: the file cannot be read`);
  }
  return parseMapping(path, text);
}

export function parseMapping(file: string, text: string): Source[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (complaints: readonly { line: number; what: string }[]): never => {
    throw new Error(
      complaints
        .slice(0, SHOWN)
        .map(({ line, what }) => `${file}:${line}: ${what}`)
        .join('\n'),
    );
  };
  if (document.errors.length > 0)
    refuse(document.errors.map(({ message, pos }) => ({ line: lines.linePos(pos[0]).line, what: message })));
  const located = (complaints: readonly Complaint[]) =>
    refuse(
      complaints.map(({ at, what }) => ({ line: lineOf(document, lines, at), what: `${named(at)}${what}` })),
    );
  const read = yamlValue(document);
  if (read.problem !== null) return refuse([{ line: 1, what: read.problem }]);
  const parsed = mappingFile.safeParse(read.value);
  if (!parsed.success) return located(parsed.error.issues.map(complaintOf));
  const complaints: Complaint[] = [];
  const sources = parsed.data.sources.map((entry, i) => compileSource(entry, ['sources', i], complaints));
  if (complaints.length > 0) return located(complaints);
  return sources.flatMap((source) => source ?? []);
}

function complaintOf(issue: z.core.$ZodIssue): Complaint {
  const at = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys as [string];
    return { at: [...at, key], what: `is not known${meant(key, KEYS)}` };
  }
  return { at, what: issue.message };
}

/** The line of the innermost part of the file that a path names and that is there. */
function lineOf(document: Document, lines: LineCounter, at: readonly (string | number)[]): number {
  for (let length = at.length; length > 0; length--) {
    const node = document.getIn(at.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** `sources[0].points[1].path: `; nothing for the file itself. */
const named = (at: readonly (string | number)[]): string => {
  const text = at.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return text === '' ? '' : `${text.slice(1)}: `;
};
