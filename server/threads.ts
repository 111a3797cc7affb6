import { setPriority } from 'node:os';
import { Worker, workerData } from 'node:worker_threads';

/** Starts a TypeScript file as a worker thread; it finds `data` as `threadData`. */
export function startThread(program: URL, data?: unknown): Worker {
  return new Worker(new URL('./thread.mjs', import.meta.url), {
    execArgv: [],
    workerData: { program: program.href, data },
  });
}

/** What `startThread` was given, inside the thread. */
export const threadData: unknown = (workerData as { data?: unknown } | null)?.data;

const NICENESS = 5;

/**
 * Where cores are short, live work gets three times as much of them as this thread. Linux alone gives threads a
 * priority of their own: elsewhere it would be the whole server's.
 */
export function giveWayToLiveWork(): void {
  if (process.platform === 'linux') setPriority(NICENESS);
}
