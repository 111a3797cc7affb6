import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { Issue } from '#sim/scenario/issue.ts';
import type { Answer, Ask, Job, Outcome } from './worker.ts';

/**
 * Runs scenarios on worker threads, one thread per core at most, each building the city once. With cores to spare each
 * looks for alarms in a thread of its own.
 */
export class Pool {
  private readonly workers = new Set<Worker>();
  /** started and asked nothing at present */
  private readonly idle: Worker[] = [];
  private cancelled = false;

  /** @param rules folder of the alarm rules */
  constructor(private readonly rules: string) {}

  /** What is wrong with each file, before any of them is run. @throws Error when the thread fails */
  async check(jobs: readonly Job[]): Promise<Issue[][]> {
    const worker = this.start();
    const answer = await converse(worker, { check: jobs }, () => {});
    if (!('checked' in answer)) throw new Error('failure' in answer ? answer.failure : 'no answer');
    this.idle.push(worker);
    return answer.checked;
  }

  /** Ends the threads that wait. */
  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((worker) => this.end(worker)));
  }

  /** Files must have been checked. @returns outcomes in the order of the jobs; runs that never began are left out when cancelled */
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
      let worker = this.idle.pop() ?? this.start();
      while (next < jobs.length && !this.cancelled) {
        const run = next++;
        const job = { ...jobs[run]!, apart };
        const outcome = (await converse(worker, job, (share) => onProgress(run, share))) as Outcome;
        outcomes[run] = outcome;
        onProgress(run, 1);
        // a thread that failed answers no more
        if ('failure' in outcome && next < jobs.length) {
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

type Final = Exclude<Answer, { progress: number }>;

function converse(worker: Worker, ask: Ask, onProgress: (share: number) => void): Promise<Final> {
  return new Promise((resolve) => {
    const end = (outcome: Final) => {
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
