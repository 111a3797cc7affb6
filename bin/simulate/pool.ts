import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { Answer, Ask, Job } from './worker.ts';

/** How a run came out: a report, or what is wrong. */
export type Outcome = Exclude<Answer, { progress: number }>;

/**
 * Runs scenarios on worker threads, one thread per core at most, each building the city once. With cores to spare each
 * looks for alarms in a thread of its own.
 */
export class Pool {
  private readonly workers = new Set<Worker>();
  private cancelled = false;

  /** @param rules folder of the alarm rules */
  constructor(private readonly rules: string) {}

  /** @returns outcomes in the order of the jobs; runs that never began are left out when cancelled */
  async run(
    jobs: readonly Job[],
    onProgress: (run: number, share: number) => void,
  ): Promise<(Outcome | undefined)[]> {
    const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
    const cores = availableParallelism();
    const threads = Math.min(jobs.length, cores);
    const apart = 2 * threads <= cores;
    let next = 0;
    const serve = async () => {
      let worker = this.start();
      while (next < jobs.length && !this.cancelled) {
        const run = next++;
        outcomes[run] = await converse(worker, { ...jobs[run]!, apart }, (share) => onProgress(run, share));
        onProgress(run, 1);
        // a thread that failed answers no more
        if ('failure' in outcomes[run]! && next < jobs.length) {
          await this.end(worker);
          worker = this.start();
        }
      }
      await this.end(worker);
    };
    await Promise.all(Array.from({ length: threads }, serve));
    return outcomes;
  }

  private start(): Worker {
    const worker = startThread(new URL('./worker.ts', import.meta.url), this.rules);
    this.workers.add(worker);
    return worker;
  }

  private async end(worker: Worker): Promise<void> {
    this.workers.delete(worker);
    await worker.terminate();
  }

  /** Lets every run come to an end where it is. */
  cancel(): void {
    this.cancelled = true;
    for (const worker of this.workers) worker.postMessage('cancel' satisfies Ask);
  }
}

function converse(worker: Worker, ask: Ask, onProgress: (share: number) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome) => {
      worker.off('message', hear);
      worker.off('error', fail);
      worker.off('exit', gone);
      resolve(outcome);
    };
    const hear = (answer: Answer) => {
      if ('progress' in answer) onProgress(answer.progress);
      else end(answer);
    };
    const fail = (error: Error) => end({ failure: error.message });
    const gone = (code: number) => end({ failure: `the thread ended with ${code}` });
    worker.on('message', hear);
    worker.on('error', fail);
    worker.on('exit', gone);
    worker.postMessage(ask);
  });
}
