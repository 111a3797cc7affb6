import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Resident memory after what nobody holds any more has gone, MB. */
export function settledRssMB(): number {
  collect();
  return rssMB();
}

export const rssMB = (): number => Math.round(process.memoryUsage().rss / 1e6);

/** What is asked of a trial, and whether it held. */
export function failuresOf(held: Record<string, boolean>): string[] {
  return Object.entries(held).flatMap(([what, holds]) => (holds ? [] : [what]));
}
