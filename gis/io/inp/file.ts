import { readFileSync, statSync } from 'node:fs';
import type { Network } from '#gis/network/model.ts';
import { checkSize } from './decode.ts';
import { readInp } from './read.ts';

/**
 * Reads an EPANET input file from disk; one that is too large is refused before it is in memory.
 * @throws InpError with everything that is wrong, each with its line and cause
 */
export function readInpFile(path: string): { network: Network; warnings: string[] } {
  checkSize(statSync(path).size);
  return readInp(readFileSync(path));
}
