import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * Compression of a chunk's part: one byte that says how, then the bytes. Parts are some hundred bytes, so the
 * window is small, and most of the gain is in coding the small differences of noise by their frequency.
 */

const PLAIN = 0;
const DEFLATED = 1;
const SHORTEST = 24;
const OPTIONS = { level: 6, memLevel: 9, windowBits: 15, strategy: constants.Z_DEFAULT_STRATEGY };

/** An empty part stays empty. */
export function pack(part: Uint8Array): Uint8Array {
  if (part.length === 0) return part;
  const deflated = part.length >= SHORTEST ? deflateRawSync(part, OPTIONS) : undefined;
  const smaller = deflated !== undefined && deflated.length < part.length;
  const body = smaller ? deflated : part;
  const packed = new Uint8Array(body.length + 1);
  packed[0] = smaller ? DEFLATED : PLAIN;
  packed.set(body, 1);
  return packed;
}

export function unpack(packed: Uint8Array): Uint8Array {
  if (packed.length === 0) return packed;
  return packed[0] === DEFLATED ? inflateRawSync(packed.subarray(1)) : packed.subarray(1);
}
