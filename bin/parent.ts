/**
 * A process of the house ends with the one that started it, however that ended: the channel between them closes.
 * `stop` gets a moment; then the process ends in any case.
 */
export function endWithParent(stop: () => Promise<void>): void {
  let ending = false;
  const end = (code: number) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(code), LONGEST_STOP_MS).unref();
    stop()
      .catch((error: Error) => process.stderr.write(`${error.message}\n`))
      .finally(() => process.exit(code));
  };
  process.on('disconnect', () => end(0));
  process.on('SIGTERM', () => end(0));
  process.on('SIGINT', () => {
    // a terminal sends this to every process of the group: the parent decides
    if (!process.connected) end(0);
  });
}

const LONGEST_STOP_MS = 8000;

/** What a process tells the one that started it. */
export type ChildMessage =
  | { kind: 'progress'; text: string }
  | { kind: 'ready'; facts: Record<string, string | number> }
  | { kind: 'failed'; reason: string };

export function tellParent(message: ChildMessage): void {
  if (process.send) process.send(message);
  else if (message.kind === 'ready')
    process.stdout.write(`${JSON.stringify({ ready: true, ...message.facts })}\n`);
  else process.stderr.write(`${message.kind === 'failed' ? message.reason : message.text}\n`);
}

/** Runs a process's start; a failure is one sentence to the parent and exit code 1. */
export async function runChild(
  start: () => Promise<{ facts: Record<string, string | number>; stop: () => Promise<void> }>,
): Promise<void> {
  try {
    const { facts, stop } = await start();
    endWithParent(stop);
    tellParent({ kind: 'ready', facts });
  } catch (error) {
    tellParent({ kind: 'failed', reason: (error as Error).message });
    // let the message leave before the channel closes
    setTimeout(() => process.exit(1), 50);
  }
}
