import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Station } from '#twin/model/station.ts';

/** The stations of a field and the pressure each finds in its main, hour by hour, MPa. */
export interface FieldCity {
  stations: Station[];
  mainsPressure: ReadonlyMap<string, ArrayLike<number>>;
}

const cityFile = z.object({
  stations: z.array(
    z.custom<Station>((value) => typeof value === 'object' && value !== null && 'code' in value),
  ),
  mainsPressure: z.record(z.string(), z.array(z.number().nonnegative()).length(24)),
});

/** Reads `{stations, mainsPressure: {code: 24 numbers}}`. @throws Error naming file and cause */
export function readCityFile(path: string): FieldCity {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`city file ${path}: ${(error as Error).message}`);
  }
  const parsed = cityFile.safeParse(content);
  if (!parsed.success) throw new Error(`city file ${path}: ${z.prettifyError(parsed.error)}`);
  const { stations, mainsPressure } = parsed.data;
  for (const { code } of stations)
    if (!mainsPressure[code]) throw new Error(`city file ${path}: no mains pressure for station ${code}`);
  return { stations, mainsPressure: new Map(Object.entries(mainsPressure)) };
}

/** The first so many stations, kinds mixed as in the whole: every n-th one. */
export function thin(city: FieldCity, count: number): FieldCity {
  const { stations } = city;
  if (count >= stations.length) return city;
  const picked = Array.from(
    { length: count },
    (_, i) => stations[Math.floor((i * stations.length) / count)]!,
  );
  return { ...city, stations: picked };
}
