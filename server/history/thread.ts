import type { Worker } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import type { Answer, Request, Task } from './worker.ts';

/** The task itself failed; asked again it would fail again. */
export class TaskError extends Error {
  override name = 'TaskError';
}

interface Waiting {
  done: (answer: never) => void;
  fail: (error: Error) => void;
}

/** The thread that packs and unpacks chunks, so that neither holds up what arrives. It starts again when it ends. */
export class Thread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;

  /** Rejects when the task throws or the thread ends. */
  ask<T extends Task>(task: T, request: Request<T>): Promise<Answer<T>> {
    if (this.closed) return Promise.reject(new Error('history is closed'));
    this.worker ??= this.start();
    const id = this.next++;
    this.worker.postMessage({ id, task, request });
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.worker?.terminate();
  }

  private start(): Worker {
    const worker = startThread(new URL('./worker.ts', import.meta.url));
    worker.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
      const asker = this.waiting.get(id);
      this.waiting.delete(id);
      if (error === undefined) asker?.done(answer);
      else asker?.fail(new TaskError(error));
    });
    let reason = new Error('the thread of the history ended');
    worker.on('error', (error) => {
      reason = error instanceof Error ? error : new Error(String(error));
    });
    worker.on('exit', () => {
      if (this.worker === worker) this.worker = undefined;
      for (const asker of this.waiting.values()) asker.fail(reason);
      this.waiting.clear();
    });
    return worker;
  }
}
