import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '#twin/wire/bytes.ts';
import { decodeSheet, emptySheet, encodeDelta, encodeSnapshot, type Sheet } from '#twin/wire/sheet.ts';

const RESOLUTIONS = [0.001, 0.1, 1];
const resolution = (_row: number, column: number) => RESOLUTIONS[column]!;
const ROWS = 5;
const COLUMNS = RESOLUTIONS.length;

const cell = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(Infinity, -Infinity, 1e300, -1e300, 1e15, -1e15) },
);
const contents = fc.array(cell, { minLength: ROWS * COLUMNS, maxLength: ROWS * COLUMNS });

function sheetOf(values: readonly number[], rows = ROWS): Sheet {
  return { rows, columns: values.length / rows, values: Float64Array.from(values) };
}

/** What a reader may show of a value: whole steps, and nothing where no sensor could mean it. */
function shown(value: number, column: number): number {
  const steps = Math.round(value / RESOLUTIONS[column]!);
  return Math.abs(steps) <= 2 ** 50 ? steps * RESOLUTIONS[column]! : Number.NaN;
}

function expectShown(seen: Sheet, source: readonly number[]) {
  for (let i = 0; i < source.length; i++) {
    const wanted = shown(source[i]!, i % COLUMNS);
    if (Number.isNaN(wanted)) expect(seen.values[i]).toBeNaN();
    else expect(Math.abs(seen.values[i]! - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-12);
  }
}

describe('live sheets', () => {
  test('a snapshot and its deltas bring the reader to the source, at its resolution', () => {
    fc.assert(
      fc.property(fc.array(contents, { minLength: 1, maxLength: 6 }), (states) => {
        const sent = sheetOf(states[0]!);
        const first = decodeSheet(
          encodeSnapshot('t', 1, sent, resolution),
          () => undefined,
          () => resolution,
        );
        if (first.kind !== 'snapshot') throw new Error('no snapshot');
        const seen = first.sheet;
        expectShown(seen, states[0]!);
        for (const state of states.slice(1)) {
          const before = [...seen.values];
          const delta = encodeDelta('t', 2, sent, sheetOf(state), resolution);
          if (delta) {
            const message = decodeSheet(
              delta,
              () => seen,
              () => resolution,
            );
            if (message.kind !== 'delta') throw new Error('no delta');
            for (let row = 0; row < ROWS; row++) {
              const same = before
                .slice(row * COLUMNS, (row + 1) * COLUMNS)
                .every((value, i) => Object.is(value, seen.values[row * COLUMNS + i]));
              expect(message.changedRows.includes(row)).toBe(!same);
            }
          }
          expectShown(seen, state);
        }
      }),
    );
  });

  test('a value that comes and goes', () => {
    const sent = sheetOf([0.5, 1, 1], 1);
    const reader = decodeSheet(
      encodeSnapshot('t', 1, sent, resolution),
      () => undefined,
      () => resolution,
    );
    if (reader.kind !== 'snapshot') throw new Error('no snapshot');
    for (const value of [Number.NaN, 0.25, Number.POSITIVE_INFINITY, 0.75]) {
      const delta = encodeDelta('t', 2, sent, sheetOf([value, 1, 1], 1), resolution);
      expect(delta).not.toBeNull();
      decodeSheet(
        delta!,
        () => reader.sheet,
        () => resolution,
      );
      if (Number.isFinite(value)) expect(reader.sheet.values[0]).toBeCloseTo(value, 9);
      else expect(reader.sheet.values[0]).toBeNaN();
    }
  });

  test('nothing is sent when nothing moved by half a step', () => {
    const sent = sheetOf([0.5, 1, 1], 1);
    expect(encodeDelta('t', 1, sent, sheetOf([0.50049, 1.04, Math.fround(1)], 1), resolution)).toBeNull();
    expect(encodeDelta('t', 1, sheetOf([NaN, 1, 1], 1), sheetOf([NaN, 1, 1], 1), resolution)).toBeNull();
  });

  test('many small moves add up: the reader never drifts by more than half a step', () => {
    const sent = sheetOf([0, 0, 0], 1);
    const reader = sheetOf([0, 0, 0], 1);
    for (let k = 1; k <= 1000; k++) {
      const delta = encodeDelta('t', k, sent, sheetOf([k * 0.0003, 0, 0], 1), resolution);
      if (delta)
        decodeSheet(
          delta,
          () => reader,
          () => resolution,
        );
      expect(Math.abs(reader.values[0]! - k * 0.0003)).toBeLessThanOrEqual(0.000501);
    }
  });

  test('a sheet that changed its shape needs a snapshot', () => {
    expect(() => encodeDelta('overview', 1, emptySheet(2, 3), emptySheet(3, 3), resolution)).toThrow(
      /overview changed its shape/,
    );
  });

  test('a delta before its snapshot, or for a row that is not there, is refused', () => {
    const delta = encodeDelta('t', 1, emptySheet(2, 3), sheetOf([NaN, NaN, NaN, 1, 2, 3], 2), resolution)!;
    expect(() =>
      decodeSheet(
        delta,
        () => undefined,
        () => resolution,
      ),
    ).toThrow(/delta before snapshot: t/);
    expect(() =>
      decodeSheet(
        delta,
        () => emptySheet(1, 3),
        () => resolution,
      ),
    ).toThrow(RangeError);
  });

  test('a snapshot cut anywhere throws RangeError', () => {
    fc.assert(
      fc.property(contents, fc.nat(), (values, cut) => {
        const whole = encodeSnapshot('topic', 1, sheetOf(values), resolution);
        const part = whole.subarray(0, cut % whole.length);
        expect(() =>
          decodeSheet(
            part,
            () => undefined,
            () => resolution,
          ),
        ).toThrow(RangeError);
      }),
    );
  });

  test.each([
    ['rows without columns', 2 ** 50, 0],
    ['more cells than bytes', 2 ** 20, 30],
  ])('a snapshot of %s is refused at once', (_what, rows, columns) => {
    const out = new ByteWriter();
    out.u8(1);
    out.text('t');
    out.f64(0);
    out.varint(rows);
    out.varint(columns);
    expect(() =>
      decodeSheet(
        out.toBytes(),
        () => undefined,
        () => resolution,
      ),
    ).toThrow(RangeError);
  });

  test('arbitrary bytes are read or refused, never more than they can hold', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 80 }), (kind, rest) => {
        const bytes = Uint8Array.from([kind, 1, 116, ...new Uint8Array(8), ...rest]);
        try {
          const message = decodeSheet(
            bytes,
            () => emptySheet(ROWS, COLUMNS),
            () => () => 1,
          );
          if (message.kind === 'snapshot')
            expect(message.sheet.values.length).toBeLessThanOrEqual(rest.length);
          else expect(message.changedRows.length).toBeLessThanOrEqual(rest.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
