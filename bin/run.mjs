// Runs a TypeScript command of bin/ by its name, installing first where that has not happened.
import { prepare } from './prepare.mjs';

const [name, ...args] = process.argv.slice(2);
await prepare({ client: name === 'bench' });
process.argv = [process.argv[0], `bin/${name}.ts`, ...args];
const { register } = await import('tsx/esm/api');
register();
await import(`./${name}.ts`);
