import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkLink, NetworkNode, Pipe } from '#gis/network/model.ts';
import { cityText } from '#plant/city.ts';
import type { CityDrawing } from '#sim/city/build.ts';
import { town } from '#test/sim/city/town.ts';
import { pumpSet, station } from '#test/sim/station/builder.ts';
import type { Station } from '#twin/model/station.ts';

/**
 * A small field of every kind of station along one main from the works W1: three tanks in four, two zones in some,
 * every tenth a booster with a street behind it. The node of `SM-0003` is `SM-0003-IN`.
 */
export function smallCity(count: number): CityDrawing {
  const stations = Array.from({ length: count }, (_, i): Station => {
    const code = `SM-${String(i + 1).padStart(4, '0')}`;
    const place = { code, node: `${code}-IN`, supplyZone: 'Z-W1', year: 2012 + (i % 12) };
    if (i % 10 === 9) return station({ ...place, kind: 'booster', pattern: 'CITY_total' });
    const high = pumpSet({ zone: 'HI', setpoint: 0.8, topHeight: 62, homes: 200, pump: HIGH });
    const two = { pumpSets: [pumpSet(), high], meanDemand: 7.6 };
    return station({
      ...place,
      kind: i % 4 === 3 ? 'inline' : 'tank',
      ...(i % 2 === 1 ? two : {}),
      ...(i % 4 === 1 ? { inlet: { kind: 'float' as const, dn: 80, maxFlow: 25 } } : {}),
      ...(i % 4 === 2 ? { pattern: 'OFFICE' } : {}),
    });
  });
  return { stations, network: mainTo(stations) };
}

const HIGH = { family: '10', stages: 12, motorKw: 4, count: 3 };
/** m³/h of the street behind a booster */
const STREET = 210;

function mainTo(stations: readonly Station[]): CityDrawing['network'] {
  const nodes: NetworkNode[] = [
    { kind: 'reservoir', id: 'W1-CW', head: 5 },
    { kind: 'junction', id: 'W1-OUT', elevation: 5, demands: [{ base: 10, pattern: 'flat' }] },
  ];
  const links: NetworkLink[] = [
    {
      kind: 'pump',
      id: 'W1-PS',
      from: 'W1-CW',
      to: 'W1-OUT',
      headCurve: 'C-W1',
      speed: 1,
      speedPattern: 'flat',
      status: 'open',
    },
  ];
  let before = 'W1-OUT';
  let flow = 10;
  for (const { code, kind, node, meanDemand, pumpSets } of stations) {
    const demands = [{ base: meanDemand, pattern: 'flat', category: code }];
    nodes.push({ kind: 'junction', id: node, elevation: 8, demands: kind === 'booster' ? [] : demands });
    links.push(pipe(`${code}-M`, before, node));
    before = node;
    flow += kind === 'booster' ? STREET : meanDemand;
    if (kind !== 'booster') continue;
    const out = `${code}-OUT`;
    nodes.push({ kind: 'junction', id: out, elevation: 8, demands: [{ base: STREET, pattern: 'flat' }] });
    links.push({ ...pipe(`${code}-BP`, node, out), status: 'cv' });
    for (const { id } of pumpSets[0]!.pumps)
      links.push({
        kind: 'pump',
        id: `${code}-${id}`,
        from: node,
        to: out,
        headCurve: 'C-B',
        speed: 1,
        status: 'open',
      });
  }
  return {
    ...town().network,
    nodes,
    links,
    patterns: [{ id: 'flat', multipliers: Array.from({ length: 24 }, () => 1) }],
    curves: [
      { id: 'C-W1', kind: 'head', points: [{ x: 1.6 * flow + 20, y: 30 }] },
      { id: 'C-B', kind: 'head', points: [{ x: 120, y: 28 }] },
    ],
  };
}

function pipe(id: string, from: string, to: string): Pipe {
  return {
    kind: 'pipe',
    id,
    from,
    to,
    length: 100,
    diameter: 500,
    roughness: 110,
    minorLoss: 0,
    status: 'open',
  };
}

/** Writes a small city for the plant process and returns the path. */
export function writeSmallCity(folder: string, count: number): string {
  const path = join(folder, 'city.json');
  writeFileSync(path, cityText(smallCity(count)));
  return path;
}
