import { beforeEach, describe, expect, it } from 'vitest';
import { buildCity } from '#sim/city/build.ts';
import type { City } from '#sim/city/model.ts';
import { restoreCity, saveCity } from '#sim/city/save.ts';
import { startCity } from '#sim/city/start.ts';
import { stepCity } from '#sim/city/step.ts';
import type { RoomFaultName } from '#sim/scenario/faultNames.ts';
import { copyCircumstances, type Force, force } from '#sim/scenario/force.ts';
import { pumpRecord, setConstants } from '#sim/station/constants.ts';
import { MORNING, town } from '#test/sim/city/town.ts';

const model = buildCity(town(), { seed: 1 });
let city: City;
let inForce: Force;

/** Goes on in a city that nothing has happened to. */
function take(one: City) {
  city = one;
  inForce = force(city, copyCircumstances(city.circumstances));
}
beforeEach(() => take(startCity(model, MORNING, 1)));

const wear = (fault: RoomFaultName, pump = 'P1', size = 1) =>
  inForce.begin({ do: 'room-fault', at: '0 s', station: 'SM-0001', set: 'LO', pump, fault, size });
const live = (seconds: number) => {
  for (let i = 0; i < seconds; i++) {
    inForce.refresh();
    stepCity(city);
  }
};
/** The records of all pumps, as they are and as built. */
const pumps = () => {
  const { row, ofPump } = city.company.constants;
  const asBuilt = city.company.specs.flatMap(({ sets }) => sets.flatMap((set) => set.pumps.map(pumpRecord)));
  return asBuilt.map((built, p) => ({
    built,
    now: [...row.subarray(ofPump[p]!, ofPump[p]! + built.length)],
  }));
};
const worn = () => pumps().flatMap(({ built, now }, p) => (built.join() === now.join() ? [] : p));
const room = () => city.rooms[model.roomOf.get('SM-0001')!]!;
/** Means over ten minutes: kW of the room, Hz of its set, m³/h that leave it. */
function tenMinutes() {
  const sum = { kw: 0, hz: 0, delivered: 0 };
  for (let t = 0; t < 600; t++) {
    live(1);
    sum.kw += room().state.kw / 600;
    sum.hz += room().sets[0]!.state.frequency / 600;
    sum.delivered += room().sets[0]!.state.delivered / 600;
  }
  return sum;
}

describe('a pump that wears', () => {
  it('leaves its equals as they are, and is as built when it is mended', () => {
    const first = wear('impeller-worn', 'P2');
    const second = wear('strainer-clogged', 'P2', 0.5);
    expect(worn()).toEqual([1]);
    inForce.end(first);
    expect(worn()).toEqual([1]);
    inForce.end(second);
    expect(worn()).toEqual([]);
  });

  it.each(['impeller-worn', 'strainer-clogged', 'efficiency-lost'] as const)(
    '%s takes more power for the same water',
    (fault) => {
      const before = tenMinutes();
      take(startCity(model, MORNING, 1));
      for (const { id } of model.rooms[0]!.station.pumpSets[0]!.pumps) wear(fault, id);
      const after = tenMinutes();
      expect(after.delivered / before.delivered).toBeCloseTo(1, 1);
      expect(after.kw / before.kw).toBeGreaterThan(1.03);
      // what has lost efficiency alone turns as fast as before
      if (fault === 'efficiency-lost') expect(after.hz).toBeCloseTo(before.hz, 6);
      else expect(after.hz).toBeGreaterThan(1.01 * before.hz);
    },
  );

  it('is what its controller goes by, if it is the first of its set', () => {
    const { setStart } = city.company.constants;
    const known = () => city.company.constants.row[setStart + setConstants.at.shutoffHead]!;
    const asBuilt = known();
    wear('impeller-worn', 'P2');
    expect(known()).toBe(asBuilt);
    const first = wear('impeller-worn', 'P1');
    expect(known() / asBuilt).toBeCloseTo(0.88, 9);
    inForce.end(first);
    expect(known()).toBe(asBuilt);
  });

  it('is as worn in a city that was saved and restored', () => {
    const standing = wear('impeller-worn');
    const once = pumps()[0]!.now;
    take(restoreCity(model, saveCity(city)));
    expect(worn()).toEqual([]);
    inForce.resume(standing);
    expect(worn()).toEqual([0]);
    expect(pumps()[0]!.now).toEqual(once);
  });
});

it('pipes that leak take two fifths of the mean demand, until they are mended', () => {
  const { row, setStart } = city.company.constants;
  const sound = row.slice(setStart);
  const before = tenMinutes().delivered;
  take(startCity(model, MORNING, 1));
  const leak = wear('pipes-leaking');
  expect((tenMinutes().delivered - before) / model.rooms[0]!.means[0]!).toBeCloseTo(0.4, 1);
  inForce.end(leak);
  expect(city.company.constants.row.slice(setStart)).toEqual(sound);
});
