import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  loadRules,
  type ReadRule,
  type Rule,
  RuleError,
  type RuleFile,
  type RuleIssue,
  readRules,
} from '#twin/rules/load.ts';
import { overrideThresholds, type ReadOverride, readOverrides } from '#twin/rules/overrides.ts';
import { sourcesOf } from '#twin/rules/source.ts';

/** The library that ships with the product. */
export const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** Rules that edits are laid over. */
export interface RuleLibrary {
  readonly read: readonly ReadRule[];
  /** the text of each rule by its id */
  readonly sources: ReadonlyMap<string, string>;
  /** what stations have instead of its thresholds */
  readonly overrides: readonly ReadOverride[];
}

/** Where in it stands what stations have instead of its thresholds. */
export const OVERRIDES = 'overrides';

/**
 * All rules of a folder's .yaml files under the thresholds that stations have instead; which stations there are nobody
 * asks here. An override that does not fit may be of a rule that was added on the page, which no file has.
 * @param note is told each override that is left out because it does not fit, by file and line
 * @throws RuleError when a file cannot be read as what it is; Error when the folder cannot be read or holds none
 */
export function rulesIn(folder: string, note: (note: string) => void = () => undefined): Rule[] {
  const { rules, misfits } = overrideThresholds(loadRules(filesIn(folder)), overridesIn(folder), null);
  for (const issues of misfits.values()) note(leftOut(issues));
  return [...rules];
}

/** How it is said that an override does not fit. */
export const leftOut = (issues: readonly RuleIssue[]): string =>
  `an override is not in force: ${issues
    .map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`)
    .join('; ')}`;

/**
 * The same with the text of each rule; whether its overrides fit shows when edits are laid over it.
 * @param tried files of overrides as they would be, which are not written yet
 * @throws as rulesIn
 */
export function libraryIn(folder: string, tried: readonly RuleFile[] = []): RuleLibrary {
  const files = filesIn(folder);
  loadRules(files);
  return {
    read: files.flatMap((file) => readRules(file).rules),
    sources: new Map(files.flatMap(({ yaml }) => [...sourcesOf(yaml)])),
    overrides: overridesIn(folder, tried),
  };
}

function filesIn(folder: string): RuleFile[] {
  const files = yamlIn(folder);
  if (files.length === 0) throw new Error(`${folder} holds no rule files (.yaml)`);
  return files;
}

/** @throws RuleError with everything that cannot be read */
function overridesIn(folder: string, tried: readonly RuleFile[] = []): ReadOverride[] {
  const within = join(folder, OVERRIDES);
  const written = existsSync(within)
    ? yamlIn(within).map(({ file, yaml }) => ({ file: `${OVERRIDES}/${file}`, yaml }))
    : [];
  const others = written.filter(({ file }) => !tried.some((one) => one.file === file));
  const files = [...others, ...tried];
  const read = files.sort((a, b) => (a.file < b.file ? -1 : 1)).map(readOverrides);
  const issues = read.flatMap((one) => one.issues);
  if (issues.length > 0) throw new RuleError(issues);
  return read.flatMap(({ overrides }) => overrides);
}

const yamlIn = (folder: string): RuleFile[] =>
  readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((file) => ({ file, yaml: readFileSync(join(folder, file), 'utf8') }));
