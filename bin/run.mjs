// Runs a TypeScript command of bin/, a bench or a verification by its name, installing first where that has not happened.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fail, prepare, root } from './prepare.mjs';

/** Commands that stand for all files of a folder. */
const NAMED = {
  bench: { folder: 'test/bench', question: 'Which bench?' },
  verify: { folder: 'test/verify', question: 'Verify what?' },
};
/** The bench that starts the product as people do: what is built by then is not measured. */
const SERVES_CLIENT = 'ingest';

const [command, ...args] = process.argv.slice(2);
const named = NAMED[command];
// who mistypes a name need not wait for anything
if (named) checkName(named);
const file = named ? `${named.folder}/${args[0]}.ts` : `bin/${command}.ts`;
await prepare({ client: command === 'bench' && args[0] === SERVES_CLIENT });
process.argv = [process.argv[0], named ? `bin/${command}` : file, ...args];
const { register } = await import('tsx/esm/api');
register();
await import(`../${file}`);

function checkName({ folder, question }) {
  const known = readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3));
  if (known.includes(args[0])) return;
  const unknown = args[0] === undefined || args[0].startsWith('-') ? '' : `there is no ${args[0]}. `;
  fail(`${unknown}${question} ${known.join(', ')}`);
}
