import { MINUTE, SECOND } from '#twin/units.ts';

/** How a channel is doing. Times in ms since epoch. */
export interface Line {
  /** attempts that failed since the last success */
  failures: number;
  downSince: number | null;
  /** the channel's own words, without secrets */
  lastError: string | null;
  /** nothing is attempted before */
  nextAttempt: number;
  lastDelivered: number | null;
}

export const NEW_LINE: Line = {
  failures: 0,
  downSince: null,
  lastError: null,
  nextAttempt: 0,
  lastDelivered: null,
};

const FIRST_WAIT = 5 * SECOND;
const LONGEST_WAIT = 5 * MINUTE;

/**
 * Wait after so many failures in a row, ms: 5 s doubled with each, at most 5 min, of which a random half keeps
 * channels that failed together apart ("equal jitter"; M. Brooker, Exponential Backoff And Jitter, AWS 2015).
 * `random` is in [0, 1).
 */
export function backOff(failures: number, random: number): number {
  const full = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(full / 2 + (full / 2) * random);
}

export const failed = (line: Line, error: string, now: number, random: number): Line => ({
  ...line,
  failures: line.failures + 1,
  downSince: line.downSince ?? now,
  lastError: error,
  nextAttempt: now + backOff(line.failures + 1, random),
});

/** `gap`: the channel takes the next message no earlier than so many ms later. */
export const succeeded = (now: number, gap: number): Line => ({
  ...NEW_LINE,
  lastDelivered: now,
  nextAttempt: now + gap,
});
