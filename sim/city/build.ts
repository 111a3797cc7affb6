import type { Junction, Network } from '#gis/network/model.ts';
import { demandProfile } from '#sim/demand/profile.ts';
import { compile } from '#sim/hydraulics/compile.ts';
import type { RoomCondition } from '#sim/station/condition.ts';
import { roomSpec } from '#sim/station/spec.ts';
import type { Station } from '#twin/model/station.ts';
import { dispatchOf } from './dispatch.ts';
import type { BoosterPlace, CityModel, RoomPlace, ScheduledPump } from './model.ts';

/** A city as drawn. */
export interface CityDrawing {
  network: Network;
  stations: readonly Station[];
}

/** What sets a room apart from its drawing. */
export interface RoomTruth {
  condition?: RoomCondition;
  /** factor on the demand on file */
  demandFactor?: number;
  demandSeed?: number;
}

/**
 * Makes a city ready to run. Demand that the network assigns to a simulated room (its category) leaves the
 * network: the room takes water itself. Pumps named `CODE-P1` … of a simulated booster follow its controller.
 *
 * @param only which stations are simulated; the others stay demand of the network
 * @throws RangeError naming a station whose node is not in the network, or that cannot be simulated
 */
export function buildCity(
  { network, stations }: CityDrawing,
  options: {
    seed: number;
    only?: (station: Station) => boolean;
    truth?: (station: Station, index: number) => RoomTruth;
  },
): CityModel {
  const { seed, only = () => true, truth = (): RoomTruth => ({}) } = options;
  const chosen = stations.flatMap((station, index) => (only(station) ? [{ station, index }] : []));
  const codes = new Set(chosen.map(({ station }) => station.code));
  const speeds = new Map(network.patterns.map(({ id, multipliers }) => [id, multipliers]));
  const own = new Set(
    chosen.flatMap(({ station }) =>
      station.kind === 'booster' ? station.pumpSets[0]!.pumps.map((_, k) => `${station.code}-P${k + 1}`) : [],
    ),
  );
  const h = compile({
    ...network,
    nodes: network.nodes.map((node) => (node.kind === 'junction' ? withoutRooms(node, codes) : node)),
    links: network.links.map((link) => {
      if (link.kind !== 'pump' || link.speedPattern === undefined) return link;
      const { speedPattern: _, ...rest } = link;
      return rest;
    }),
  });
  const scheduled: ScheduledPump[] = network.links.flatMap((link) =>
    link.kind === 'pump' && link.speedPattern !== undefined && !own.has(link.id)
      ? [
          {
            link: h.linkIndex.get(link.id)!,
            speeds: speeds.get(link.speedPattern)!,
            dispatch: dispatchOf(network, h, link.id, codes),
          },
        ]
      : [],
  );
  const rooms: RoomPlace[] = [];
  let sets = 0;
  for (const { station, index } of chosen) {
    const node = h.nodeIndex.get(station.node);
    if (node === undefined)
      throw new RangeError(`station ${station.code}: node ${station.node} is not in the network`);
    const { condition, demandFactor = 1, demandSeed = seed * 7919 + index } = truth(station, index);
    const homes = station.pumpSets.reduce((sum, set) => sum + set.homes, 0);
    const mean = station.meanDemand * demandFactor;
    rooms.push({
      station,
      spec: roomSpec(station, condition),
      node,
      profile: demandProfile(station.pattern, station.meanDemand, demandSeed),
      firstSet: sets,
      means: station.pumpSets.map((set) => (homes > 0 ? (mean * set.homes) / homes : mean)),
      booster: station.kind === 'booster' ? boosterPlace(h, station) : null,
    });
    sets += station.pumpSets.length;
  }
  return {
    h,
    rooms,
    roomOf: new Map(rooms.map(({ station }, i) => [station.code, i])),
    scheduled,
    sets,
  };
}

function withoutRooms(node: Junction, codes: ReadonlySet<string>): Junction {
  const taken = node.demands.some(({ category }) => category !== undefined && codes.has(category));
  if (!taken) return node;
  return { ...node, demands: node.demands.filter(({ category }) => !category || !codes.has(category)) };
}

function boosterPlace(h: CityModel['h'], { code, pumpSets }: Station): BoosterPlace | null {
  const pumps = pumpSets[0]!.pumps.map((_, k) => h.linkIndex.get(`${code}-P${k + 1}`) ?? -1);
  if (pumps.includes(-1)) throw new RangeError(`booster ${code}: not all of its pumps are in the network`);
  const bypass = h.linkIndex.get(`${code}-BP`) ?? -1;
  return { pumps, outlet: h.to[pumps[0]!]!, bypass };
}
