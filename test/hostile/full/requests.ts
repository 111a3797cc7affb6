import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { guardedServer } from '#server/api/guard.ts';
import { RefusalLog } from '#server/refusals.ts';
import { failuresOf, settledRssMB } from './memory.ts';

const CONNECTIONS = 5000;
const PATIENT_MS = 30_000;
const MOST_GROWTH_MB = 200;
/** While five thousand connections come in one burst, which the same process has to take. */
const LONGEST_ANSWER_MS = 3000;

/** Five thousand connections that send a header a second and never come to an end, while others ask and are answered. */
export async function slowRequests() {
  const refused = new RefusalLog();
  const http = guardedServer((_request, response) => response.end('well'), refused);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', 4096, done));
  const { port } = http.address() as { port: number };
  const before = settledRssMB();
  const dripper = fork(
    fileURLToPath(new URL('dripper.ts', import.meta.url)),
    [String(port), String(CONNECTIONS)],
    { execArgv: ['--import', 'tsx'] },
  );
  let allEnded = false;
  dripper.once('exit', (code) => {
    allEnded = code === 0;
  });
  let slowest = 0;
  let answered = 0;
  let asked = 0;
  const end = Date.now() + PATIENT_MS;
  while (Date.now() < end) {
    asked++;
    const start = Date.now();
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } }).catch(
      () => undefined,
    );
    if (answer?.ok) {
      answered++;
      slowest = Math.max(slowest, Date.now() - start);
    }
    await pause(100);
  }
  const growthMB = settledRssMB() - before;
  const ended = allEnded;
  dripper.kill('SIGKILL');
  http.closeAllConnections();
  http.close();
  await once(http, 'close');
  const { httpTooSlow, httpConnectionsFull } = refused.totals;
  return {
    connections: CONNECTIONS,
    seconds: PATIENT_MS / 1000,
    allEnded: ended,
    refused: { httpTooSlow, httpConnectionsFull },
    others: { asked, answered, slowestMs: slowest },
    rssGrowthMB: growthMB,
    failures: failuresOf({
      'each slow one is ended and counted': ended && httpTooSlow + httpConnectionsFull >= CONNECTIONS,
      'memory is bounded': growthMB <= MOST_GROWTH_MB,
      'all others are answered in time': answered === asked && slowest <= LONGEST_ANSWER_MS,
    }),
  };
}
