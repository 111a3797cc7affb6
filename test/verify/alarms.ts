import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { startThread } from '#server/threads.ts';
import { codeOf } from './alarms/fault.ts';
import { FAULTS } from './alarms/faults.ts';
import { confusionOf, scoreOf, tableOf } from './alarms/table.ts';
import type { TrialResult } from './alarms/trial.ts';
import type { Ask } from './alarms/worker.ts';

/**
 * npm run -s verify -- alarms [--seed 1] [--rooms 5] [--only F19,F20] [--threads N] [--json] [--docs]
 *
 * Every fault that can be put into a room, in rooms of differing kind drawn by the seed: are people told of it within
 * its time, and does the first thing they are told name it? `--docs` writes the table into docs/alarms.md. Exit code
 * 1 when fewer than 95 % are raised or fewer than 90 % have the right first cause.
 */
const { values: options } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    rooms: { type: 'string', default: '5' },
    only: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean' },
    docs: { type: 'boolean' },
  },
});
const TARGET = { recall: 0.95, firstCause: 0.9 };
const PAGE = new URL('../../docs/alarms.md', import.meta.url);
const BEGIN = '<!-- faults -->';
const END = '<!-- /faults -->';

const wanted = options.only?.split(',');
const faults = FAULTS.filter(({ id }) => !wanted || wanted.includes(id));
const unknown = wanted?.filter((id) => !faults.some((fault) => fault.id === id)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(
    `no trial for ${unknown.join(', ')}; there are ${FAULTS.map(({ id }) => id).join(', ')}\n`,
  );
  process.exit(2);
}
const seed = Number(options.seed);
const results = await tryAll(Math.min(Number(options.threads), faults.length));
const score = scoreOf(results);
const table = tableOf(results, FAULTS);
if (options.docs) writeTable(`${table}\n\n${words()}`);
process.stdout.write(
  options.json
    ? `${JSON.stringify({ seed, ...score, confusion: confusionOf(results), results })}\n`
    : `${table}\n\n${words()}\n`,
);
process.exit(score.recall >= TARGET.recall && score.firstCause >= TARGET.firstCause ? 0 : 1);

function words(): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return `${results.length} faults in ${score.rooms} rooms, seed ${seed}: ${percent(score.recall)} raised within their time, ${percent(score.firstCause)} with the right first cause.`;
}

/** In the order of the knowledge base, on some threads. */
async function tryAll(threads: number): Promise<TrialResult[]> {
  const done: TrialResult[] = [];
  let next = 0;
  const serve = async () => {
    const worker = startThread(new URL('./alarms/worker.ts', import.meta.url));
    while (next < faults.length) {
      const i = next++;
      done[i] = await ask(worker, { fault: faults[i]!.id, seed, rooms: Number(options.rooms) });
      tell(done[i]!);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: threads }, serve));
  return done;
}

async function ask(worker: Worker, question: Ask): Promise<TrialResult> {
  worker.postMessage(question);
  // rejects when the thread fails
  const [answer] = await once(worker, 'message');
  return answer as TrialResult;
}

/** What did not come out as it should, as it happens. */
function tell({ fault, rooms }: TrialResult): void {
  const raised = rooms.filter(({ raisedAfter }) => raisedAfter !== null).length;
  process.stderr.write(`${fault}: ${raised}/${rooms.length}\n`);
  for (const { station, kind, told, raisedAfter, before } of rooms) {
    const right = raisedAfter !== null && told[0] && codeOf(told[0]) === codeOf(fault);
    if (!right) process.stderr.write(`  ${station} (${kind}): ${told.slice(0, 4).join(', ') || 'nothing'}\n`);
    if (before.length > 0)
      process.stderr.write(`  ${station} (${kind}), before the fault: ${before.join(', ')}\n`);
  }
}

function writeTable(text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (tail === undefined) throw new Error(`docs/alarms.md has no ${BEGIN} … ${END}`);
  writeFileSync(PAGE, `${head}${BEGIN}\n${text}\n${END}${tail}`);
}
