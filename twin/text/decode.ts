/** Bytes that are no text. */
export class BinaryError extends Error {
  /** @param line from 1, of the first byte that no text has */
  constructor(readonly line: number) {
    super('the file is binary, not text');
  }
}

/**
 * The text of a file that somebody wrote: UTF-8, UTF-16 (with or without a byte order mark) or, failing that, GBK, the
 * usual encoding of Chinese desktop programs. A byte order mark is not part of it.
 *
 * @throws BinaryError
 */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = markedUtf16(bytes) ?? unmarkedUtf16(bytes.subarray(0, 4096));
  const text = utf16 ? new TextDecoder(utf16).decode(bytes) : utf8OrGbk(bytes);
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new BinaryError(text.slice(0, nul).split('\n').length);
  return text;
}

function markedUtf16(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** ASCII written as UTF-16 has a zero in nearly every other byte. */
function unmarkedUtf16(head: Uint8Array): string | undefined {
  let even = 0;
  let odd = 0;
  head.forEach((byte, i) => {
    if (byte !== 0) return;
    if (i % 2 === 0) even++;
    else odd++;
  });
  const many = head.length / 4;
  if (odd > many && even < many / 8) return 'utf-16le';
  if (even > many && odd < many / 8) return 'utf-16be';
  return undefined;
}

function utf8OrGbk(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}
