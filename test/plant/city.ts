import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pumpSet, station } from '#test/sim/station/builder.ts';
import type { Station } from '#twin/model/station.ts';

/** A small field of every kind of station: three tanks in four, two zones in some, boosters at the end. */
export function smallCity(count: number): { stations: Station[]; mainsPressure: Record<string, number[]> } {
  const stations = Array.from({ length: count }, (_, i) => {
    const code = `SM-${String(i + 1).padStart(4, '0')}`;
    const year = 2012 + (i % 12);
    if (i % 10 === 9) return station({ code, kind: 'booster', pattern: 'CITY_total', year });
    const high = pumpSet({ zone: 'HI', setpoint: 0.8, topHeight: 62, homes: 200, pump: HIGH });
    const two = { pumpSets: [pumpSet(), high], meanDemand: 7.6 };
    return station({
      code,
      year,
      kind: i % 4 === 3 ? 'inline' : 'tank',
      ...(i % 2 === 1 ? two : {}),
      ...(i % 4 === 1 ? { inlet: { kind: 'float' as const, dn: 80, maxFlow: 25 } } : {}),
      ...(i % 4 === 2 ? { pattern: 'OFFICE' } : {}),
    });
  });
  const hourly = Array.from({ length: 24 }, (_, h) => 0.31 + 0.03 * Math.cos((2 * Math.PI * (h - 3)) / 24));
  return { stations, mainsPressure: Object.fromEntries(stations.map(({ code }) => [code, hourly])) };
}

const HIGH = { family: '10', stages: 12, motorKw: 4, count: 3 };

/** Writes a small city for the plant process and returns the path. */
export function writeSmallCity(folder: string, count: number): string {
  const path = join(folder, 'city.json');
  writeFileSync(path, JSON.stringify(smallCity(count)));
  return path;
}
