// Node 20 gives a worker thread the flags of its process, but not the loader of TypeScript that they name.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
