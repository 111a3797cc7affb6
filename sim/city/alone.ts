import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Network } from '#gis/network/model.ts';
import type { Station } from '#twin/model/station.ts';
import { metresFromMpa } from '#twin/units.ts';
import type { CityDrawing } from './build.ts';

/** Pressure of the main at rest, MPa; the pipe to the room loses a few hundredths at its contract flow. */
const REST = 0.32;

/**
 * One room on a main of its own, for looking at a room without its city.
 * @throws RangeError for a booster, whose pumps are links of a network
 */
export function aloneDrawing(station: Station): CityDrawing {
  if (station.kind === 'booster')
    throw new RangeError(`booster ${station.code} cannot be run without its mains`);
  const demands = [{ base: station.meanDemand, category: station.code }];
  const network: Network = {
    ...emptyNetwork(station.code),
    nodes: [
      { kind: 'reservoir', id: 'MAIN', head: station.elevation + metresFromMpa(REST) },
      { kind: 'junction', id: station.node, elevation: station.elevation, demands },
    ],
    links: [
      {
        kind: 'pipe',
        id: 'BRANCH',
        from: 'MAIN',
        to: station.node,
        length: 200,
        diameter: Math.max(80, station.inlet.dn),
        roughness: 110,
        minorLoss: 0,
        status: 'open',
      },
    ],
  };
  return { network, stations: [station] };
}
