import { readdirSync } from 'node:fs';

/** `npm run -s bench -- NAME [--json] …`: one of test/bench. */
const folder = new URL('../test/bench/', import.meta.url);
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const name = process.argv[2];
if (name && known.includes(name)) await import(new URL(`${name}.ts`, folder).href);
else {
  process.stderr.write(`Which bench? ${known.join(', ')}\n`);
  process.exitCode = 1;
}
