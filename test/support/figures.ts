/** The middle value, the upper of two; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** To three digits. */
export function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** CPU time of this process for some work, ms: other work on the machine lengthens it less than the clock's. */
export function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
