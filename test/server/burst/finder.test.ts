import { expect, it } from 'vitest';
import { BurstFinder } from '#server/burst/finder.ts';
import { Registry } from '#server/registry/registry.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { Quality } from '#twin/state/quality.ts';

const CODES = ['SM-0001', 'SM-0002', 'SM-0003', 'SM-0004'];
const BEHIND = ['SM-0011', 'SM-0012', 'SM-0013', 'SM-0014'];
const BEFORE = 0.3;

/** Rooms along one main of a zone; behind its last a booster, and rooms along one main of the zone that it feeds. */
async function aCity() {
  const rooms = [
    ...CODES.map((code, i) => aStation(code, { supplyZone: 'Z1', node: `N${i + 1}`, meanDemand: 5 })),
    ...BEHIND.map((code, i) => aStation(code, { supplyZone: 'Z2', node: `M${i + 1}`, meanDemand: 5 })),
  ];
  const booster = aStation('SM-B01', {
    kind: 'booster',
    supplyZone: 'Z2',
    drawsFrom: 'Z1',
    node: 'N4',
    meanDemand: 20,
  });
  const line = (zone: string, nodes: readonly string[]) =>
    nodes.slice(1).map((to, i) => ({ id: `${zone}-P${i}`, dn: 150, length: 400, zone, from: nodes[i]!, to }));
  const database = fakeDatabase([
    [/FROM station WHERE registered/, stationRows(...rooms, booster)],
    [
      /FROM supply_zone/,
      [
        { id: 'Z1', meanDemand: 40, outlet: 'W', booster: null },
        { id: 'Z2', meanDemand: 20, outlet: null, booster: 'SM-B01' },
      ],
    ],
    [
      /FROM main WHERE id >/,
      [
        ...line('Z1', ['W', 'N1', 'N2', 'N3', 'N4']),
        { id: 'SM-B01-P1', dn: 150, length: 1, zone: 'Z2', from: 'N4', to: 'SM-B01-OUT' },
        ...line('Z2', ['SM-B01-OUT', 'M1', 'M2', 'M3', 'M4']),
      ],
    ],
    [/ST_XMin/, [{ west: 118, south: 24, east: 118.1, north: 24.1 }]],
  ]);
  const registry = await Registry.load(database);
  const notes: string[] = [];
  return {
    registry,
    notes,
    finder: new BurstFinder({ database, registry, note: (note) => notes.push(note) }),
  };
}

/** After five minutes inlets stand at these pressures, MPa; where its alarm stands Z1 is asked, half a minute later. */
async function suspectsWhen(fallen: Readonly<Record<string, number>>) {
  const { registry, notes, finder } = await aCity();
  const area = { rule: 'ZONE', area: 'zone:Z1', since: 300_000 };
  for (let now = 30_000; now <= 390_000; now += 30_000) {
    for (const { code, place } of registry.stations) {
      const { columns, row } = place;
      const pressure = now > 300_000 ? (fallen[code] ?? BEFORE) : BEFORE;
      for (const [name, value] of [
        ['P_IN', pressure],
        ['F_IN', 5],
      ] as const) {
        const index = columns.template.index.get(name)!;
        columns.values[index]![row] = value;
        columns.qualities[index]![row] = Quality.good;
      }
    }
    finder.see(registry.state, now > 330_000 ? [area] : [], now);
  }
  await finder.settled();
  expect(notes).toEqual([]);
  const found = finder.suspectsOf({ rule: 'ZONE', station: 'zone:Z1' })!;
  await finder.close();
  return found;
}

const fall = (codes: readonly string[], pressures: readonly number[]) =>
  Object.fromEntries(codes.map((code, i) => [code, pressures[i]!]));

it('an alarm of a zone that is on its way gets its suspects', async () => {
  const found = await suspectsWhen({ ...fall(CODES, [0.25, 0.2, 0.16, 0.16]), 'SM-B01': 0.16 });
  // the booster's inlet stands in this zone too
  expect(found.rooms).toBe(5);
  expect(found.stretches[0]!.bounds).toEqual([118, 24, 118.1, 24.1]);
  expect(found.stretches[0]!.mains.some((id) => id === 'Z1-P2' || id === 'Z1-P3')).toBe(true);
});

it('where it fell further behind a booster, those are there', async () => {
  const found = await suspectsWhen({
    ...fall(CODES, [0.29, 0.285, 0.28, 0.275]),
    ...fall(BEHIND, [0.23, 0.18, 0.14, 0.14]),
  });
  expect(found.stretches[0]!.mains.every((id) => id.startsWith('Z2'))).toBe(true);
});

it('but not where the booster lacks what its source lacks', async () => {
  const found = await suspectsWhen({
    ...fall(CODES, [0.28, 0.24, 0.22, 0.22]),
    ...fall(BEHIND, [0.215, 0.214, 0.214, 0.213]),
    'SM-B01': 0.22,
  });
  expect(found.stretches.flatMap(({ mains }) => mains).every((id) => id.startsWith('Z1'))).toBe(true);
});
