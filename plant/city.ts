import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Network } from '#gis/network/model.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import type { Station } from '#twin/model/station.ts';

const has = (key: string) => (value: unknown) => typeof value === 'object' && value !== null && key in value;
const cityFile = z.object({
  stations: z.array(z.custom<Station>(has('code'), 'is no station')),
  network: z.custom<Omit<Network, 'coordinates' | 'vertices'>>(
    has('links'),
    'the network of mains is missing',
  ),
});

/** A city as text: its stations and its mains, without where they lie on the map. */
export function cityText({ stations, network }: CityDrawing): string {
  const { coordinates: _, vertices: __, ...mains } = network;
  return JSON.stringify({ stations, network: mains });
}

/** Reads what `cityText` wrote. @throws Error naming file and cause */
export function readCityFile(path: string): CityDrawing {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`city file ${path}: ${(error as Error).message}`);
  }
  const parsed = cityFile.safeParse(content);
  if (!parsed.success) throw new Error(`city file ${path}: ${z.prettifyError(parsed.error)}`);
  const { stations, network } = parsed.data;
  return { stations, network: { ...network, coordinates: new Map(), vertices: new Map() } };
}

/** The first so many stations, kinds mixed as in the whole: every n-th one. */
export function thin(stations: readonly Station[], count: number): readonly Station[] {
  if (count >= stations.length) return stations;
  return Array.from({ length: count }, (_, i) => stations[Math.floor((i * stations.length) / count)]!);
}
