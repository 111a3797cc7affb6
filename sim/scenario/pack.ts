import type { Circumstances } from '#sim/city/model.ts';
import { packCity, unpackCity } from '#sim/city/pack.ts';
import type { Course } from './events.ts';
import type { SavedRun } from './run.ts';

interface Kept {
  extent: string;
  base: Record<keyof Circumstances, number[]>;
  courses: Course[];
}

/** A saved run as bytes. @param extent of its scenario: another has other rooms */
export function packRun({ city, base, courses }: SavedRun, extent: string): Uint8Array<ArrayBuffer> {
  const { power, demand, chlorine, leak, speed, whole } = base;
  const kept: Kept = {
    extent,
    base: {
      power: [...power],
      demand: [...demand],
      chlorine: [...chlorine],
      leak: [...leak],
      speed: [...speed],
      whole: [...whole],
    },
    courses,
  };
  return packCity(city, kept);
}

/** @throws RangeError when the bytes are no saved run, or one of another extent */
export function unpackRun(bytes: Uint8Array, extent: string): SavedRun {
  const { saved, more } = unpackCity(bytes);
  const { extent: of, base, courses } = (more ?? {}) as Partial<Kept>;
  if (!base || !courses) throw new RangeError('this is no saved run');
  if (of !== extent) throw new RangeError(`it was saved from extent "${of}", not "${extent}"`);
  return {
    city: saved,
    base: {
      power: Float64Array.from(base.power),
      demand: Float64Array.from(base.demand),
      chlorine: Float64Array.from(base.chlorine),
      leak: Float64Array.from(base.leak),
      speed: Float64Array.from(base.speed),
      whole: Float64Array.from(base.whole),
    },
    courses,
  };
}
