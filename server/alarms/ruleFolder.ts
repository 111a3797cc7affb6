import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRules, type ReadRule, type Rule, type RuleFile, readRules } from '#twin/rules/load.ts';
import { sourcesOf } from '#twin/rules/source.ts';

/** The library that ships with the product. */
export const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** Rules that edits are laid over. */
export interface RuleLibrary {
  readonly read: readonly ReadRule[];
  /** the text of each rule by its id */
  readonly sources: ReadonlyMap<string, string>;
}

/** All rules of a folder's .yaml files. @throws RuleError; Error when the folder cannot be read or holds none */
export const rulesIn = (folder: string): Rule[] => loadRules(filesIn(folder));

/** The same with the text of each rule. @throws as rulesIn */
export function libraryIn(folder: string): RuleLibrary {
  const files = filesIn(folder);
  loadRules(files);
  return {
    read: files.flatMap((file) => readRules(file).rules),
    sources: new Map(files.flatMap(({ yaml }) => [...sourcesOf(yaml)])),
  };
}

function filesIn(folder: string): RuleFile[] {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (files.length === 0) throw new Error(`${folder} holds no rule files (.yaml)`);
  return files.map((file) => ({ file, yaml: readFileSync(join(folder, file), 'utf8') }));
}
