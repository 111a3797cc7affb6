// `npm test`, also as the very first command in a fresh clone: installs, brings what the tests need from the
// system, checks the code, runs the tests. `npm test -- test/gis` runs only those.

import { join } from 'node:path';
import { prepare, root, run, say } from './prepare.mjs';
import { bringSystemPackages } from './system.mjs';

const only = process.argv.slice(2);
await prepare({ client: true });
bringSystemPackages();
const tool = (path, ...args) => run(process.execPath, [join(root, 'node_modules', path), ...args]);
if (only.length === 0) {
  say('Checking format, types, layers and dead code…');
  tool('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings');
  tool('typescript/bin/tsc', '--noEmit');
  tool(
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'twin',
    'gis',
    'sim',
    'plant',
    'edge',
    'server',
    'client',
    'bin',
    'test',
  );
  tool('knip/bin/knip.js', '--no-progress');
}
tool('vitest/vitest.mjs', 'run', ...only);
