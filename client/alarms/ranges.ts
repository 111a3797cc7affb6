/** Times that can be looked back over, ms; 0: all there is. */
export const RANGES = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_592_000_000,
  all: 0,
} as const;
export type Range = keyof typeof RANGES;
