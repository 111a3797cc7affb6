/** Whether the first `count` bytes are alike, four at a time: most solves of a city find that no status has changed. */
export function sameBytes(a: Uint8Array, b: Uint8Array, count: number): boolean {
  const words = count >> 2;
  const wordsOfA = new Int32Array(a.buffer, a.byteOffset, words);
  const wordsOfB = new Int32Array(b.buffer, b.byteOffset, words);
  for (let i = 0; i < words; i++) if (wordsOfA[i] !== wordsOfB[i]) return false;
  for (let i = words << 2; i < count; i++) if (a[i] !== b[i]) return false;
  return true;
}
