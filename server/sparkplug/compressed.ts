import { unzipSync } from 'node:zlib';
import { decodePayload, type Payload } from '#twin/wire/sparkplug/payload.ts';

/** How Eclipse Tahu's clients mark a payload whose body is another payload, deflated or gzipped. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';
/** What a metric takes in memory beside its bytes, about: an empty one has two bytes on the wire. */
const METRIC_BYTES = 100;

/**
 * Reads a payload, and the one inside it when it is compressed; the sequence number of the inner one counts. `weight`:
 * bytes that it takes in memory, about. `most`: bytes it may have, unpacked too. Throws on what is longer and on what is
 * no payload.
 */
export function readPayload(bytes: Uint8Array, most: number): { payload: Payload; weight: number } {
  if (bytes.length > most) throw new RangeError(`${bytes.length} bytes, more than ${most}`);
  const payload = decodePayload(bytes);
  if (payload.uuid !== COMPRESSED || !payload.body) return weighed(payload, bytes.length);
  const unpacked = unzipSync(payload.body, { maxOutputLength: most });
  return weighed(decodePayload(unpacked), unpacked.length);
}

const weighed = (payload: Payload, bytes: number) => ({
  payload,
  weight: bytes + METRIC_BYTES * payload.metrics.length,
});
