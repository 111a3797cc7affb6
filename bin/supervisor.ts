import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ChildLine, Facts } from './parent.ts';

/** A process of the house: a file of `bin/` and its arguments. */
export interface ChildPlan {
  name: string;
  file: string;
  args: readonly string[];
  env?: Record<string, string>;
  onProgress?: (progress: string | number) => void;
  onCounters?: (counters: Record<string, number>) => void;
  /** it had been ready and then ended by itself; called before it is started again */
  onLost?: (code: string) => void;
}

export interface Child {
  facts: Facts;
  /** ends it and waits for its end; it is not started again */
  stop(): Promise<void>;
  /** pid of the running process */
  pid(): number | undefined;
}

const RESTART_MS = 1000;
/**
 * glibc gives each thread a heap of its own, up to eight per core, and keeps what is freed in each; two are enough for
 * a process whose one thread does the work (mallopt(3), M_ARENA_MAX). What it brings is in docs/reliability.md, "Soak".
 */
const MEMORY = { MALLOC_ARENA_MAX: '2' };
/**
 * V8 lets the old generation grow by a factor that follows how fast the program and its collector happen to be: of a
 * server in which 240 MB live the heap took 540 MB, and more where it was starved. A fixed share, half of what lives,
 * makes it the same everywhere (`node --v8-options`).
 */
const HEAP = ['--heap-growing-percent=50'];
const LONGEST_STOP_MS = 10_000;

/**
 * Starts a process and waits until it is ready; rejects with its reason when it cannot start. Once ready, it is
 * started again whenever it ends by itself, at most 30 s apart.
 */
export async function superviseChild(plan: ChildPlan): Promise<Child> {
  let stopped = false;
  let { process: running, facts } = await startChild(plan);
  const watch = (child: ChildProcess) => {
    child.once('exit', async (code, signal) => {
      if (stopped) return;
      plan.onLost?.(signal ?? `code ${code}`);
      for (let wait = RESTART_MS; !stopped; wait = Math.min(wait * 2, 30_000)) {
        await pause(wait);
        try {
          if (stopped) return;
          ({ process: running, facts } = await startChild(plan));
          return watch(running);
        } catch (error) {
          plan.onLost?.((error as Error).message);
        }
      }
    });
  };
  watch(running);
  return {
    get facts() {
      return facts;
    },
    pid: () => running.pid,
    async stop() {
      stopped = true;
      await end(running);
    },
  };
}

/** Runs a task to its end. */
export async function runTask(plan: ChildPlan): Promise<void> {
  const { process: child } = await startChild(plan);
  if (child.exitCode === null) await new Promise((done) => child.once('exit', done));
}

async function startChild({ name, file, args, env, onProgress, onCounters }: ChildPlan) {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url));
  const child = spawn(process.execPath, [...HEAP, '--import', 'tsx', path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...MEMORY, ...process.env, ...env },
  });
  starting.add(child);
  const lines = createInterface({ input: child.stdout! });
  const facts = await new Promise<Facts>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${name} ended while starting (${signal ?? `code ${code}`})`)),
    );
    lines.on('line', (text) => {
      const line = readLine(text);
      if (line === null) process.stderr.write(`${name}: ${text}\n`);
      else if ('ready' in line) resolve(factsOf(line));
      else if ('failed' in line) reject(new Error(line.failed));
      else if ('counters' in line) onCounters?.(line.counters);
      else onProgress?.(line.progress);
    });
  }).catch(async (error: Error) => {
    starting.delete(child);
    await end(child);
    throw error;
  });
  starting.delete(child);
  return { process: child, facts };
}

const starting = new Set<ChildProcess>();

/** Ends whatever is still on its way up. */
export async function stopStarting(): Promise<void> {
  await Promise.all([...starting].map(end));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_STOP_MS);
  await gone;
  clearTimeout(late);
}

const factsOf = ({ ready: _, ...facts }: Extract<ChildLine, { ready: true }>): Facts => facts as Facts;

function readLine(text: string): ChildLine | null {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? (line as ChildLine) : null;
  } catch {
    return null;
  }
}
