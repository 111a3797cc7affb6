import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import type { FleetWindows } from '#twin/alarm/windows.ts';
import { startThread } from '../threads.ts';
import type { Asked, Setting, Stride } from './worker.ts';

/** A replay in a thread of its own. */
export interface ReplayThread {
  /** Plays the next stretch; what happened, by set of rules. Rejects when the thread fails or has ended. */
  play(stride: Stride): Promise<AlarmEvent[][]>;
  /** Plays it for the moving windows alone. */
  fill(stride: Stride): Promise<void>;
  /** Begins anew with another setting; what was played before is forgotten. */
  renew(setting: Setting): Promise<void>;
  /** What moving windows know after what was played, under the first set of rules. */
  windows(): Promise<FleetWindows[]>;
  /** Resolves when the thread is gone. */
  end(): Promise<unknown>;
}

/** @param cancelled ends the thread when it is aborted */
export function openReplay(setting: Setting, cancelled: AbortSignal): ReplayThread {
  const worker = startThread(new URL('./worker.ts', import.meta.url), setting);
  // from the start: a thread that ends while nobody plays says so once, and who plays later must hear of it
  const over = new Promise<never>((_, fail) => {
    worker.once('error', fail).once('exit', () => fail(new Error('the thread of the replay ended')));
  });
  over.catch(() => undefined);
  const end = () => {
    cancelled.removeEventListener('abort', end);
    return worker.terminate();
  };
  cancelled.addEventListener('abort', end);
  if (cancelled.aborted) end();
  const ask = <Answer>(asked: Asked) => {
    const answer = new Promise<Answer>((done) => worker.once('message', done));
    worker.postMessage(asked);
    return Promise.race([over, answer]);
  };
  return {
    end,
    play: (stride) => ask({ play: stride }),
    fill: (stride) => ask({ fill: stride }),
    renew: (setting) => ask({ renew: setting }),
    windows: () => ask('windows'),
  };
}
