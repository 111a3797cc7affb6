/** What a value is worth. The number is what columns, wire and history carry. */
export const Quality = {
  good: 0,
  stale: 1,
  outOfRange: 2,
  frozen: 3,
  spike: 4,
  substituted: 5,
  maintenance: 6,
  bad: 7,
} as const;

export type QualityName = keyof typeof Quality;
export type QualityCode = (typeof Quality)[QualityName];

/** Names by code: `QUALITY_NAMES[Quality.spike] === 'spike'`. */
export const QUALITY_NAMES: readonly QualityName[] = [
  'good',
  'stale',
  'outOfRange',
  'frozen',
  'spike',
  'substituted',
  'maintenance',
  'bad',
];
