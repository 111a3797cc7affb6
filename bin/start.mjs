#!/usr/bin/env node
// `npm start`, also as the very first command in a fresh clone: installs, builds what is stale, then starts.
import { prepare } from './prepare.mjs';

await prepare({ client: true });
const { register } = await import('tsx/esm/api');
register();
await import('./start.ts');
