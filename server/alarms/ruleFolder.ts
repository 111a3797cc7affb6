import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRules, type Rule } from '#twin/rules/load.ts';

/** The library that ships with the product. */
export const RULES = fileURLToPath(new URL('../../rules', import.meta.url));

/** All rules of a folder's .yaml files. @throws RuleError; Error when the folder cannot be read or holds none */
export function rulesIn(folder: string): Rule[] {
  const files = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (files.length === 0) throw new Error(`${folder} holds no rule files (.yaml)`);
  return loadRules(files.map((file) => ({ file, yaml: readFileSync(join(folder, file), 'utf8') })));
}
