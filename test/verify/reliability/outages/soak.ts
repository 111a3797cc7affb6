import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { usage } from '#test/bench/ingest/process.ts';
import { templateById } from '#twin/catalogue/template.ts';
import { DAY, HOUR } from '#twin/units.ts';
import type { HistoryAnswer, StationList } from '#twin/wire/api.ts';
import { lasting, type Outage, type World } from '../outage.ts';

const EVERY_MS = 5000;
/** The first third is warming up: the heap finds its size, and the frames of ten minutes fill the memory. */
const WARM = 1 / 3;
/** Below this a slope says more about filling than about a leak. */
const SHORTEST_SLOPE = HOUR / 2;
const READS = 200;
const BUCKETS = 600;
/** A reader's connection and a file that is just written come and go. */
const HANDLES_SPARE = 4;

interface Sample {
  hours: number;
  rssMB: number;
  /** of it what is no file's: the program's own code comes into memory as it is first used */
  anonMB: number;
  /** of the server's own metrics: the heap of its script, and buffers outside of it */
  heapMB: number;
  externalMB: number;
  handles: number;
}

/** No outage at all: the city lives, and nothing may grow but the history. Then the server is started anew. */
export const soak: Outage = {
  row: 'soak',
  compared: 200,
  atMost: { rssSlopeMBh: 10, handlesGrew: HANDLES_SPARE, liveWorstAgeS: 5, readP95Ms: 100, restartS: 30 },
  async run(world) {
    const { house, live } = world;
    const lasts = lasting(world, { long: 3600, short: 10 });
    live.expect((code) => world.stations.includes(code));
    const before = await house.health();
    const samples = await watch(world, lasts);
    const after = await house.health();
    const worst = live.take().worst;
    live.expect();
    const settled = samples.slice(Math.floor(samples.length * WARM));
    const values =
      after.totals.values + after.totals.historical - before.totals.values - before.totals.historical;
    const perValue = after.history.bytesPerValue;
    return {
      soakS: lasts / 1000,
      rssMB: round(samples.at(-1)!.rssMB, 0),
      ...(lasts >= SHORTEST_SLOPE && {
        rssSlopeMBh: slope(settled, 'rssMB'),
        anonSlopeMBh: slope(settled, 'anonMB'),
        heapSlopeMBh: slope(settled, 'heapMB'),
        externalSlopeMBh: slope(settled, 'externalMB'),
      }),
      handlesFirst: settled[0]!.handles,
      handlesLast: settled.at(-1)!.handles,
      handlesGrew: settled.at(-1)!.handles - settled[0]!.handles,
      valuesTaken: values,
      historyGrewMB: round((after.history.bytes - before.history.bytes) / 1e6, 1),
      computedMB: perValue === null ? null : round((values * perValue) / 1e6, 1),
      bytesPerValue: perValue === null ? null : round(perValue, 2),
      liveWorstAgeS: worst,
      readP95Ms: await readAnything(world, lasts / 2),
      restartS: await restart(world),
    };
  },
};

async function watch({ house, say }: World, lasts: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  const pid = house.server.pid()!;
  for (const began = Date.now(); Date.now() - began < lasts; ) {
    const handles = readdirSync(`/proc/${pid}/fd`).length;
    const hours = (Date.now() - began) / HOUR;
    const { rssMB, anonMB } = usage(pid);
    samples.push({ hours, rssMB, anonMB, ...(await insideOf(house.url)), handles });
    if (samples.length % 60 === 0) say(`soak: ${JSON.stringify(samples.at(-1))}`);
    await pause(EVERY_MS);
  }
  return samples;
}

async function insideOf(url: string): Promise<Pick<Sample, 'heapMB' | 'externalMB'>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const bytes = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  return {
    heapMB: bytes('nodejs_heap_size_total_bytes') / 1e6,
    externalMB: bytes('nodejs_external_memory_bytes') / 1e6,
  };
}

/** Least squares, MB/h. */
function slope(samples: readonly Sample[], of: 'rssMB' | 'anonMB' | 'heapMB' | 'externalMB'): number {
  const mean = (from: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + from(sample), 0) / samples.length;
  const [x, y] = [mean(({ hours }) => hours), mean((sample) => sample[of])];
  const covariance = mean((sample) => (sample.hours - x) * (sample[of] - y));
  return round(covariance / mean(({ hours }) => (hours - x) ** 2), 1);
}

/**
 * p95 of reading one point over a day that ends now or before, ms: any station, any point. Throws when a day is empty:
 * that shows nothing. Whole days are read by `bench -- history`.
 */
async function readAnything({ house, stations, random }: World, lived: number): Promise<number> {
  const list = (await (await fetch(`${house.url}/api/stations`)).json()) as StationList;
  const known = list.stations.filter(({ code }) => stations.includes(code));
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.uniform() * from.length)]!;
  const took: number[] = [];
  let empty = 0;
  for (let i = 0; i < READS; i++) {
    const { code, template } = pick(known);
    const point = encodeURIComponent(pick(templateById(template).points).name);
    const to = Date.now() - Math.round(random.uniform() * lived);
    const began = performance.now();
    const answer = await fetch(
      `${house.url}/api/stations/${code}/history?points=${point}&from=${to - DAY}&to=${to}&buckets=${BUCKETS}`,
    );
    if (!answer.ok) throw new Error(`history answers ${answer.status}`);
    const { series } = (await answer.json()) as HistoryAnswer;
    took.push(performance.now() - began);
    if (series.every(({ t }) => t.length === 0)) empty++;
  }
  if (empty > READS / 10) throw new Error(`${empty} of ${READS} days that were read were empty`);
  return round(took.sort((a, b) => a - b)[Math.floor(0.95 * (READS - 1))]!, 1);
}

/** From the end of the old server to every station live on the new one, s. */
async function restart(world: World): Promise<number> {
  const { house } = world;
  const pid = house.server.pid()!;
  process.kill(pid, 'SIGTERM');
  while (existing(pid)) await pause(20);
  const began = Date.now();
  while (house.server.pid() === pid) await pause(20);
  await world.allLive();
  return round((Date.now() - began) / 1000, 1);
}

function existing(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
