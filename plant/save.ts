import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { packCity, unpackCity } from '#sim/city/pack.ts';
import type { SavedCity } from '#sim/city/save.ts';
import type { KeptInjection } from './injections.ts';

/** The whole field at one time. */
export interface SavedField {
  city: SavedCity;
  injections: KeptInjection[];
  /** taken at the end of a run: nothing was read from sensors after it */
  final: boolean;
}

/**
 * Reads what was saved for exactly these stations; null when there is nothing of the kind.
 * @param signature tells one set of stations from another
 */
export function readSaved(path: string, signature: string): SavedField | null {
  try {
    const { saved, more } = unpackCity(readFileSync(path));
    const { signature: of, injections, final } = more as Omit<SavedField, 'city'> & { signature: string };
    return of === signature ? { city: saved, injections, final: final === true } : null;
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

function content(signature: string, { city, ...more }: SavedField): Uint8Array {
  return packCity(city, { signature, ...more });
}
