import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aPumpSet, aStation } from '#test/support/stations.ts';
import { POINTS } from '#twin/catalogue/points.data.ts';
import { template, templateById, templateOf } from '#twin/catalogue/template.ts';
import { PRESSURE_ZONES, STATION_KINDS } from '#twin/model/station.ts';

describe('point catalogue', () => {
  test('tags are unique', () => {
    const tags = POINTS.map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(tags.length);
  });

  test.each(POINTS.map((point) => [point.tag, point] as const))('%s is sound', (_tag, point) => {
    expect(point.tag).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(point.zh).not.toBe('');
    expect(point.en).not.toBe('');
    expect(point.min).toBeLessThan(point.max);
    expect(point.resolution).toBeGreaterThan(0);
    expect(point.deadband).toBeGreaterThanOrEqual(point.resolution);
    expect(point.deadband).toBeLessThan(point.max - point.min + point.resolution);
    expect(point.scan).toBeLessThanOrEqual(point.interval);
    // a value must fit the exact integers when it travels in steps
    expect(Math.max(-point.min, point.max) / point.resolution).toBeLessThan(2 ** 50);
    if (point.type === 'bool') expect([point.min, point.max, point.unit]).toEqual([0, 1, '']);
    if (point.lively) expect(point.type).toBe('analog');
  });

  test.each(POINTS.filter(({ limits }) => limits).map((point) => [point.tag, point] as const))(
    'the limits of %s are in order and within its range',
    (_tag, { limits, min, max }) => {
      const { ll, l, h, hh, relativeTo } = limits!;
      const given = [ll, l, h, hh].filter((limit) => limit !== undefined);
      expect(given).toEqual([...given].sort((a, b) => a - b));
      expect(new Set(given).size).toBe(given.length);
      for (const limit of given) {
        expect(limit).toBeGreaterThanOrEqual(relativeTo ? -(max - min) : min);
        expect(limit).toBeLessThanOrEqual(max);
      }
      if (relativeTo) expect(POINTS.some(({ tag }) => tag === relativeTo)).toBe(true);
    },
  );
});

describe('templates', () => {
  test('a tank room with one zone has about 80 points, with two zones about 120', () => {
    const one = templateOf(aStation('SM-0001'));
    const two = templateOf(aStation('SM-0002', { pumpSets: [aPumpSet('LO', 3), aPumpSet('MI', 3)] }));
    expect(one.points.length).toBeGreaterThanOrEqual(65);
    expect(one.points.length).toBeLessThanOrEqual(85);
    expect(two.points.length).toBeGreaterThanOrEqual(100);
    expect(two.points.length).toBeLessThanOrEqual(130);
  });

  test('an inline room has a stabilising tank and no level', () => {
    const { index } = templateById('inline:LO2');
    expect(index.has('P_STAB')).toBe(true);
    expect(index.has('L1')).toBe(false);
    expect(templateById('tank:LO2').index.has('P_STAB')).toBe(false);
  });

  const shape = fc.record({
    kind: fc.constantFrom(...STATION_KINDS),
    sets: fc.uniqueArray(
      fc.record({ zone: fc.constantFrom(...PRESSURE_ZONES), pumps: fc.integer({ min: 1, max: 9 }) }),
      {
        selector: ({ zone }) => zone,
      },
    ),
  });

  test('an id names its shape, and the same shape is the same object', () => {
    fc.assert(
      fc.property(shape, (given) => {
        const made = template(given);
        expect(templateById(made.id)).toBe(made);
        expect(template(structuredClone(given))).toBe(made);
      }),
    );
  });

  test('names are unique and each is where its index says', () => {
    fc.assert(
      fc.property(shape, (given) => {
        const { points, index } = template(given);
        expect(index.size).toBe(points.length);
        points.forEach((point, i) => {
          expect(point.index).toBe(i);
          expect(index.get(point.name)).toBe(i);
        });
        for (const { zone, pumps } of given.sets) expect(index.has(`${zone}/P${pumps}/HZ`)).toBe(true);
      }),
    );
  });

  test.each([
    '',
    'tank',
    'tower:LO3',
    'tank:XX3',
    'tank:LO',
    'tank:LO3+',
    'tank:LO3 ',
    'tank:LO3+LO2',
    'tank:LO999999999',
  ])('%j is no template id', (id) => {
    expect(() => templateById(id)).toThrow(/not a template id/);
  });
});
