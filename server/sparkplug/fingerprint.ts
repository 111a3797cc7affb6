/** FNV-1a of the bytes, 32 bits, never 0. Tells a message that came twice from another one of its number. */
export function fingerprint(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash || 1;
}
