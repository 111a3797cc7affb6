import { runNamed } from './named.ts';

/** `npm run -s verify -- NAME …`: one of test/verify, which take longer than tests may. */
await runNamed(new URL('../test/verify/', import.meta.url), 'Verify what?');
