import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DatabaseStep } from './contract.ts';
import { openPool, type Pool } from './pool.ts';

/** What the database process says to its parent. */
export type EmbeddedMessage =
  | { type: 'step'; step: DatabaseStep }
  | { type: 'ready' }
  | { type: 'failed'; reason: string };

/** Name of the socket inside its folder, as libpq expects it for this port. */
export const SOCKET_PORT = 5432;
export const SOCKET_NAME = `.s.PGSQL.${SOCKET_PORT}`;
/** sun_path holds 104 bytes on the narrowest system. */
const LONGEST_SOCKET = 100;
const FIRST_RESTART = 500;
const LAST_RESTART = 10_000;

/**
 * Starts the embedded database in a process of its own and connects the one session it can bear. The process
 * ends with this one, however this one ends; when it ends by itself it is started again.
 */
export async function openEmbedded(
  dataDir: string,
  progress: (step: DatabaseStep) => void,
  note: (note: string) => void,
): Promise<Pool> {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const process_ = new DatabaseProcess(folder, socketFolder(folder), note);
  await process_.start(progress);
  return openPool({
    kind: 'embedded',
    connection: { host: process_.sockets, port: SOCKET_PORT, user: 'postgres', database: 'postgres' },
    size: 1,
    note,
    onSilence: () => process_.restart(),
    onClose: () => process_.stop(),
  }).catch(async (error) => {
    await process_.stop();
    throw error;
  });
}

class DatabaseProcess {
  readonly sockets: string;
  private readonly folder: string;
  private readonly note: (note: string) => void;
  private child: ChildProcess | undefined;
  private again: NodeJS.Timeout | undefined;
  private delay = FIRST_RESTART;
  private stopping = false;

  constructor(folder: string, sockets: string, note: (note: string) => void) {
    this.folder = folder;
    this.sockets = sockets;
    this.note = note;
  }

  /** Resolves when it accepts a connection; rejects with its reason when it cannot. */
  start(progress: (step: DatabaseStep) => void): Promise<void> {
    const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const program = fileURLToPath(new URL('../../bin/database.ts', import.meta.url));
    const child = fork(program, [this.folder, this.sockets], {
      execArgv: ['--import', loader],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child = child;
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-500);
    });
    return new Promise((done, fail) => {
      let settled = false;
      child.on('message', (message: EmbeddedMessage) => {
        if (message.type === 'step') progress(message.step);
        else if (message.type === 'failed') {
          settled = true;
          fail(new Error(message.reason));
        } else {
          settled = true;
          this.delay = FIRST_RESTART;
          child.on('exit', () => this.ended(child, lastWords));
          done();
        }
      });
      child.on('error', fail);
      child.on('exit', (code, signal) => {
        if (!settled) fail(new Error(`the embedded database ended (${signal ?? code}): ${lastWords.trim()}`));
      });
    });
  }

  /** Ends a process that no longer answers; it then starts again. */
  restart(): void {
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.again);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    const patience = setTimeout(() => child.kill('SIGKILL'), 5000);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(patience);
  }

  private ended(child: ChildProcess, lastWords: string): void {
    if (this.stopping || child !== this.child) return;
    this.note(
      `the embedded database ended (${child.signalCode ?? child.exitCode}) ${lastWords.trim()}`.trim(),
    );
    this.again = setTimeout(() => {
      this.start(() => {}).catch((error: Error) => {
        this.note(error.message);
        this.ended(child === this.child ? child : this.child!, '');
      });
    }, this.delay);
    this.delay = Math.min(this.delay * 2, LAST_RESTART);
  }
}

/** In the data folder, unless its path is too long for a socket. */
function socketFolder(folder: string): string {
  if (Buffer.byteLength(join(folder, SOCKET_NAME)) <= LONGEST_SOCKET) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const short = join(tmpdir(), `shuijing-${name}`);
  mkdirSync(short, { recursive: true, mode: 0o700 });
  return short;
}
