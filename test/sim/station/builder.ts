import type { PumpSet, PumpUnit, Station, StationKind } from '#twin/model/station.ts';

interface PumpChoice {
  family: string;
  stages: number;
  motorKw: number;
  count: number;
}

/** A pump set of equal pumps, one of them stand-by. */
export function pumpSet(part: Partial<PumpSet> & { pump?: PumpChoice } = {}): PumpSet {
  const { pump = { family: '10', stages: 8, motorKw: 3, count: 3 }, ...rest } = part;
  return {
    zone: 'LO',
    setpoint: 0.5,
    pumps: Array.from({ length: pump.count }, (_, k) => pumpUnit(`P${k + 1}`, pump)),
    homes: 325,
    topHeight: 36,
    bladderLitres: 100,
    ...rest,
  };
}

function pumpUnit(id: string, { family, stages, motorKw }: PumpChoice): PumpUnit {
  return { id, family, stages, motorKw, model: `${family}-${stages}`, maker: 'A', year: 2019 };
}

/** A well-sized station of that kind; every part may be given. */
export function station(part: Partial<Station> = {}): Station {
  const kind: StationKind = part.kind ?? 'tank';
  return {
    code: 'SM-0001',
    name: { zh: '思明 001 号泵房', en: 'Siming pump room 001' },
    kind,
    district: '350203',
    supplyZone: 'Z1',
    node: 'N1',
    lon: 118.1,
    lat: 24.47,
    elevation: 12,
    pattern: 'RES_HIGH',
    meanDemand: kind === 'booster' ? 210 : 4.7,
    pumpSets: [
      kind === 'booster'
        ? pumpSet({
            setpoint: 0.45,
            topHeight: 22,
            bladderLitres: 300,
            pump: { family: 'B200-32', stages: 1, motorKw: 30, count: 4 },
          })
        : pumpSet(),
    ],
    ...(kind === 'tank' ? { tank: { compartments: 2 as const, volume: 24, height: 2.5 } } : {}),
    inlet: {
      kind: kind === 'tank' ? 'electric' : 'none',
      dn: kind === 'booster' ? 400 : 80,
      maxFlow: kind === 'booster' ? 800 : 20,
    },
    meters: [],
    year: 2019,
    ...part,
  };
}
