import { InpError } from './issues.ts';

/** More than any city's network; beyond it a file is refused before it is looked at. */
export const largestFile = 64 * 1024 * 1024;

/**
 * The text of an input file: UTF-8, UTF-16 (with or without a byte order mark) or, failing that, GBK, the
 * usual encoding of Chinese desktop programs.
 *
 * @throws InpError when the file is too large or is not text
 */
export function decodeInp(bytes: Uint8Array, limit = largestFile): string {
  if (bytes.length > limit) {
    const mega = (n: number) => (n / 1024 / 1024).toFixed(0);
    throw new InpError([
      { line: 0, cause: `the file has ${mega(bytes.length)} MB; the limit is ${mega(limit)} MB` },
    ]);
  }
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const line = text.slice(0, nul).split('\n').length;
    throw new InpError([{ line, cause: 'the file is binary, not text' }]);
  }
  return text;
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const unmarked = unmarkedUtf16(bytes.subarray(0, 4096));
  if (unmarked) return unmarked;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
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
