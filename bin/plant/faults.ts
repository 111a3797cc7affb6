import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Request } from 'zeromq';
import { formatIssues } from '#sim/scenario/issue.ts';
import { readScenario } from '#sim/scenario/read.ts';
import { decodeText } from '#twin/text/decode.ts';
import {
  type FaultRequest,
  type FieldFault,
  fieldError,
  fieldFault,
  fieldFaults,
} from '#twin/wire/fieldbus.ts';
import { findPlant } from './address.ts';

/** A question the plant refused, or could not be asked. Exit code 2. */
class RefusedError extends Error {}

const ANSWER_MS = 20_000;
const PHASE = { waiting: '…', 'in force': '●', over: '✓' } as const;

/** Sends a scenario to the running plant. @param follow stays until all of it is over */
export async function inject(
  dataDir: string,
  file: string,
  { atOnce, follow }: { atOnce?: boolean; follow?: boolean },
): Promise<void> {
  const scenario = textOf(file);
  const answer = await ask(dataDir, { ask: 'inject', scenario, atOnce: atOnce === true }, file);
  const fault = fieldFault.parse((answer as { injected: unknown }).injected);
  print(fault);
  if (follow) await followed(dataDir, fault);
}

/** @throws RefusedError when the file is no text, or cannot be read */
function textOf(file: string): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new RefusedError((error as Error).message);
  }
  const { sound, issues } = readScenario(bytes);
  // what can be understood is for the plant, which knows the names
  if (!sound) throw new RefusedError(formatIssues(file, issues));
  return decodeText(bytes);
}

/** Prints everything that was injected and is not over. */
export async function list(dataDir: string): Promise<void> {
  const faults = await faultsOf(dataDir);
  if (faults.length === 0) console.log('nothing is injected');
  for (const fault of faults) print(fault);
}

/** Ends an injected scenario. */
export async function clear(dataDir: string, id: string): Promise<void> {
  await ask(dataDir, { ask: 'clear', id });
  console.log(`${id} is over`);
}

async function followed(dataDir: string, first: FieldFault): Promise<void> {
  for (let told = first.log.length; ; await pause(1000)) {
    const fault = (await faultsOf(dataDir)).find(({ id }) => id === first.id);
    for (const { time, text } of fault?.log.slice(told) ?? []) console.log(`${clock(time)}  ${text}`);
    if (!fault) return console.log(`${first.id} is over`);
    told = fault.log.length;
  }
}

async function faultsOf(dataDir: string): Promise<FieldFault[]> {
  return fieldFaults.parse(await ask(dataDir, { ask: 'faults' })).faults;
}

function print({ id, name, until, events, log }: FieldFault): void {
  console.log(`${id}  ${name.zh} · ${name.en}, over by ${clock(until)}`);
  for (const event of events) {
    const from = event.from === null ? 'on its condition' : clock(event.from);
    const end = event.until === null ? '' : `–${clock(event.until)}`;
    console.log(`  ${PHASE[event.phase]} ${event.phase.padEnd(8)}  ${from}${end}  ${event.text}`);
  }
  for (const { time, text } of log) console.log(`    ${clock(time)}  ${text}`);
}

/** @param file what issues are about */
async function ask(dataDir: string, question: FaultRequest, file = ''): Promise<unknown> {
  const { requests } = findPlant(dataDir);
  const socket = new Request({ sendTimeout: ANSWER_MS, receiveTimeout: ANSWER_MS, linger: 0 });
  socket.connect(requests);
  let answer: unknown;
  try {
    await socket.send(JSON.stringify(question));
    const [frame] = await socket.receive();
    answer = JSON.parse(frame!.toString());
  } catch {
    throw new Error(`the plant at ${requests} does not answer`);
  } finally {
    socket.close();
  }
  const failed = fieldError.safeParse(answer);
  if (!failed.success) return answer;
  const { error, issues } = failed.data;
  throw new RefusedError(issues ? formatIssues(file, issues) : error);
}

/** Local time of the city, 19:04:07. */
function clock(time: number): string {
  return new Date(time).toLocaleTimeString('en-GB', { timeZone: 'Asia/Shanghai' });
}
