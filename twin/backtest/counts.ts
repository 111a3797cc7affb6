import type { AlarmSpan } from './spans.ts';

/** How often people would have been told. */
export interface AlarmCounts {
  /** raised and told; escalations do not count */
  annunciations: number;
  beneathCause: number;
  /** annunciations of priority 1 to 4 */
  byPriority: number[];
}

export function countsOf(spans: readonly AlarmSpan[]): AlarmCounts {
  const told = spans.filter((span) => span.told);
  return {
    annunciations: told.length,
    beneathCause: spans.length - told.length,
    byPriority: [1, 2, 3, 4].map((priority) => told.filter((span) => span.priority === priority).length),
  };
}
