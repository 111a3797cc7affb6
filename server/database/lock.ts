import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** A process. A pid alone is not enough: it is given to another one after a while, or after a boot. */
interface Identity {
  pid: number;
  started: string;
}

/** Who holds a lock, and the process whose end it does not survive. */
interface Holder extends Identity {
  follows?: Identity;
}

/** The file is held by a living process. */
export class LockedError extends Error {
  override name = 'LockedError';
  readonly pid: number;
  /** it is about to end, since the process that it follows has ended */
  readonly ending: boolean;

  constructor(file: string, pid: number, ending: boolean) {
    super(`${file} is held by process ${pid}`);
    this.pid = pid;
    this.ending = ending;
  }
}

/**
 * Takes a lock file for this process; a lock whose process has ended is replaced. Throws LockedError when it
 * is held. `follows` names the process with which this one ends. Returns what gives the lock back.
 */
export function takeLock(file: string, follows?: number): () => void {
  const mine = `${file}.${process.pid}`;
  const holder: Holder = follows
    ? { ...identity(process.pid), follows: identity(follows) }
    : identity(process.pid);
  writeFileSync(mine, JSON.stringify(holder));
  try {
    for (;;) {
      try {
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = read(file);
      if (other && isAlive(other))
        throw new LockedError(file, other.pid, other.follows !== undefined && !isAlive(other.follows));
      discard(file, other);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a stale lock aside; if somebody replaced it in the meantime, it is put back. */
function discard(file: string, stale: Holder | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    const moved = read(aside);
    if (moved && JSON.stringify(moved) !== JSON.stringify(stale)) linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' && typeof holder.started === 'string'
      ? (holder as Holder)
      : undefined;
  } catch {
    return undefined;
  }
}

function identity(pid: number): Identity {
  return { pid, started: startOf(pid) };
}

function isAlive(holder: Identity): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  return started !== '' && started === holder.started;
}

/** When a process started: boot id and clock ticks (Linux, proc(5)), elsewhere what `ps` prints; '' if unknown. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in brackets may hold spaces; the start time is the 20th field after it; Z has ended
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    try {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    } catch {
      return '';
    }
  }
}
