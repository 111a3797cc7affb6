import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { RuleFile } from '#twin/rules/load.ts';
import type { RuleBook } from './ruleBook.ts';
import { libraryIn, OVERRIDES, type RuleLibrary } from './ruleFolder.ts';

/** The folder of the library: read at the start, and again when its files have changed. */
export class RuleWatch {
  readonly library: RuleLibrary;
  private readonly folder: string;
  private seen: string;

  /** @throws RuleError; Error when the folder cannot be read or holds none */
  constructor(folder: string) {
    this.folder = folder;
    // before reading: what changes meanwhile is read again
    this.seen = stateOf(folder);
    this.library = libraryIn(folder);
  }

  /** The library when its files are others than at the last look, else null. @throws as the constructor, once */
  changed(): RuleLibrary | null {
    const state = stateOf(this.folder);
    if (state === this.seen) return null;
    this.seen = state;
    return libraryIn(this.folder);
  }

  /** What a file of overrides holds; null when there is none. */
  overridesFile(file: string): string | null {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }

  /** The library as it would be with these files of overrides. @throws RuleError */
  tried(files: readonly RuleFile[]): RuleLibrary {
    return libraryIn(this.folder, files);
  }

  /** Writes a file of overrides, wholly or not at all. @throws Error of the file system */
  write({ file, yaml }: RuleFile): void {
    const path = join(this.folder, file);
    const aside = `${path}.tmp`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(aside, yaml, { flush: true });
    renameSync(aside, path);
    this.seen = stateOf(this.folder);
  }

  /** A file of overrides is again what it was, gone when there was none. @throws Error of the file system */
  putBack({ file, yaml }: { file: string; yaml: string | null }): void {
    if (yaml !== null) return this.write({ file, yaml });
    rmSync(join(this.folder, file), { force: true });
    this.seen = stateOf(this.folder);
  }
}

/** Puts a changed library in force; one with a mistake is refused, and the rules in force go on. */
export async function followFolder(
  watch: RuleWatch,
  book: RuleBook,
  note: (note: string) => void,
): Promise<void> {
  try {
    const library = watch.changed();
    if (!library) return;
    await book.renew(library);
    note(`the rule files have changed: ${book.rules.length} rules in force`);
  } catch (error) {
    note(`the changed rule files are refused, the rules in force go on:\n${(error as Error).message}`);
  }
}

/** Names, times and sizes: notifications of file systems do not come through every mount, this does. */
function stateOf(folder: string): string {
  const overrides = join(folder, OVERRIDES);
  try {
    return [folder, ...(existsSync(overrides) ? [overrides] : [])].map(stateOfFiles).join('\n\n');
  } catch (error) {
    return (error as Error).message;
  }
}

const stateOfFiles = (folder: string): string =>
  readdirSync(folder)
    .sort()
    .map((name) => {
      const { mtimeMs, size } = statSync(join(folder, name));
      return `${name} ${mtimeMs} ${size}`;
    })
    .join('\n');
