import type { Outage } from './outage.ts';
import { badNetwork } from './outages/badNetwork.ts';
import { brokerAway } from './outages/brokerAway.ts';
import { clockWrong } from './outages/clockWrong.ts';
import { databaseAway } from './outages/databaseAway.ts';
import { databaseDiskFull, queueDiskFull } from './outages/diskFull.ts';
import { gatewaysKilled } from './outages/gatewaysKilled.ts';
import { rollingRestart } from './outages/rollingRestart.ts';
import { serverKilled } from './outages/serverKilled.ts';
import { serverStarved } from './outages/serverStarved.ts';
import { soak } from './outages/soak.ts';
import { stationsLost } from './outages/stationsLost.ts';

/** All kinds of outage, in the order they run. */
export const OUTAGES: readonly Outage[] = [
  brokerAway,
  databaseAway,
  serverKilled,
  serverStarved,
  gatewaysKilled,
  stationsLost,
  badNetwork,
  clockWrong,
  rollingRestart,
  databaseDiskFull,
  queueDiskFull,
  soak,
];

/** Those named, separated by commas; all when none is. Throws on a name that there is not. */
export function outagesNamed(names: string | undefined): readonly Outage[] {
  if (names === undefined) return OUTAGES;
  return names.split(',').map((name) => {
    const outage = OUTAGES.find(({ row }) => row === name);
    if (!outage) throw new Error(`no row ${name}; there are ${OUTAGES.map(({ row }) => row).join(', ')}`);
    return outage;
  });
}
