// Node 20 gives a worker thread the flags of its process, but not the loader of TypeScript that they name.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.program);
