import { expect, it } from 'vitest';
import { BurstFinder } from '#server/burst/finder.ts';
import { Registry } from '#server/registry/registry.ts';
import { fakeDatabase, stationRows } from '#test/support/fakeDatabase.ts';
import { aStation } from '#test/support/stations.ts';
import { Quality } from '#twin/state/quality.ts';

const CODES = ['SM-0001', 'SM-0002', 'SM-0003', 'SM-0004'];

it('an alarm of a zone that is on its way gets its suspects', async () => {
  const stations = CODES.map((code, i) =>
    aStation(code, { supplyZone: 'Z1', node: `N${i + 1}`, meanDemand: 5 }),
  );
  const mains = CODES.map((_, i) => ({
    id: `P${i}`,
    dn: 150,
    length: 400,
    zone: 'Z1',
    from: i === 0 ? 'W' : `N${i}`,
    to: `N${i + 1}`,
  }));
  const database = fakeDatabase([
    [/FROM station WHERE registered/, stationRows(...stations)],
    [/FROM supply_zone/, [{ id: 'Z1', meanDemand: 20, outlet: 'W', booster: null }]],
    [/FROM main WHERE id >/, mains],
    [/ST_XMin/, [{ west: 118, south: 24, east: 118.1, north: 24.1 }]],
  ]);
  const registry = await Registry.load(database);
  const notes: string[] = [];
  const finder = new BurstFinder({ database, registry, note: (note) => notes.push(note) });
  const area = { rule: 'ZONE', area: 'zone:Z1', since: 300_000 };
  for (let now = 30_000; now <= 390_000; now += 30_000) {
    const fallen = now > 300_000;
    CODES.forEach((code, i) => {
      const { columns, row } = registry.byCode.get(code)!.place;
      for (const [name, value] of [
        ['P_IN', fallen ? [0.25, 0.2, 0.16, 0.16][i]! : 0.3],
        ['F_IN', 5],
      ] as const) {
        const index = columns.template.index.get(name)!;
        columns.values[index]![row] = value;
        columns.qualities[index]![row] = Quality.good;
      }
    });
    finder.see(registry.state, now > 330_000 ? [area] : [], now);
  }
  await finder.settled();
  expect(notes).toEqual([]);
  const found = finder.suspectsOf({ rule: 'ZONE', station: 'zone:Z1' });
  expect(found!.rooms).toBe(4);
  expect(found!.stretches[0]!.bounds).toEqual([118, 24, 118.1, 24.1]);
  expect(found!.stretches[0]!.mains.some((id) => id === 'P2' || id === 'P3')).toBe(true);
  await finder.close();
});
