import { unzipSync } from 'node:zlib';
import { decodePayload, type Payload } from '#twin/wire/sparkplug/payload.ts';

/** How Eclipse Tahu's clients mark a payload whose body is another payload, deflated or gzipped. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

/**
 * Reads a payload, and the one inside it when it is compressed; the sequence number of the inner one counts.
 * `most`: bytes it may have, unpacked too. Throws on what is longer and on what is no payload.
 */
export function readPayload(bytes: Uint8Array, most: number): Payload {
  if (bytes.length > most) throw new RangeError(`${bytes.length} bytes, more than ${most}`);
  const payload = decodePayload(bytes);
  if (payload.uuid !== COMPRESSED || !payload.body) return payload;
  return decodePayload(unzipSync(payload.body, { maxOutputLength: most }));
}
