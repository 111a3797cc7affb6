import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { guardedServer } from '#server/api/guard.ts';
import { LiveHub } from '#server/live/hub.ts';
import { RefusalLog } from '#server/refusals.ts';
import { MAX_CLIENTS } from '#server/web.ts';
import { OVERVIEW_COLUMNS } from '#twin/overview/columns.ts';
import { OVERVIEW_TOPIC, overviewResolution } from '#twin/wire/live.ts';
import type { Sheet } from '#twin/wire/sheet.ts';
import { failuresOf, rssMB, settledRssMB } from './memory.ts';

const CLIENTS = 10_000;
const STATIONS = 2100;
const SECONDS = 75;
const MOST_GROWTH_MB = 1200;
/** A reader gets four messages a second; the worst second of a reader that reads may have two fewer. */
const LONGEST_SILENCE_MS = 3000;

/**
 * Ten thousand live clients, of another process, that watch the overview of 2,100 stations, all of whose values change
 * four times a second, and never read; beside them one that does.
 */
export async function silentClients() {
  const refused = new RefusalLog();
  const http = guardedServer((_request, response) => response.end(), refused);
  let ticks = 0;
  const hub = new LiveHub({
    server: http,
    path: '/live',
    refused,
    admits: () => true,
    now: Date.now,
    tickMs: 250,
    maxClients: MAX_CLIENTS,
    source: (name) =>
      name === OVERVIEW_TOPIC
        ? { name, resolution: overviewResolution, sheet: () => movingSheet(++ticks) }
        : undefined,
    hello: () => ({ notice: 'hello', serverTime: Date.now(), stationsRevision: 1 }),
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', 4096, done));
  const url = `ws://127.0.0.1:${(http.address() as { port: number }).port}/live`;
  const reader = watchOverview(url);
  await once(reader.socket, 'open');
  const before = settledRssMB();
  const crowd = fork(fileURLToPath(new URL('crowd.ts', import.meta.url)), [url, String(CLIENTS)], {
    execArgv: ['--import', 'tsx'],
  });
  let highest = before;
  let most = 0;
  const watch = setInterval(() => {
    highest = Math.max(highest, rssMB());
    most = Math.max(most, hub.clients);
  }, 200);
  await new Promise((done) => setTimeout(done, SECONDS * 1000));
  clearInterval(watch);
  const left = hub.clients;
  // the reader is not one of them
  const admitted = hub.admitted - 1;
  crowd.kill('SIGKILL');
  const silence = reader.longestSilenceMs();
  const heard = reader.heard();
  reader.socket.terminate();
  hub.close();
  http.closeAllConnections();
  http.close();
  const { liveClientsFull, liveTooSlow, httpConnectionsFull, httpTooSlow } = refused.totals;
  return {
    clients: CLIENTS,
    seconds: SECONDS,
    admitted,
    mostAtOnce: most,
    leftAtTheEnd: left,
    refused: { liveClientsFull, liveTooSlow, httpConnectionsFull, httpTooSlow },
    highestRssGrowthMB: highest - before,
    readerMessages: heard,
    readerLongestSilenceMs: silence,
    failures: failuresOf({
      'clients are bounded': most <= MAX_CLIENTS,
      'memory is bounded': highest - before <= MOST_GROWTH_MB,
      'who never reads is disconnected': liveTooSlow > 0,
      'each is let in, or refused and counted':
        admitted + liveClientsFull + httpConnectionsFull + httpTooSlow === CLIENTS,
      'each that was let in is there, or dropped and counted': admitted + 1 === left + liveTooSlow,
      'the reader is undisturbed': silence <= LONGEST_SILENCE_MS,
    }),
  };
}

/** Every cell is another than the tick before. */
function movingSheet(tick: number): Sheet {
  const cells = STATIONS * OVERVIEW_COLUMNS.length;
  const values = Float64Array.from({ length: cells }, (_, i) => (i + tick) % 100);
  return { rows: STATIONS, columns: OVERVIEW_COLUMNS.length, values };
}

function watchOverview(url: string) {
  const socket = new WebSocket(url);
  let last = 0;
  let longest = 0;
  let heard = 0;
  socket.on('open', () => socket.send(JSON.stringify({ watch: [OVERVIEW_TOPIC] })));
  socket.on('message', () => {
    const time = Date.now();
    if (last > 0) longest = Math.max(longest, time - last);
    last = time;
    heard++;
  });
  return { socket, heard: () => heard, longestSilenceMs: () => Math.max(longest, Date.now() - last) };
}
