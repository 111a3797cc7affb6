/**
 * A process of the house says what it does as JSON lines on stdout, and ends with the process that started it,
 * however that one ended: the channel between them closes.
 */
export type ChildLine =
  | { progress: string | number }
  | { counters: Record<string, number> }
  | { ready: true; [fact: string]: Facts[string] | true }
  | { failed: string };

/** What others need to know of a running process: its addresses, mostly. */
export type Facts = Record<string, string | number>;

export function tellParent(line: ChildLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Runs a process from start to end; a failure to start is one sentence and exit code 1. */
export async function runChild(
  start: () => Promise<{ facts: Facts; stop: () => Promise<void> }>,
): Promise<void> {
  // nobody reads any more: the parent has ended, and so do we
  process.stdout.on('error', () => {});
  // a parent that ends while we start: nothing is worth finishing
  const giveUp = () => process.exit(1);
  process.on('disconnect', giveUp);
  // it may have ended while this program was being read; one that is run by hand has none
  if (process.send && !process.connected) giveUp();
  try {
    const { facts, stop } = await start();
    process.off('disconnect', giveUp);
    endWithParent(stop);
    tellParent({ ready: true, ...facts });
  } catch (error) {
    tellParent({ failed: (error as Error).message });
    // let the line leave before the pipe closes
    setTimeout(() => process.exit(1), 50);
  }
}

/** A stop that hangs must not leave a process behind. */
const LONGEST_STOP_MS = 8000;

function endWithParent(stop: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`${error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('disconnect', end);
  process.on('SIGTERM', end);
  // a terminal sends SIGINT to the whole group: under a parent, the parent decides
  process.on('SIGINT', () => !process.connected && end());
}
