import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Junction, Network, Pipe } from '#gis/network/model.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import type { Station } from '#twin/model/station.ts';

/** Head of the works, m, and height of the street: 0.33 MPa at night, 0.27 at the peaks. */
const WORKS_HEAD = 42;
const STREET = 8;
/** Direct demand of the street by hour, m³/h: what makes the pressure breathe. */
const BASE = 500;
const BY_HOUR = [
  0.4, 0.35, 0.33, 0.33, 0.4, 0.7, 1.3, 1.6, 1.4, 1.1, 1.05, 1.2, 1.25, 1, 0.9, 0.9, 1, 1.3, 1.6, 1.7, 1.5,
  1.2, 0.8, 0.5,
];

/**
 * Rooms of the city, each on a branch of its own at a street with demand: a simple main that is quick to solve, so
 * that what happens in one room does not reach the others.
 */
export function street(stations: readonly Station[]): CityDrawing {
  const node = ({ code }: Station) => `N-${code}`;
  const network: Network = {
    ...emptyNetwork('street'),
    nodes: [
      { kind: 'reservoir', id: 'W', head: WORKS_HEAD },
      junction('HUB', STREET, { base: BASE, pattern: 'day' }),
      ...stations.map((station) => junction(node(station), STREET)),
    ],
    links: [
      pipe('MAIN', 'W', 'HUB', 500, 1500),
      ...stations.map((station) => pipe(`B-${station.code}`, 'HUB', node(station), 200, 150)),
    ],
    patterns: [{ id: 'day', multipliers: BY_HOUR }],
  };
  return { network, stations: stations.map((station) => ({ ...station, node: node(station) })) };
}

function junction(id: string, elevation: number, ...demands: Junction['demands']): Junction {
  return { kind: 'junction', id, elevation, demands };
}

function pipe(id: string, from: string, to: string, diameter: number, length: number): Pipe {
  return { kind: 'pipe', id, from, to, length, diameter, roughness: 110, minorLoss: 0, status: 'open' };
}
