import { readdirSync } from 'node:fs';

/** Runs the file of a folder that the first argument names, or says which there are. */
export async function runNamed(folder: URL, question: string): Promise<void> {
  const known = readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -3));
  const name = process.argv[2];
  if (name && known.includes(name)) {
    await import(new URL(`${name}.ts`, folder).href);
    return;
  }
  process.stderr.write(`${question} ${known.join(', ')}\n`);
  process.exitCode = 1;
}
