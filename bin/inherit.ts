import { LockedError, takeLock } from '#server/database/lock.ts';

/** How long a process whose parent was killed may need to end, ms. It may be creating the database. */
const INHERITANCE_MS = 25_000;

/**
 * Takes the lock of a data folder for this process; waits for a holder that is about to end because its own parent was killed.
 * Returns what gives it back. Rejects when another process holds it.
 */
export async function inheritLock(file: string, folder: string): Promise<() => void> {
  const deadline = Date.now() + INHERITANCE_MS;
  for (;;) {
    try {
      return takeLock(file, process.ppid);
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
      if (!error.ending || Date.now() > deadline)
        throw new Error(`the data folder ${folder} is in use by process ${error.pid}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
