import { readdirSync } from 'node:fs';

/** `npm run verify -- NAME …`: one of test/verify, which take longer than tests may. */
const folder = new URL('../test/verify/', import.meta.url);
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const name = process.argv[2];
if (name && known.includes(name)) await import(new URL(`${name}.ts`, folder).href);
else {
  process.stderr.write(`Verify what? ${known.join(', ')}\n`);
  process.exitCode = 1;
}
