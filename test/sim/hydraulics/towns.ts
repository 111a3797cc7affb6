import fc from 'fast-check';
import { defaultOptions, emptyNetwork } from '#gis/network/emptyNetwork.ts';
import type { Junction, Network, NetworkLink, Valve, ValveType } from '#gis/network/model.ts';

/** A network with the given parts, metric, in CMH, solved tightly. */
export function town(parts: Partial<Network>, options: Partial<Network['options']> = {}): Network {
  const empty = emptyNetwork('a town');
  return {
    ...empty,
    times: { ...empty.times, duration: 0 },
    options: { ...defaultOptions(), accuracy: 1e-5, ...options },
    units: 'CMH',
    ...parts,
  };
}

export function junction(id: string, elevation: number, base = 0, pattern?: string): Junction {
  return { kind: 'junction', id, elevation, demands: [{ base, ...(pattern ? { pattern } : {}) }] };
}

export function pipe(
  id: string,
  from: string,
  to: string,
  length: number,
  diameter: number,
  more: object = {},
): NetworkLink {
  return {
    kind: 'pipe',
    id,
    from,
    to,
    length,
    diameter,
    roughness: 110,
    minorLoss: 0,
    status: 'open',
    ...more,
  };
}

const pumpCurves = {
  onePoint: [{ x: 300, y: 45 }],
  threePoint: [
    { x: 0, y: 62 },
    { x: 300, y: 45 },
    { x: 600, y: 10 },
  ],
  custom: [
    { x: 0, y: 60 },
    { x: 150, y: 55 },
    { x: 350, y: 40 },
    { x: 700, y: 2 },
  ],
};

/**
 * A random town: a grid of streets fed by a pump from a lake and by a tank, with one valve between two of its
 * parts, perhaps a check valve, a closed pipe, an emitter and a level control.
 */
export function anyTown(type: ValveType): fc.Arbitrary<Network> {
  return fc
    .record({
      rows: fc.integer({ min: 2, max: 4 }),
      heights: fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 16, maxLength: 16 }),
      demands: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 16, maxLength: 16 }),
      lengths: fc.array(fc.integer({ min: 50, max: 1500 }), { minLength: 40, maxLength: 40 }),
      diameters: fc.array(fc.constantFrom(100, 150, 200, 300, 400), { minLength: 40, maxLength: 40 }),
      pump: fc.constantFrom('onePoint' as const, 'threePoint' as const, 'custom' as const, 'power' as const),
      speed: fc.constantFrom(1, 0.9, 1.1),
      formula: fc.constantFrom('H-W' as const, 'D-W' as const, 'C-M' as const),
      minorLoss: fc.constantFrom(0, 0, 2.5),
      level: fc.integer({ min: 1, max: 7 }),
      setting: fc.double({ min: 0.1, max: 1, noNaN: true }),
      checkValve: fc.boolean(),
      closed: fc.boolean(),
      emitter: fc.boolean(),
      controlled: fc.boolean(),
    })
    .map((choice) => build(type, choice));
}

interface Choice {
  rows: number;
  heights: number[];
  demands: number[];
  lengths: number[];
  diameters: number[];
  pump: keyof typeof pumpCurves | 'power';
  speed: number;
  formula: Network['options']['headloss'];
  minorLoss: number;
  level: number;
  setting: number;
  checkValve: boolean;
  closed: boolean;
  emitter: boolean;
  controlled: boolean;
}

// Control levels lie between the initial ones: a tie would be decided by the last bit.
function build(type: ValveType, c: Choice): Network {
  const columns = 4;
  const nodes: Network['nodes'] = [
    { kind: 'reservoir', id: 'lake', head: 10 },
    {
      kind: 'tank',
      id: 'tank',
      elevation: 45,
      initialLevel: c.level,
      minLevel: 0.5,
      maxLevel: 8,
      diameter: 12,
      minVolume: 0,
    },
  ];
  const links: NetworkLink[] = [];
  const roughness = { 'H-W': 110, 'D-W': 0.25, 'C-M': 0.012 }[c.formula];
  let used = 0;
  const street = (from: string, to: string, more: object = {}): void => {
    const i = used++ % 40;
    const shape = { roughness, minorLoss: i % 5 === 0 ? c.minorLoss : 0, ...more };
    links.push(pipe(`P${used}`, from, to, c.lengths[i]!, c.diameters[i]!, shape));
  };
  const name = (row: number, column: number): string => `J${row}${column}`;
  for (let row = 0; row < c.rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      nodes.push(junction(name(row, column), c.heights[i]!, c.demands[i]!, 'day'));
      if (row > 0) street(name(row - 1, column), name(row, column));
      // The valve joins the two halves of the town at the top; another street joins them at the bottom.
      if (column > 0 && !(column === 2 && row < c.rows - 1)) street(name(row, column - 1), name(row, column));
    }
  }
  // Behind a closed pipe EPANET would still deliver; we do not.
  nodes.push(junction('end', 5, 3, 'day'), junction('twig', 8, c.closed ? 0 : 2));
  street(name(0, 0), 'end');
  street('end', 'twig', c.closed ? { status: 'closed' } : {});
  street(name(c.rows - 1, 3), 'tank');
  if (c.checkValve) street(name(0, 1), name(c.rows - 1, 0), { status: 'cv' });
  links.push({
    kind: 'pump',
    id: 'pump',
    from: 'lake',
    to: name(0, 0),
    speed: c.speed,
    status: 'open',
    ...(c.pump === 'power' ? { power: 40 } : { headCurve: c.pump }),
  });
  links.push(valveBetween(type, name(0, 1), name(0, 2), c.setting));
  if (c.emitter) (nodes.find((node) => node.id === name(1, 1)) as Junction).emitter = 1.5;
  const unit = c.pump === 'power' ? 0.3048 : 1;
  return town(
    {
      nodes,
      links,
      patterns: [{ id: 'day', multipliers: [0.6, 1, 1.4, 0.9, 0.3, 1.1] }],
      curves: [
        ...(c.pump === 'power' ? [] : [{ id: c.pump, kind: 'head' as const, points: pumpCurves[c.pump] }]),
        ...valveCurvesOf(type),
      ],
      controls: c.controlled
        ? [
            `LINK pump CLOSED IF NODE tank ABOVE ${6.13 / unit}`,
            `LINK pump OPEN IF NODE tank BELOW ${2.87 / unit}`,
          ]
        : [],
      times: { ...town({}).times, duration: 12 * 3600 },
      // EPANET converts a power in kW twice, so that only its horsepower can be compared.
      units: c.pump === 'power' ? 'GPM' : 'CMH',
    },
    { headloss: c.formula },
  );
}

function valveBetween(type: ValveType, from: string, to: string, share: number): Valve {
  const settings: Record<ValveType, number | string> = {
    PRV: 20 + 30 * share,
    PSV: 20 + 40 * share,
    PBV: 10 * share,
    FCV: 60 * share,
    TCV: 200 * share,
    GPV: 'losses',
    PCV: 100 * share,
  };
  const curve = type === 'GPV' ? { curve: 'losses' } : type === 'PCV' ? { curve: 'opening' } : {};
  const minorLoss = type === 'PCV' ? 2 : 0.5;
  return {
    kind: 'valve',
    id: 'valve',
    from,
    to,
    type,
    diameter: 200,
    setting: settings[type],
    minorLoss,
    status: 'active',
    ...curve,
  };
}

function valveCurvesOf(type: ValveType): Network['curves'] {
  const line = (...points: [number, number][]) => points.map(([x, y]) => ({ x, y }));
  if (type === 'GPV')
    return [{ id: 'losses', kind: 'headloss', points: line([0, 0], [50, 1], [150, 6], [400, 30]) }];
  if (type === 'PCV')
    return [{ id: 'opening', kind: 'valve', points: line([0, 0], [30, 10], [60, 45], [100, 100]) }];
  return [];
}
