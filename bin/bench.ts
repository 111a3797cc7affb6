import { runNamed } from './named.ts';

/** `npm run -s bench -- NAME [--json] …`: one of test/bench. */
await runNamed(new URL('../test/bench/', import.meta.url), 'Which bench?');
