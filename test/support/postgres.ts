import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A PostgreSQL server of its own for a test file. */
export interface TestPostgres {
  url: string;
  /** stops the server at once, as a crash would, or in order */
  stop(how?: 'immediate' | 'fast'): void;
  start(): void;
  /** stops or resumes all its processes where they are: connections stay, nobody answers */
  freeze(): void;
  thaw(): void;
  running(): boolean;
  /** stops it and removes its files */
  remove(): void;
}

const ROOT = '/usr/lib/postgresql';

/** Folder of the newest installed PostgreSQL's programs; undefined when there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(ROOT)) return undefined;
  const newest = readdirSync(ROOT)
    .map(Number)
    .filter((version) => existsSync(join(ROOT, String(version), 'bin', 'initdb')))
    .sort((a, b) => b - a)[0];
  return newest === undefined ? undefined : join(ROOT, String(newest), 'bin');
}

/** Creates and starts a server with an empty database on a free port of 127.0.0.1, its files below `parent`. */
export async function startPostgres(parent = tmpdir()): Promise<TestPostgres> {
  const programs = postgresPrograms();
  if (!programs)
    throw new Error('PostgreSQL is not installed: apt-get install postgresql postgresql-15-postgis-3');
  const folder = mkdtempSync(join(parent, 'shuijing-postgres-'));
  const data = join(folder, 'data');
  const user = unprivileged();
  if (user) chownSync(folder, user.uid, user.gid);
  const run = (program: string, ...args: string[]) =>
    execFileSync(join(programs, program), args, { stdio: 'ignore', cwd: folder, ...user });
  run('initdb', '-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-locale', '--no-sync');
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='${folder}' -c max_wal_size=512MB`;
  const start = () => run('pg_ctl', '-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start');
  const stop = (how: 'immediate' | 'fast' = 'fast') => run('pg_ctl', '-D', data, '-m', how, '-w', 'stop');
  start();
  const signal = (name: NodeJS.Signals) => {
    const main = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    const children = readFileSync(`/proc/${main}/task/${main}/children`, 'utf8').trim().split(' ');
    for (const pid of [main, ...children.filter(Boolean).map(Number)]) process.kill(pid, name);
  };
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    running: () => succeeds(() => run('pg_ctl', '-D', data, 'status')),
    remove: () => {
      if (existsSync(join(data, 'postmaster.pid'))) stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL refuses to run as root: the user that its package made is taken then. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const home = '/var/lib/postgresql';
  if (!existsSync(home)) throw new Error('running as root, and there is no user postgres');
  const { uid, gid } = statSync(home);
  return { uid, gid };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
