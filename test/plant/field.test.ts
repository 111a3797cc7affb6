import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCityFile, thin } from '#plant/city.ts';
import { Field } from '#plant/field.ts';
import { mainsTruth } from '#plant/mainsTruth.ts';
import { truthOf } from '#plant/truth.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { smallCity, writeSmallCity } from './city.ts';

const NOW = Date.UTC(2026, 10, 18, 4, 2, 30);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'field-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(now: number, stations = 10, seed = 7): Field {
  const city = readCityFile(writeSmallCity(folder, stations));
  const field = new Field({ city, dataDir: join(folder, 'data'), seed, noise: 1, now });
  for (const _ of field.catchUp(now));
  return field;
}

/** What a station reads after living to `now`. */
function sample(field: Field, number: number, now: number): Float64Array {
  field.live(now);
  return field.sample(number, now)!;
}

/** Totals of a station by point name. */
function totals(field: Field, number: number, now: number): Map<string, number> {
  const readings = sample(field, number, now);
  const { points } = field.city.rooms[number]!.spec.template;
  return new Map(points.filter((p) => p.type === 'total').map((p) => [p.name, readings[p.index]!]));
}

describe('the field', () => {
  it('begins with 24 hours in its loggers, every five minutes, and lets the live rows follow', async () => {
    const field = open(NOW);
    const before = field.log24h(0, NOW);
    expect(before.times).toHaveLength(288);
    expect(before.times.at(-1)).toBe(NOW - 2.5 * MINUTE);
    for (let t = 1; t <= 200; t++) for (let i = 0; i < 10; i++) sample(field, i, NOW + t * 1000);
    const after = field.log24h(0, NOW + 200_000);
    expect(after.times.at(-1)).toBe(NOW + 2.5 * MINUTE);
    const at = after.points.indexOf('V_IN');
    const totals = after.times.map((_, row) => after.rows[row * after.points.length + at]!);
    expect(totals.every((total, row) => row === 0 || total >= totals[row - 1]!)).toBe(true);
    await field.close();
  });

  it('goes on by the second where the past ends by the five minutes, without a jump', async () => {
    const field = open(NOW);
    const { rooms, inputs, boosters } = field.city;
    const past = inputs.map(({ mains }) => mains);
    const levels = rooms.map(({ state }) => state.volume);
    const behind = rooms.map(({ sets }) => sets[0]!.state.pressure);
    field.live(NOW + 20_000);
    rooms.forEach(({ spec, state, sets }, i) => {
      expect(Math.abs(inputs[i]!.mains - past[i]!), spec.code).toBeLessThan(0.01);
      expect(Math.abs(state.volume - levels[i]!), spec.code).toBeLessThan(0.3);
      if (boosters[i]) expect(Math.abs(sets[0]!.state.pressure - behind[i]!), spec.code).toBeLessThan(0.02);
    });
    await field.close();
  });

  it('stands on one main: what one room takes is felt by its neighbours', async () => {
    const field = open(NOW);
    const inlet = () => field.city.inputs[4]!.mains;
    const fill = (share: number) => {
      for (const i of [0, 2, 6]) {
        const { spec, state } = field.city.rooms[i]!;
        state.volume = share * spec.tank!.volume;
      }
    };
    // full tanks first: whether their valves stand open by themselves is chance
    fill(0.9);
    field.live(NOW + 90_000);
    const before = inlet();
    fill(0.3);
    field.live(NOW + 180_000);
    expect(inlet()).toBeLessThan(before - 0.0005);
    await field.close();
  });

  it('lives through the hours it was away and keeps its totals', async () => {
    const first = open(NOW);
    const before = first.city.rooms.map((_, i) => totals(first, i, NOW + 1000));
    await first.close();
    const later = NOW + 3 * HOUR;
    const second = open(later);
    second.city.rooms.forEach((_, i) => {
      for (const [name, total] of totals(second, i, later + 1000))
        expect(total, name).toBeGreaterThanOrEqual(before[i]!.get(name)!);
    });
    expect(totals(second, 0, later + 2000).get('V_IN')! - before[0]!.get('V_IN')!).toBeGreaterThan(5);
    const { times } = second.log24h(0, later);
    expect(times).toHaveLength(288);
    expect(times.every((time, i) => i === 0 || time - times[i - 1]! === 5 * MINUTE)).toBe(true);
    await second.close();
  });

  it('never counts back after a crash either', async () => {
    const first = open(NOW);
    const moment = (seconds: number) => NOW + seconds * 1000;
    const shown = first.city.rooms.map(() => new Map<string, number>());
    for (let t = 1; t <= 20; t++) {
      for (let i = 0; i < 10; i++) shown[i] = totals(first, i, moment(t));
      // what was saved is nine seconds old when the process is killed
      if (t === 11) await first.save();
    }
    const second = open(moment(22));
    second.city.rooms.forEach((_, i) => {
      for (const [name, total] of totals(second, i, moment(23)))
        expect(total, name).toBeGreaterThanOrEqual(shown[i]!.get(name)!);
    });
    await second.close();
    await first.close();
  });

  it('settles over a pause of the machine instead of living it second by second', async () => {
    const field = open(NOW);
    const before = totals(field, 0, NOW + 1000);
    const after = totals(field, 0, NOW + 5 * HOUR);
    expect(after.get('KWH')).toBeGreaterThan(before.get('KWH')!);
    expect(field.city.time).toBe(NOW + 5 * HOUR);
    await field.close();
  });

  it('begins anew with other stations, another seed, or a state that cannot be read', async () => {
    await open(NOW).close();
    const fresh = async (field: Field) => {
      expect(field.log24h(0, NOW + MINUTE).times).toHaveLength(288);
      expect(field.city.rooms[0]!.state.volume).toBeGreaterThan(0);
      await field.close();
    };
    await fresh(open(NOW + MINUTE, 8));
    await fresh(open(NOW + MINUTE, 8, 9));
    writeFileSync(join(folder, 'data', 'field.state'), 'rubbish');
    await fresh(open(NOW + MINUTE, 8, 9));
  });
});

describe('the truth of the plant', () => {
  const { stations } = smallCity(60);
  const truths = stations.map((station, i) => truthOf(station, 7, i, 2026));

  it('belongs to its seed', () => {
    expect(truthOf(stations[3]!, 7, 3, 2026)).toEqual(truths[3]);
    expect(truthOf(stations[3]!, 8, 3, 2026)).not.toEqual(truths[3]);
  });

  it('has pumps worn by differing amounts, the old ones more', () => {
    const heads = (year: number) =>
      stations.flatMap((station, i) => {
        const pumpSets = station.pumpSets.map((set) => ({
          ...set,
          pumps: set.pumps.map((pump) => ({ ...pump, year })),
        }));
        const { condition } = truthOf({ ...station, pumpSets }, 7, i, 2026);
        return condition.sets.flatMap((set) => set.pumps.map((pump) => pump.head));
      });
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(heads(2014))).toBeLessThan(mean(heads(2023)) - 0.05);
    expect(new Set(heads(2014)).size).toBeGreaterThan(20);
    expect(Math.min(...heads(2014))).toBeGreaterThan(0.8);
  });
});

describe('the mains of the plant', () => {
  const { network } = smallCity(20);
  const truth = mainsTruth(network, 7, new Set(['SM-0001']));

  it('belong to their seed and are not those on file', () => {
    expect(mainsTruth(network, 7, new Set(['SM-0001']))).toEqual(truth);
    const roughness = (links: typeof network.links) =>
      links.map((link) => (link.kind === 'pipe' ? link.roughness : 0));
    expect(roughness(truth.network.links)).not.toEqual(roughness(network.links));
    expect(roughness(mainsTruth(network, 8, new Set()).network.links)).not.toEqual(
      roughness(truth.network.links),
    );
  });

  it('leave what a room takes to the truth of the room, and seep where others take', () => {
    const at = (id: string) => truth.network.nodes.find((node) => node.id === id)!;
    expect(at('SM-0001-IN')).toEqual(network.nodes.find(({ id }) => id === 'SM-0001-IN'));
    expect(at('SM-0002-IN')).not.toEqual(network.nodes.find(({ id }) => id === 'SM-0002-IN'));
    expect(truth.seeping.has('SM-0001-IN')).toBe(false);
    expect(truth.seeping.get('SM-0010-OUT')).toBeGreaterThan(0);
  });
});

describe('a city file', () => {
  it('says what is wrong with it', () => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, JSON.stringify({ stations: [{ code: 'A-1' }] }));
    expect(() => readCityFile(path)).toThrow(/network of mains is missing/);
    writeFileSync(path, '{"stations": 3}');
    expect(() => readCityFile(path)).toThrow(/bad\.json.*stations/s);
  });

  it('is thinned evenly', () => {
    const { stations } = readCityFile(writeSmallCity(folder, 20));
    expect(thin(stations, 5).map((s) => s.code)).toEqual([
      'SM-0001',
      'SM-0005',
      'SM-0009',
      'SM-0013',
      'SM-0017',
    ]);
    expect(thin(stations, 50)).toBe(stations);
  });
});
