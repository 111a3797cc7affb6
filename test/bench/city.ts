import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { Measured, Task } from './city/worker.ts';

/**
 * Speed of the whole demo city, mains and 2,100 rooms, on a weekday morning; the error of the two rates against
 * everything at one second; and what a second run beside the first costs. Threads' own CPU time is given beside
 * wall time, since a busy machine lends only a part of its cores.
 *
 * `npm run -s bench -- city [--json] [--seconds 600]`
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, seconds: { type: 'string', default: '600' } },
});
const seconds = Number(values.seconds);
const first = open();
const alone = await first.ask({ seconds, fine: true });
const single = await first.ask({ seconds, fine: false });
const { rss } = process.memoryUsage();
const second = open();
await second.ask({ seconds: 0, fine: false });
const both = await Promise.all([first, second].map((worker) => worker.ask({ seconds, fine: false })));
await Promise.all([first.end(), second.end()]);
const slower = Math.max(...both.map(({ wall }) => wall)) / single.wall;
process.stdout.write(
  `${JSON.stringify(
    {
      simulatedSecondsPerSecond: round(seconds / single.wall),
      simulatedSecondsPerCpuSecond: round(seconds / single.cpu),
      rssMB: Math.round(rss / 1e6),
      rooms: single.rooms,
      solves: single.solves,
      twoRateError: alone.error,
      twoWorkersRatio: round(slower),
      hash: single.hash,
      hashesAgree: both.every(({ hash }) => hash === single.hash),
    },
    undefined,
    2,
  )}\n`,
);

function open(): { ask: (task: Task) => Promise<Measured>; end: () => Promise<unknown> } {
  const worker: Worker = startThread(new URL('./city/worker.ts', import.meta.url));
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.postMessage(task);
      }),
    end: () => worker.terminate(),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
