import { templateById } from '#twin/catalogue/template.ts';

/** The room that history tests measure: one zone, three pumps. */
export const ROOM = templateById('tank:LO3');

/** Pseudo-random numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The arguments of an append after station, template and time. */
export interface Values {
  count: number;
  points: Uint16Array;
  values: Float64Array;
  qualities: Uint8Array;
}

/** Values by point name; a pair gives the quality as well. */
export function valuesOf(named: Record<string, number | [value: number, quality: number]>): Values {
  const entries = Object.entries(named);
  return {
    count: entries.length,
    points: Uint16Array.from(entries, ([name]) => {
      const index = ROOM.index.get(name);
      if (index === undefined) throw new Error(`no point ${name}`);
      return index;
    }),
    values: Float64Array.from(entries, ([, value]) => (typeof value === 'number' ? value : value[0])),
    qualities: Uint8Array.from(entries, ([, value]) => (typeof value === 'number' ? 0 : value[1])),
  };
}
