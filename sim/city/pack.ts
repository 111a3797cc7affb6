import type { SavedCity } from './save.ts';

const VERSION = 1;

/** A saved city as bytes: a line of JSON, then its numbers, then its mains. @param more plain data kept with it */
export function packCity({ numbers, mains, ...head }: SavedCity, more: unknown): Uint8Array<ArrayBuffer> {
  const sizes = { numbers: numbers.length, mains: mains.length };
  const line = new TextEncoder().encode(`${JSON.stringify({ version: VERSION, ...head, ...sizes, more })}\n`);
  const bytes = new Uint8Array(line.length + numbers.byteLength + mains.length);
  bytes.set(line);
  bytes.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength), line.length);
  bytes.set(mains, line.length + numbers.byteLength);
  return bytes;
}

/** @throws RangeError when the bytes are no saved city, or not a whole one */
export function unpackCity(bytes: Uint8Array): { saved: SavedCity; more: unknown } {
  const end = bytes.indexOf(10);
  let head: SavedHead;
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)))) as SavedHead;
  } catch {
    throw new RangeError('this is no saved state of a city');
  }
  const { version, numbers: count, mains: size, more, ...rest } = head;
  if (version !== VERSION)
    throw new RangeError(`a saved state of version ${String(version)} is not understood`);
  // a copy of its own: numbers want to lie at a multiple of eight
  const body = Uint8Array.from(bytes.subarray(end + 1));
  if (body.length !== 8 * count + size) throw new RangeError('the saved state is not whole');
  const numbers = new Float64Array(body.buffer, 0, count);
  const bad = numbers.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`number ${bad} of the saved state is ${numbers[bad]}`);
  return { saved: { ...rest, numbers, mains: body.subarray(8 * count) }, more };
}

type SavedHead = Omit<SavedCity, 'numbers' | 'mains'> & {
  version: number;
  numbers: number;
  mains: number;
  more: unknown;
};
