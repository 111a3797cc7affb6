import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import type { AlarmEvent } from '#twin/alarm/alarm.ts';
import { quietDay } from './quiet/days.ts';
import type { QuietAsk } from './quiet/worker.ts';

/**
 * npm run -s verify -- quiet [--seed N] [--rooms 40 | --city] [--days 4] [--first 0] [--hours 24] [--look '2 s']
 *   [--threads N] [--json]
 *
 * Rooms drawn by the seed for each day, worn as the plant's are, live through ordinary days (a weekday, a Saturday, a
 * day of heat, a holiday and on, `quiet/days.ts`) under the library: nearly nothing may be told. Rooms stand by
 * themselves here, with a steady main; boosters are left out, since the part of the mains that they feed is not
 * there. With `--city` all rooms of the city live on its mains, as the plant has them, looked at every two seconds or as `--look`
 * says, from the day `--first` on: a day of it takes half an hour, ten minutes when looked at every ten seconds.
 * Exit code 1 above the goals.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rooms: { type: 'string', default: '40' },
    city: { type: 'boolean', default: false },
    days: { type: 'string', default: '4' },
    first: { type: 'string', default: '0' },
    hours: { type: 'string', default: '24' },
    look: { type: 'string', default: '2 s' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
/** Annunciations per 100 rooms and day, of any priority and of 1 and 2. */
const GOALS = { told: 1, urgent: 0.3 };
/** of the demo city */
const STATIONS = 2100;

const seed = Number(options.seed);
const days = Number(options.days);
const first = Number(options.first);
const count = options.city ? 'city' : Number(options.rooms);
const hours = Number(options.hours);

const byDay = await liveAll(Math.min(Number(options.threads), days));
const told = byDay.flat();
const roomDays = (days * (count === 'city' ? STATIONS : count) * hours) / 24;
const per100 = (some: readonly AlarmEvent[]) => (100 * some.length) / roomDays;
const result = {
  seed,
  roomDays,
  toldPer100RoomDays: per100(told),
  urgentPer100RoomDays: per100(told.filter(({ priority }) => priority <= 2)),
  byRule: countsOf(told.map(({ rule }) => rule)),
  days: byDay.map((events, day) => ({ day: quietDay(first + day).name, told: events.map(line) })),
};
process.stdout.write(`${JSON.stringify(result, null, options.json ? undefined : 1)}\n`);
process.exit(result.toldPer100RoomDays > GOALS.told || result.urgentPer100RoomDays > GOALS.urgent ? 1 : 0);

/** The days in their order, on some threads. */
async function liveAll(threads: number): Promise<AlarmEvent[][]> {
  const done: AlarmEvent[][] = [];
  let next = 0;
  const serve = async () => {
    const worker = startThread(new URL('./quiet/worker.ts', import.meta.url));
    while (next < days) {
      const day = next++;
      done[day] = await ask(worker, { day: first + day, seed, rooms: count, hours, look: options.look });
      process.stderr.write(
        `${quietDay(first + day).name}: ${done[day]!.map(line).join('\n  ') || 'quiet'}\n`,
      );
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: threads }, serve));
  return done;
}

async function ask(worker: Worker, question: QuietAsk): Promise<AlarmEvent[]> {
  worker.postMessage(question);
  // rejects when the thread fails
  const [answer] = await once(worker, 'message');
  return answer as AlarmEvent[];
}

function line({ time, rule, station, spot }: AlarmEvent): string {
  return `${new Date(time).toISOString()} ${rule} ${station} ${spot}`;
}

function countsOf(rules: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const rule of rules) counts[rule] = (counts[rule] ?? 0) + 1;
  return counts;
}
