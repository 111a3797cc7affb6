import { once } from 'node:events';
import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import { median, round } from '#test/support/figures.ts';
import type { Measured, Task } from './city/worker.ts';

/** Runs of one worker, and of both at once, in turns. */
interface Alternated {
  alone: Measured[];
  together: Measured[][];
}

/**
 * Speed of the whole demo city, mains and 2,100 rooms, on a weekday morning; the error of the two rates against
 * everything at one second; water lost; CPU time of a look for alarms, by its parts; and what a second run beside the first costs, beside what it costs a loop of
 * pure arithmetic, which is the machine's own share. CPU time is given beside wall time, since a busy machine lends
 * only a part of its cores.
 *
 * `npm run -s bench -- city [--json] [--seconds 300] [--runs 5] [--fine-seconds 180] [--looks 150]`; a whole day is
 * `--seconds 86400 --runs 1`. Times are medians of the runs, those of one and of two workers in turns.
 */
const { values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    seconds: { type: 'string', default: '300' },
    runs: { type: 'string', default: '5' },
    'fine-seconds': { type: 'string', default: '180' },
    looks: { type: 'string', default: '150' },
  },
});
const seconds = Number(values.seconds);
const city: Task = { seconds, fineSeconds: 0, looks: 0, arithmetic: false };
const arithmetic: Task = { ...city, arithmetic: true };
const first = open();
const short: Task = { ...city, seconds: 60 };
await first.ask(short);
const { rss } = process.memoryUsage();
const second = open();
// both compilers warm up: the loop of arithmetic takes another time from its third call on
await second.ask(short);
for (let i = 0; i < 3; i++) await both(arithmetic);
const machine = await alternate(arithmetic);
const measured = await alternate(city);
// last: single seconds take other ways through the same functions, which are compiled for both from then on
const { error } = await first.ask({ ...city, seconds: 0, fineSeconds: Number(values['fine-seconds']) });
const { lookMs } = await second.ask({ ...city, seconds: 0, looks: Number(values.looks) });
await Promise.all([first.end(), second.end()]);
const single = measured.alone.at(-1)!;
const hashes = [...measured.alone, ...measured.together.flat()].map(({ hash }) => hash);
process.stdout.write(
  `${JSON.stringify(
    {
      simulatedSecondsPerSecond: round(seconds / median(measured.alone.map(({ wall }) => wall))),
      simulatedSecondsPerCpuSecond: round(seconds / median(measured.alone.map(({ cpu }) => cpu))),
      rssMB: Math.round(rss / 1e6),
      rooms: single.rooms,
      solves: single.solves,
      massError: round(single.massError),
      twoRateError: error,
      lookMs,
      twoWorkersRatio: ratio(measured),
      twoWorkersRatioOfArithmetic: ratio(machine),
      hash: single.hash,
      hashesAgree: hashes.every((hash) => hash === single.hash),
    },
    undefined,
    2,
  )}\n`,
);

/** One worker, then both, as often as asked. */
async function alternate(task: Task): Promise<Alternated> {
  const result: Alternated = { alone: [], together: [] };
  for (let i = 0; i < Number(values.runs); i++) {
    result.alone.push(await first.ask(task));
    result.together.push(await both(task));
  }
  return result;
}

function both(task: Task): Promise<Measured[]> {
  return Promise.all([first, second].map((worker) => worker.ask(task)));
}

/** Time of the slower of two over that of one. */
function ratio({ alone, together }: Alternated): number {
  const slowest = together.map((runs) => Math.max(...runs.map(({ wall }) => wall)));
  return round(median(slowest) / median(alone.map(({ wall }) => wall)));
}

function open(): { ask: (task: Task) => Promise<Measured>; end: () => Promise<unknown> } {
  const worker: Worker = startThread(new URL('./city/worker.ts', import.meta.url));
  return {
    ask: async (task) => {
      const answer = once(worker, 'message');
      worker.postMessage(task);
      return (await answer)[0];
    },
    end: () => worker.terminate(),
  };
}
