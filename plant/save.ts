import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

/** The states of all rooms at one time, as one row of numbers. */
export interface SavedField {
  time: number;
  states: Float64Array;
  /** taken at the end of a run: nothing was read from sensors after it */
  final: boolean;
}

const VERSION = 3;

/**
 * Reads what was saved for exactly these stations; null when there is nothing of the kind.
 * @param signature tells one set of stations from another
 * @param length of the states expected
 */
export function readSaved(path: string, signature: string, length: number): SavedField | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return null;
  }
  const end = bytes.indexOf(10);
  try {
    const head: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    const { version, signature: of, time, final } = head as Record<string, unknown>;
    const states = new Float64Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
    const whole = states.length === length && states.every(Number.isFinite);
    if (version !== VERSION || of !== signature || typeof time !== 'number' || !whole) return null;
    return { time, states, final: final === true };
  } catch {
    return null;
  }
}

/** Replaces the file as a whole: a reader finds the old or the new state. */
export async function save(path: string, signature: string, saved: SavedField): Promise<void> {
  await writeFile(`${path}.new`, content(signature, saved));
  await rename(`${path}.new`, path);
}

export function saveNow(path: string, signature: string, saved: SavedField): void {
  writeFileSync(`${path}.new`, content(signature, saved));
  renameSync(`${path}.new`, path);
}

function content(signature: string, { time, states, final }: SavedField): Buffer {
  const head = `${JSON.stringify({ version: VERSION, signature, time, final })}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(states.buffer, states.byteOffset, states.byteLength)]);
}
