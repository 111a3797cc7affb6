import type { PressureZone, PumpSet, Station, StationKind } from '#twin/model/station.ts';

/** A station to test with: only what the test names differs from a plain tank room with one set of three pumps. */
export function aStation(code = 'SM-0001', given: Partial<Station> = {}): Station {
  const kind: StationKind = given.kind ?? 'tank';
  return {
    code,
    name: { zh: `${code} 泵房`, en: `Pump room ${code}` },
    kind,
    district: '350203',
    supplyZone: 'Z1',
    node: 'N1',
    lon: 118.1,
    lat: 24.47,
    elevation: 12,
    pattern: 'RES_HIGH',
    meanDemand: 5,
    pumpSets: [aPumpSet('LO', 3)],
    ...(kind === 'tank' && { tank: { compartments: 2 as const, volume: 24, height: 2.5 } }),
    inlet: { kind: 'electric', dn: 80, maxFlow: 20 },
    meters: [],
    year: 2019,
    ...given,
  };
}

export function aPumpSet(zone: PressureZone, pumps: number): PumpSet {
  return {
    zone,
    setpoint: 0.5,
    pumps: Array.from({ length: pumps }, (_, i) => ({
      id: `P${i + 1}`,
      family: '10',
      stages: 8,
      motorKw: 3,
      model: '10-8',
      maker: 'A',
      year: 2019,
    })),
    homes: 325,
    topHeight: 36,
    bladderLitres: 100,
  };
}
