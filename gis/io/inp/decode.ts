import { BinaryError, decodeText } from '#twin/text/decode.ts';
import { InpError } from './issues.ts';

const MEGA = 1024 * 1024;
/** More than any city's network; beyond it a file is refused before it is looked at. */
const LARGEST = 256 * MEGA;

/** @throws InpError when a file of so many bytes is not read */
export function checkSize(bytes: number): void {
  if (bytes <= LARGEST) return;
  throw InpError.of(0, `the file has ${(bytes / MEGA).toFixed(0)} MB; the limit is ${LARGEST / MEGA} MB`);
}

/**
 * The text of an input file, in any of the encodings that such files come in.
 *
 * @throws InpError when the file is too large or is not text
 */
export function decodeInp(bytes: Uint8Array): string {
  checkSize(bytes.length);
  try {
    return decodeText(bytes);
  } catch (error) {
    if (error instanceof BinaryError) throw InpError.of(error.line, error.message);
    throw error;
  }
}
