import { emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Junction, Network, Pipe } from '#gis/network/model.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { pumpSet, station } from '#test/sim/station/builder.ts';
import { pumpFamily, pumpHead } from '#twin/curves/pump.ts';
import { HOUR } from '#twin/units.ts';

/** A Wednesday in November, 06:30 local time. */
export const MORNING = Date.UTC(2026, 10, 18) - 8 * HOUR + 6.5 * HOUR;

/** One stage lifts 28 m at no flow. */
const BOOSTER = { family: '64', stages: 1, motorKw: 7.5, count: 2 };

/**
 * A small town: works with a pump on a speed pattern, a main through four streets, a booster behind the last and
 * a street above it. Tank rooms SM-0001 (electric valve) and SM-0002 (float valve), inline room SM-0003,
 * booster SM-B01; 60 m³/h of direct demand.
 */
export function town(): CityDrawing {
  const home = (base: number, category?: string) => ({
    base,
    pattern: 'flat',
    ...(category ? { category } : {}),
  });
  const network: Network = {
    ...emptyNetwork('small town'),
    nodes: [
      { kind: 'reservoir', id: 'W1-CW', head: 5 },
      junction('W1-OUT', 5),
      junction('N1', 8, home(20), home(4.7, 'SM-0001')),
      junction('N2', 8, home(20), home(4.7, 'SM-0002')),
      junction('N3', 8, home(20), home(4.7, 'SM-0003')),
      junction('SM-B01-IN', 10),
      junction('SM-B01-OUT', 10),
      junction('N4', 22, home(60)),
    ],
    links: [
      {
        kind: 'pump',
        id: 'W1-PS',
        from: 'W1-CW',
        to: 'W1-OUT',
        headCurve: 'C-W1',
        speed: 1,
        speedPattern: 'S-W1',
        status: 'open',
      },
      pipe('P1', 'W1-OUT', 'N1', 400),
      pipe('P2', 'N1', 'N2', 300),
      pipe('P3', 'N2', 'N3', 300),
      pipe('P4', 'N1', 'N3', 300),
      pipe('P5', 'N3', 'SM-B01-IN', 300),
      ...[1, 2].map((k) => ({
        kind: 'pump' as const,
        id: `SM-B01-P${k}`,
        from: 'SM-B01-IN',
        to: 'SM-B01-OUT',
        headCurve: 'C-B',
        speed: 1,
        status: 'open' as const,
      })),
      { ...pipe('SM-B01-BP', 'SM-B01-IN', 'SM-B01-OUT', 300), status: 'cv', length: 10 },
      pipe('P6', 'SM-B01-OUT', 'N4', 250),
    ],
    patterns: [
      { id: 'flat', multipliers: Array.from({ length: 24 }, () => 1) },
      { id: 'S-W1', multipliers: Array.from({ length: 24 }, () => 1) },
    ],
    curves: [
      { id: 'C-W1', kind: 'head', points: [{ x: 160, y: 40 }] },
      {
        id: 'C-B',
        kind: 'head',
        points: [0, 60, 90].map((x) => ({
          x,
          y: pumpHead(pumpFamily(BOOSTER.family), BOOSTER.stages, x, 1),
        })),
      },
    ],
  };
  return {
    network,
    stations: [
      station({ code: 'SM-0001', node: 'N1', supplyZone: 'Z-W1' }),
      station({
        code: 'SM-0002',
        node: 'N2',
        supplyZone: 'Z-W1',
        inlet: { kind: 'float', dn: 80, maxFlow: 20 },
      }),
      station({ code: 'SM-0003', node: 'N3', supplyZone: 'Z-W1', kind: 'inline' }),
      booster(),
    ],
  };
}

function booster() {
  const pumpSets = [pumpSet({ setpoint: 0.45, topHeight: 22, bladderLitres: 300, pump: BOOSTER })];
  return station({
    code: 'SM-B01',
    node: 'SM-B01-IN',
    supplyZone: 'Z-SM-B01',
    kind: 'booster',
    pumpSets,
  });
}

function junction(id: string, elevation: number, ...demands: Junction['demands']): Junction {
  return { kind: 'junction', id, elevation, demands };
}

function pipe(id: string, from: string, to: string, diameter: number): Pipe {
  return {
    kind: 'pipe',
    id,
    from,
    to,
    length: 400,
    diameter,
    roughness: 110,
    minorLoss: 0,
    status: 'open',
  };
}
