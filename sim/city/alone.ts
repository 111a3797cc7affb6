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
    title: station.code,
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
    patterns: [],
    curves: [],
    controls: [],
    rules: [],
    times: {
      duration: 86_400,
      hydraulicStep: 3600,
      patternStep: 3600,
      patternStart: 0,
      reportStep: 3600,
      reportStart: 0,
      ruleStep: 360,
      startClockTime: 0,
    },
    options: {
      headloss: 'H-W',
      viscosity: 1,
      specificGravity: 1,
      trials: 100,
      accuracy: 0.0005,
      headError: 0,
      flowChange: 0,
      unbalanced: { stop: false, extraTrials: 10 },
      demandMultiplier: 1,
      emitterExponent: 0.5,
      checkFrequency: 2,
      maxCheck: 10,
      dampLimit: 0,
      demandModel: 'DDA',
      minimumPressure: 0,
      requiredPressure: 14,
      pressureExponent: 0.5,
    },
    coordinates: new Map(),
    vertices: new Map(),
  };
  return { network, stations: [station] };
}
