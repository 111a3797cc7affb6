import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { packedLength, packRoom, type Room, unpackRoom } from '#sim/station/state.ts';

/** The states of all rooms at one time, as one row of numbers. */
export interface SavedField {
  time: number;
  states: Float64Array;
}

/** Rooms packed one after the other, each at its place. */
export class FieldStates {
  readonly packed: Float64Array;
  private readonly places: number[] = [];

  constructor(private readonly rooms: readonly Room[]) {
    let length = 0;
    for (const room of rooms) {
      this.places.push(length);
      length += packedLength(room);
    }
    this.packed = new Float64Array(length);
  }

  take(station: number): void {
    packRoom(this.rooms[station]!, this.packed, this.places[station]!);
  }

  /** @throws RangeError when the saved numbers do not fit the rooms */
  giveBack(states: Float64Array): void {
    if (states.length !== this.packed.length)
      throw new RangeError(`saved state has ${states.length} numbers instead of ${this.packed.length}`);
    this.rooms.forEach((room, i) => {
      unpackRoom(room, states, this.places[i]!);
    });
  }
}

const VERSION = 1;

/**
 * Reads what was saved for exactly these stations; null when there is nothing of the kind.
 * @param signature tells one set of stations from another
 */
export function readSaved(path: string, signature: string): SavedField | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return null;
  }
  const end = bytes.indexOf(10);
  try {
    const head: unknown = JSON.parse(bytes.toString('utf8', 0, end));
    const { version, signature: of, time } = head as Record<string, unknown>;
    if (version !== VERSION || of !== signature || typeof time !== 'number') return null;
    return { time, states: new Float64Array(Uint8Array.from(bytes.subarray(end + 1)).buffer) };
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

function content(signature: string, { time, states }: SavedField): Buffer {
  const head = `${JSON.stringify({ version: VERSION, signature, time })}\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(states.buffer, states.byteOffset, states.byteLength)]);
}
