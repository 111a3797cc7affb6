/**
 * Waiting time before the n-th try (from 0): doubles from half a second to ten, with full jitter in the upper
 * half so that fifty browsers do not come back in the same instant. `random` gives 0…1.
 */
export function backoff(attempt: number, random: () => number): number {
  const ceiling = Math.min(10_000, 500 * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + random() * (ceiling / 2);
}
