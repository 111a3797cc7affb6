import { Random } from '#sim/random.ts';
import type { Station } from '#twin/model/station.ts';
import type { FaultTrial } from './fault.ts';

/** What makes rooms differ: kind, inlet, pump sets, size. */
function kindOf({ kind, inlet, pumpSets, meanDemand }: Station): string {
  const size = meanDemand < 3 ? 'small' : meanDemand < 12 ? 'middle' : 'large';
  return [kind, inlet.kind, pumpSets.length, size].join(' ');
}

/** Draws rooms of as many kinds as there are, each kind at most once more than any other. Boosters stand in the mains. */
export function drawRooms(
  stations: readonly Station[],
  fits: (station: Station) => boolean,
  count: number,
  seed: number,
): Station[] {
  const random = new Random(seed, 3);
  const kinds = new Map<string, Station[]>();
  for (const station of stations) {
    if (station.kind === 'booster' || !fits(station)) continue;
    const kind = kindOf(station);
    kinds.set(kind, [...(kinds.get(kind) ?? []), station]);
  }
  const order = [...kinds.keys()].sort();
  shuffle(order, random);
  const drawn: Station[] = [];
  while (drawn.length < count && order.length > 0) {
    for (const kind of [...order]) {
      const left = kinds.get(kind)!;
      if (left.length === 0) order.splice(order.indexOf(kind), 1);
      else if (drawn.length < count)
        drawn.push(...left.splice(Math.floor(random.uniform() * left.length), 1));
    }
  }
  return drawn;
}

function shuffle(list: string[], random: Random): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random.uniform() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

/** Rooms in which enough flows that a fault of a pump is felt. */
export const middling: FaultTrial['rooms'] = ({ meanDemand }) => meanDemand > 6;
