import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { startThread } from '../threads.ts';
import type { Setting, Stride } from './worker.ts';

/** A replay in a thread of its own. */
export interface ReplayThread {
  /** Plays the next stretch; what happened, by set of rules. Rejects when the thread fails or is ended. */
  play(stride: Stride): Promise<AlarmEvent[][]>;
  end(): void;
}

/** @param cancelled ends the thread when it is aborted */
export function openReplay(setting: Setting, cancelled: AbortSignal): ReplayThread {
  const worker = startThread(new URL('./worker.ts', import.meta.url), setting);
  const end = () => {
    cancelled.removeEventListener('abort', end);
    worker.terminate();
  };
  cancelled.addEventListener('abort', end);
  return {
    end,
    play: (stride) =>
      new Promise((done, fail) => {
        const ended = () => fail(new Error('the thread of the replay ended'));
        worker.once('message', (logs: AlarmEvent[][]) => {
          worker.off('error', fail).off('exit', ended);
          done(logs);
        });
        worker.once('error', fail).once('exit', ended);
        worker.postMessage(stride);
      }),
  };
}
