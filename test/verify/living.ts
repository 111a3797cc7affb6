import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { DEMO_SEED } from '#gis/city/city.ts';
import { OVERVIEW_COLUMNS, OVERVIEW_INDEX } from '#twin/overview/columns.ts';
import { OVERVIEW_TOPIC, overviewResolution } from '#twin/wire/live.ts';
import { decodeSheet, type Sheet } from '#twin/wire/sheet.ts';
import { usage } from '../bench/ingest/process.ts';
import { type House, openHouse } from '../support/house.ts';

/**
 * npm run verify -- living [--minutes 20] [--stations N]
 *
 * The whole city as it is delivered (the catalogue's dead-bands, the day before filled in): is every station's last
 * message at most four seconds old, all the time, as a browser sees it? Exit code 1 when it is not.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '20' }, stations: { type: 'string' } },
});
const OLDEST_S = 4;
const CONNECTING_MS = 60_000;
const say = (text: string) => void process.stderr.write(`${text}\n`);

const house = await openHouse({ ...(options.stations && { stations: Number(options.stations) }), say });
let result: Awaited<ReturnType<typeof watch>>;
try {
  result = await watch(house);
} finally {
  await house.close();
}
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exit(result.secondsWithAnOlderStation > 0 || result.live !== result.stations ? 1 : 0);

async function watch(house: House) {
  let sheet: Sheet | undefined;
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/live`);
  socket.on('open', () => socket.send(JSON.stringify({ watch: [OVERVIEW_TOPIC] })));
  socket.on('message', (data, binary) => {
    if (!binary) return;
    const message = decodeSheet(
      data as Buffer,
      () => sheet,
      () => overviewResolution,
    );
    if (message.kind === 'snapshot') sheet = message.sheet;
  });
  await house.startField();
  await pause(CONNECTING_MS);

  const seconds = Number(options.minutes) * 60;
  const worst: number[] = [];
  const rss: number[] = [];
  for (let second = 0; second < seconds; second++) {
    await pause(1000);
    worst.push(oldest(sheet, Date.now() / 1000));
    rss.push(usage(house.server.pid()!).rssMB);
    if (second % 60 === 59)
      say(
        `${(second + 1) / 60} min: oldest last message ${worst.at(-1)?.toFixed(1)} s, server ${Math.round(rss.at(-1)!)} MB`,
      );
  }
  const health = await house.health();
  const late = worst.filter((age) => age > OLDEST_S).length;
  return {
    seed: DEMO_SEED,
    date: new Date().toISOString().slice(0, 10),
    minutes: Number(options.minutes),
    stations: house.counters().stations,
    live: health.stations.live,
    oldestLastMessageS: {
      p50: percentile(worst, 0.5),
      p99: percentile(worst, 0.99),
      max: percentile(worst, 1),
    },
    secondsWithAnOlderStation: late,
    filledIn: house.counters().filled,
    historicalValues: health.totals.historical,
    serverRssMB: { first: Math.round(rss[0]!), last: Math.round(rss.at(-1)!) },
    sequenceGaps: health.faults.sequenceGap,
  };
}

/** Age of the oldest last message among the stations that were ever heard, s; Infinity before the first sheet. */
function oldest(city: Sheet | undefined, now: number): number {
  if (!city) return Number.POSITIVE_INFINITY;
  let age = 0;
  for (let row = 0; row < city.rows; row++) {
    const last = city.values[row * OVERVIEW_COLUMNS.length + OVERVIEW_INDEX.lastMessage]!;
    if (!Number.isNaN(last)) age = Math.max(age, now - last);
  }
  return age;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN).toFixed(2));
}
