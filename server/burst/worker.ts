import { parentPort } from 'node:worker_threads';
import { locateBurst } from '#sim/burst/locate.ts';
import type { MainOnFile, Seen, StationOnFile, ZoneOnFile } from '#sim/burst/onFile.ts';
import type { Localisation } from '#sim/burst/suspects.ts';
import { zoneMains } from '#sim/burst/zoneMains.ts';
import { threadData } from '../threads.ts';

/** What the thread is started with: the network as it is on file. */
export interface OnFile {
  mains: MainOnFile[];
  stations: StationOnFile[];
  zones: ZoneOnFile[];
}

export interface BurstQuestion {
  /** id of the supply zone */
  zone: string;
  seen: Seen[];
}

/** null: the zone's source is not on file, or too few rooms saw anything. */
export type BurstAnswer = Localisation | null;

const { mains, stations, zones } = threadData as OnFile;

parentPort?.on('message', ({ zone: id, seen }: BurstQuestion) => {
  const zone = zones.find((one) => one.id === id);
  const network = zone ? zoneMains(zone, mains, stations) : null;
  parentPort?.postMessage((network && locateBurst(network, seen)) satisfies BurstAnswer);
});
