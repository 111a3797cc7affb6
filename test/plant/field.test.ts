import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCityFile, thin } from '#plant/city.ts';
import { Field } from '#plant/field.ts';
import { MainsPressure } from '#plant/mains.ts';
import { truthOf } from '#plant/truth.ts';
import { Random } from '#sim/random.ts';
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
  field.stations.forEach((_, i) => {
    field.catchUp(i, now);
  });
  return field;
}

/** Totals of a station by point name. */
function totals(field: Field, number: number, now: number): Map<string, number> {
  const readings = field.sample(number, now);
  const { points } = field.stations[number]!.room.spec.template;
  return new Map(points.filter((p) => p.type === 'total').map((p) => [p.name, readings[p.index]!]));
}

describe('the field', () => {
  it('begins with 24 hours in its loggers, every five minutes, and lets the live rows follow', async () => {
    const field = open(NOW);
    const before = field.log24h(0, NOW);
    expect(before.times).toHaveLength(288);
    expect(before.times.at(-1)).toBe(NOW - 2.5 * MINUTE);
    for (let t = 1; t <= 200; t++) for (let i = 0; i < 10; i++) field.sample(i, NOW + t * 1000);
    const after = field.log24h(0, NOW + 200_000);
    expect(after.times.at(-1)).toBe(NOW + 2.5 * MINUTE);
    const at = after.points.indexOf('V_IN');
    const totals = after.times.map((_, row) => after.rows[row * after.points.length + at]!);
    expect(totals.every((total, row) => row === 0 || total >= totals[row - 1]!)).toBe(true);
    await field.close();
  });

  it('lives through the hours it was away and keeps its totals', async () => {
    const first = open(NOW);
    const before = first.stations.map((_, i) => totals(first, i, NOW + 1000));
    await first.close();
    const later = NOW + 3 * HOUR;
    const second = open(later);
    second.stations.forEach((_, i) => {
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
    const shown = first.stations.map(() => new Map<string, number>());
    for (let t = 1; t <= 20; t++) {
      for (let i = 0; i < 10; i++) shown[i] = totals(first, i, moment(t));
      // what was saved is nine seconds old when the process is killed
      if (t === 11) await first.save(moment(t));
    }
    const second = open(moment(22));
    second.stations.forEach((_, i) => {
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
    expect(field.stations[0]!.time).toBe(NOW + 5 * HOUR);
    await field.close();
  });

  it('begins anew with other stations, another seed, or a state that cannot be read', async () => {
    await open(NOW).close();
    const fresh = async (field: Field) => {
      expect(field.log24h(0, NOW + MINUTE).times).toHaveLength(288);
      expect(field.stations[0]!.room.state.volume).toBeGreaterThan(0);
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

describe('the main at a station', () => {
  it('follows its hourly curve across midnight and wanders a little around it', () => {
    const hourly = Array.from({ length: 24 }, (_, h) => 0.3 + h / 1000);
    const main = new MainsPressure(hourly);
    expect(main.expected(6)).toBeCloseTo(0.306, 9);
    expect(main.expected(6.5)).toBeCloseTo(0.3065, 9);
    expect(main.expected(23.5)).toBeCloseTo((0.323 + 0.3) / 2, 9);
    const random = new Random(1);
    const values = Array.from({ length: 20_000 }, () => main.step(0.3, 1, random));
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean).toBeCloseTo(0.3, 2);
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan(0.005);
    expect(Math.max(...values) - Math.min(...values)).toBeLessThan(0.05);
  });
});

describe('a city file', () => {
  it('says what is wrong with it', () => {
    const path = join(folder, 'bad.json');
    writeFileSync(path, JSON.stringify({ stations: [{ code: 'A-1' }], mainsPressure: {} }));
    expect(() => readCityFile(path)).toThrow(/no mains pressure for station A-1/);
    writeFileSync(path, '{"stations": 3}');
    expect(() => readCityFile(path)).toThrow(/bad\.json.*stations/s);
  });

  it('is thinned evenly', () => {
    const city = readCityFile(writeSmallCity(folder, 20));
    expect(thin(city, 5).stations.map((s) => s.code)).toEqual([
      'SM-0001',
      'SM-0005',
      'SM-0009',
      'SM-0013',
      'SM-0017',
    ]);
    expect(thin(city, 50)).toBe(city);
  });
});
