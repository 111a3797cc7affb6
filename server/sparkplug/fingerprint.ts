import type { Metric } from '#twin/wire/sparkplug/payload.ts';

/** FNV-1a of the bytes, 32 bits, never 0. Tells a message that came twice from another one of its number. */
export function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash || 1;
}

/** Hash of the names, aliases and types of a birth, 32 bits: what a node says of itself, whatever its values are. */
export const tableOf = (metrics: readonly Pick<Metric, 'name' | 'alias' | 'datatype'>[]): number =>
  fingerprint(
    encoder.encode(metrics.map(({ name, alias, datatype }) => `${name}\n${alias}\n${datatype}`).join('\n')),
  );
const encoder = new TextEncoder();
