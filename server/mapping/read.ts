import { readFileSync } from 'node:fs';
import { readYaml } from '#twin/yaml/located.ts';
import { misfitsOf } from '#twin/yaml/wrongShape.ts';
import { type Complaint, compileSource, type Source } from './compile.ts';
import { mappingFile } from './schema.ts';

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
  const { value, problems, placeOf } = readYaml(text);
  const refuse = (complaints: readonly { line: number; what: string }[]): never => {
    throw new Error(
      complaints
        .slice(0, SHOWN)
        .map(({ line, what }) => `${file}:${line}: ${what}`)
        .join('\n'),
    );
  };
  if (problems.length > 0)
    return refuse(problems.map(({ at, message }) => ({ line: at.line, what: message })));
  const located = (complaints: readonly Complaint[]) =>
    refuse(complaints.map(({ at, what }) => ({ line: placeOf(at).line, what: `${named(at)}${what}` })));
  const parsed = mappingFile.safeParse(value);
  if (!parsed.success)
    return located(
      misfitsOf(parsed.error, mappingFile).map(({ path, message }) => ({ at: path, what: message })),
    );
  const complaints: Complaint[] = [];
  const sources = parsed.data.sources.map((entry, i) => compileSource(entry, ['sources', i], complaints));
  if (complaints.length > 0) return located(complaints);
  return sources.flatMap((source) => source ?? []);
}

/** `sources[0].points[1].path: `; nothing for the file itself. */
const named = (at: readonly (string | number)[]): string => {
  const text = at.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return text === '' ? '' : `${text.slice(1)}: `;
};
