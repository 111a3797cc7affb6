/** `2026-06-01 08:00:05` in a zone; `zoneOffset` in ms. */
export const clockText = (time: number, zoneOffset: number): string =>
  new Date(time + zoneOffset).toISOString().slice(0, 19).replace('T', ' ');
