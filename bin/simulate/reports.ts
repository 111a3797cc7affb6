import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunReport } from '#sim/scenario/run.ts';
import { reportPage } from './page.ts';

/** Writes a report as `NAME.json` and `NAME.html`. */
export function writeReport(folder: string, name: string, report: RunReport): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(join(folder, `${name}.html`), reportPage(report));
}

/**
 * A name for the report of each file: its own, with as many of its folders before it as tell it from the others, and
 * a number where nothing does.
 */
export function reportNames(files: readonly string[]): string[] {
  const parts = files.map((file) => {
    const folders = dirname(file)
      .split(/[\\/]/)
      .filter((part) => part !== '' && part !== '.' && part !== '..');
    return [...folders, basename(file).replace(/\.ya?ml$/, '')];
  });
  const named = (i: number, depth: number) => parts[i]!.slice(-depth).join('-');
  const names = files.map((_, i) => {
    for (let depth = 1; depth <= parts[i]!.length; depth++) {
      const name = named(i, depth);
      if (files.every((_, k) => k === i || named(k, depth) !== name)) return name;
    }
    return named(i, parts[i]!.length);
  });
  const used = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let k = 2; used.has(free); k++) free = `${name}-${k}`;
    used.add(free);
    return free;
  });
}
