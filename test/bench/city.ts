import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { Measured, Task } from './city/worker.ts';

/**
 * Speed of the whole demo city, mains and 2,100 rooms, on a weekday morning; the error of the two rates against
 * everything at one second; water lost; and what a second run beside the first costs, beside what it costs a loop of
 * pure arithmetic, which is the machine's own share. CPU time is given beside wall time, since a busy machine lends
 * only a part of its cores.
 *
 * `npm run -s bench -- city [--json] [--seconds 300] [--fine-seconds 180]`; a whole day is `--seconds 86400`
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    seconds: { type: 'string', default: '300' },
    'fine-seconds': { type: 'string', default: '180' },
  },
});
const seconds = Number(values.seconds);
const city: Task = { seconds, fineSeconds: 0, arithmetic: false };
const machine: Task = { ...city, arithmetic: true };
const first = open();
const { error } = await first.ask({ ...city, seconds: 0, fineSeconds: Number(values['fine-seconds']) });
const single = await first.ask(city);
await first.ask(machine);
const bare = await first.ask(machine);
const { rss } = process.memoryUsage();
const second = open();
await second.ask({ ...city, seconds: 60 });
await second.ask(machine);
const twice = (task: Task) => Promise.all([first, second].map((worker) => worker.ask(task)));
const slowest = (runs: Measured[]) => Math.max(...runs.map(({ wall }) => wall));
const bareBoth = await twice(machine);
const both = await twice(city);
await Promise.all([first.end(), second.end()]);
process.stdout.write(
  `${JSON.stringify(
    {
      simulatedSecondsPerSecond: round(seconds / single.wall),
      simulatedSecondsPerCpuSecond: round(seconds / single.cpu),
      rssMB: Math.round(rss / 1e6),
      rooms: single.rooms,
      solves: single.solves,
      massError: round(single.massError),
      twoRateError: error,
      twoWorkersRatio: round(slowest(both) / single.wall),
      twoWorkersRatioOfArithmetic: round(slowest(bareBoth) / bare.wall),
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
