import { once } from 'node:events';
import { startThread } from '#server/threads.ts';

/** What the thread is asked: to solve once from the start, or to live from there until `until` s. */
export type EpanetAsk = { solve: true } | { until: number };

export interface EpanetAnswer {
  /** CPU time */
  ms: number;
  /** of its last solve */
  iterations: number;
}

/** EPANET in a thread of its own, with a network opened. */
export interface EpanetThread {
  solve(): Promise<EpanetAnswer>;
  live(until: number): Promise<EpanetAnswer>;
  close(): Promise<unknown>;
}

/** @param inp text of an EPANET file. Rejects when EPANET cannot open it. */
export async function epanetThread(inp: string): Promise<EpanetThread> {
  const worker = startThread(new URL('./epanetWorker.ts', import.meta.url), inp);
  const answer = async (): Promise<EpanetAnswer> => (await once(worker, 'message'))[0];
  const ask = (question: EpanetAsk) => {
    worker.postMessage(question);
    return answer();
  };
  await answer();
  return {
    solve: () => ask({ solve: true }),
    live: (until) => ask({ until }),
    close: () => worker.terminate(),
  };
}
