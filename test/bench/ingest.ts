import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type House, openHouse } from '#test/support/house.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { StationList } from '#twin/wire/api.ts';
import { bareSubscribe, recordMessages } from './ingest/bare.ts';
import { type Clients, watchCity } from './ingest/clients.ts';
import { usage } from './ingest/process.ts';
import { measureStart } from './ingest/start.ts';

/**
 * npm run -s bench -- ingest --json [--minutes 10] [--pace-seconds 60] [--stations N] [--no-start]
 *
 * All parts on this machine: plant, gateways that report every step of the resolution, broker, server, database, 50
 * socket clients that each watch the overview and one station. The limit, in the same run: a bare subscriber that
 * only decodes the same messages.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    minutes: { type: 'string', default: '10' },
    'pace-seconds': { type: 'string', default: '60' },
    stations: { type: 'string' },
    'no-start': { type: 'boolean' },
  },
});
const CLIENTS = 50;
const PACES = [2, 3, 4, 5, 6, 8];
const SETTLE_MS = 30_000;
const say = (text: string) => void process.stderr.write(`${text}\n`);

const house = await openHouse({
  ...(options.stations !== undefined && { stations: Number(options.stations) }),
  edgeArgs: ['--deadband', '0', '--no-backfill'],
  say,
});
let result: Record<string, unknown>;
try {
  await house.startField();
  await allLive(house);
  const clients = await watchCity(house.url, CLIENTS);
  await pause(SETTLE_MS);
  const atFirst = await countAtRest(house);
  await pause(SETTLE_MS);
  const load = await measureLoad(house, clients, Number(options.minutes) * 60_000);
  const recorded = await recordMessages(house.mqttUrl, 4000);
  const atLast = await countAtRest(house);
  const sustainedTimesRealTime = await fastestPace(house, clients, Number(options['pace-seconds']) * 1000);
  clients.close();
  await house.stopField();
  const bare = await bareSubscribe(recorded, 10);
  result = {
    ...(await shape(house)),
    ...load,
    framesProduced: atLast.produced - atFirst.produced,
    framesDelivered: atLast.taken - atFirst.taken,
    deliveredShare: round((atLast.taken - atFirst.taken) / (atLast.produced - atFirst.produced), 6),
    sequenceGaps: atLast.gaps,
    sustainedTimesRealTime,
    bareSubscribeTimesRealTime: round(bare / load.messagesPerSecond, 1),
    historyBytesPerValue: (await house.health()).history.bytesPerValue,
  };
} finally {
  await house.close();
}
if (!options['no-start']) {
  const { first, later, firstPictureMs } = await measureStart(say);
  result = {
    ...result,
    firstPictureMs: Math.round(firstPictureMs),
    startMs: { first: Math.round(first), later: Math.round(later) },
  };
}
process.stdout.write(`${JSON.stringify(result, null, options.json ? 0 : 2)}\n`);
process.exit(0);

async function allLive({ health, counters }: House): Promise<void> {
  for (;;) {
    const { stations } = await health();
    if (stations.live > 0 && stations.live === counters().stations) return;
    say(`${stations.live} of ${counters().stations} stations are live`);
    await pause(2000);
  }
}

async function shape({ url, counters }: House) {
  const { stations } = (await (await fetch(`${url}/api/stations`)).json()) as StationList;
  const points = stations.reduce((sum, { template }) => sum + templateById(template).points.length, 0);
  return { stations: counters().stations, pointsPerStation: round(points / stations.length, 1) };
}

async function measureLoad({ health, server }: House, clients: Clients, ms: number) {
  clients.takeLatencies();
  const [before, usedBefore, began] = [await health(), usage(server.pid()!), Date.now()];
  let rss = 0;
  while (Date.now() - began < ms) {
    await pause(Math.min(5000, ms));
    rss = Math.max(rss, usage(server.pid()!).rssMB);
    say(`${Math.round((Date.now() - began) / 1000)} s, ${Math.round(rss)} MB`);
  }
  const [after, usedAfter, seconds] = [await health(), usage(server.pid()!), (Date.now() - began) / 1000];
  const latencies = clients.takeLatencies();
  const messages = after.totals.messages - before.totals.messages;
  const values = after.totals.values - before.totals.values;
  return {
    messagesPerSecond: round(messages / seconds, 0),
    valuesPerMessage: round(values / messages, 1),
    valuesPerSecond: round(values / seconds, 0),
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
    serverCpuCores: round((usedAfter.cpuSeconds - usedBefore.cpuSeconds) / seconds, 3),
    serverRssMB: Math.round(rss),
  };
}

/** Frames produced and messages taken, counted while the plant is paused and nothing is on its way. */
async function countAtRest(house: House): Promise<{ produced: number; taken: number; gaps: number }> {
  house.pauseField();
  await pause(5000);
  const { totals, faults } = await house.health();
  const { appended = 0 } = house.counters();
  house.resumeField();
  return { produced: appended, taken: totals.messages - totals.births, gaps: faults.sequenceGap };
}

/** The highest pace at which latency does not grow: what is behind at the end is no more than a second. */
async function fastestPace(house: House, clients: Clients, ms: number): Promise<number> {
  let best = 1;
  for (const pace of PACES) {
    await house.startField(pace);
    // what piled up while everything connected anew is no part of the pace
    await allLive(house);
    await pause(2 * SETTLE_MS);
    clients.takeLatencies();
    const before = await house.health();
    await pause(ms);
    const latencies = clients.takeLatencies();
    const after = await house.health();
    const rate = (after.totals.messages - before.totals.messages) / (ms / 1000);
    const asked = ((house.counters().stations ?? 0) / 2) * pace;
    const p99 = percentile(latencies, 0.99);
    say(
      `pace ${pace}: ${Math.round(rate)} of ${asked} messages a second, p99 ${p99} ms, ${after.history.behindMs} ms behind`,
    );
    if (rate < 0.98 * asked || p99 > 2000 || after.history.behindMs > 5000) break;
    best = pace;
  }
  return best;
}

function percentile(sorted: Float64Array, share: number): number {
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
