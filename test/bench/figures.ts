/** The middle value, the upper of two; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** To three digits. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}
