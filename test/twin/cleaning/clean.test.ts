import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { clean, freshMemory } from '#twin/cleaning/clean.ts';
import { Quality } from '#twin/state/quality.ts';
import { MINUTE } from '#twin/units.ts';

const ROOM = templateById('tank:LO3');
const point = (name: string) => ROOM.points[ROOM.index.get(name)!]!;
const P_OUT = point('LO/P_OUT');
const F_OUT = point('LO/F_OUT');
const V_OUT = point('LO/V_OUT');
const RUN = point('LO/P1/RUN');

/** Cleans one value every two seconds and gives their qualities. */
function series(values: readonly number[], definition = P_OUT, step = 2000) {
  const memory = freshMemory(ROOM);
  return values.map((value, i) => clean(memory, definition.index, value, i * step));
}
const good = (count: number) => new Array<number>(count).fill(Quality.good);
const QUIET = [0.5, 0.501, 0.499, 0.5, 0.502];

describe('cleaning', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%s is bad', (value) => {
    expect(series([value])).toEqual([Quality.bad]);
  });

  test('the ends of the range belong to it, and beyond them a value is out of range', () => {
    expect(series([P_OUT.min, P_OUT.max], F_OUT)).toEqual(good(2));
    expect(series([P_OUT.min - 0.001, P_OUT.max + 0.001])).toEqual([Quality.outOfRange, Quality.outOfRange]);
    expect(series([2], RUN)).toEqual([Quality.outOfRange]);
  });

  test('one value far from its neighbours is a spike, and what follows is good', () => {
    expect(series([...QUIET, 1.2, 0.5])).toEqual([...good(5), Quality.spike, Quality.good]);
  });

  test('a real step is accepted on its second value', () => {
    expect(series([...QUIET, 1.2, 1.201, 1.199])).toEqual([...good(5), Quality.spike, ...good(2)]);
  });

  test('two spikes to different places are two spikes', () => {
    expect(series([...QUIET, 1.2, 2.0, 0.5])).toEqual([
      ...good(5),
      Quality.spike,
      Quality.spike,
      Quality.good,
    ]);
  });

  test('values out of range or missing do not make their good neighbours spikes', () => {
    expect(series([...QUIET, 9, Number.NaN, 9, 0.5])).toEqual([
      ...good(5),
      Quality.outOfRange,
      Quality.bad,
      Quality.outOfRange,
      Quality.good,
    ]);
  });

  test('a flow that leaps when a pump starts is no spike', () => {
    expect(series([0, 0, 0, 0, 0, 18, 0, 25], F_OUT)).toEqual(good(8));
  });

  test('a noisy signal keeps its noise', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.45, max: 0.55, noNaN: true }), { maxLength: 40 }), (values) => {
        expect(series(values)).toEqual(good(values.length));
      }),
    );
  });

  test('whatever comes, after a lasting step the second value counts again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: 0, max: 2.5, noNaN: true }), fc.constant(Number.NaN)), {
          maxLength: 20,
        }),
        fc.double({ min: 0, max: 2.5, noNaN: true }),
        (before, level) => {
          const qualities = series([...before, level, level, level]);
          expect(qualities.at(-2)).toBe(Quality.good);
          expect(qualities.at(-1)).toBe(Quality.good);
        },
      ),
    );
  });

  test('a lively sensor that stands still for more than half an hour is frozen, until it moves', () => {
    const memory = freshMemory(ROOM);
    const at = (minutes: number, value: number) => clean(memory, P_OUT.index, value, minutes * MINUTE);
    expect(at(0, 0.5)).toBe(Quality.good);
    expect(at(30, 0.5)).toBe(Quality.good);
    expect(at(30.1, 0.5001)).toBe(Quality.frozen);
    expect(at(60, 0.5)).toBe(Quality.frozen);
    expect(at(60.1, 0.501)).toBe(Quality.good);
    expect(at(90, 0.501)).toBe(Quality.good);
  });

  test('what may stand still does: a flow of zero, a counter, a switch', () => {
    for (const definition of [F_OUT, V_OUT, RUN])
      expect(series([0, 0, 0], definition, 60 * MINUTE)).toEqual(good(3));
  });

  test('sensors do not share a memory', () => {
    const one = freshMemory(ROOM);
    const other = freshMemory(ROOM);
    QUIET.forEach((value, i) => {
      clean(one, P_OUT.index, value, i * 2000);
      clean(other, P_OUT.index, value + 1, i * 2000);
    });
    expect(clean(one, P_OUT.index, 0.5, 20_000)).toBe(Quality.good);
    expect(clean(other, P_OUT.index, 1.5, 20_000)).toBe(Quality.good);
    expect(clean(other, P_OUT.index, 0.5, 22_000)).toBe(Quality.spike);
  });
});
