import { Worker, workerData } from 'node:worker_threads';

/** Node 20 gives a worker thread the flags of its process, but not the loader of TypeScript that they name. */
const ENTRY = `
  const { loader, program } = require('node:worker_threads').workerData;
  import(loader).then(({ register }) => {
    register();
    return import(program);
  });
`;

/** Starts a TypeScript file as a worker thread; it finds `data` as `threadData`. */
export function startThread(program: URL, data: unknown): Worker {
  const loader = import.meta.resolve('tsx/esm/api');
  return new Worker(ENTRY, { eval: true, execArgv: [], workerData: { loader, program: program.href, data } });
}

/** What `startThread` was given, inside the thread. */
export const threadData: unknown = (workerData as { data?: unknown } | null)?.data;
