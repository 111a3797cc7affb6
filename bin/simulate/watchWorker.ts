import { parentPort } from 'node:worker_threads';
import { rulesIn } from '#server/alarms/ruleFolder.ts';
import { threadData } from '#server/threads.ts';
import { watchOf } from '#sim/scenario/watch.ts';
import type { WatchAsk, WatchOrder } from './watchThread.ts';

const { rules, watched, taken } = threadData as WatchOrder;
const port = parentPort!;
const counter = new Int32Array(taken);
/** More looks than are ever given: who gives them must not wait for a thread that failed. */
const ALL = 2 ** 31 - 1;

const watch = orLetGo(() => watchOf(rulesIn(rules), watched));

port.on('message', (ask: WatchAsk) => {
  if (ask === 'log') return port.postMessage(watch.log);
  orLetGo(() => watch.look(ask.at, ask.readings));
  Atomics.add(counter, 0, 1);
  Atomics.notify(counter, 0);
});

function orLetGo<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    Atomics.store(counter, 0, ALL);
    Atomics.notify(counter, 0);
    throw error;
  }
}
