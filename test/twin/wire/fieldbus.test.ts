import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeInputs, encodeInputs } from '#twin/wire/fieldbus.ts';

const image = fc.record({
  station: fc.nat(5000),
  values: fc.float64Array({ maxLength: 120 }).map((values) => Float64Array.from(values)),
});

function read(bytes: Uint8Array) {
  const seen: { time: number; station: number; values: number[] }[] = [];
  decodeInputs(bytes, (time, station, values) => seen.push({ time, station, values: [...values] }));
  return seen;
}

describe('input images of the field', () => {
  test('every image arrives as it was sent, NaN included, also from an unaligned message', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(image, { maxLength: 8 }), fc.nat(7), (time, images, shift) => {
        const bytes = encodeInputs(time, images);
        const shifted = new Uint8Array(bytes.length + shift);
        shifted.set(bytes, shift);
        const wanted = images.map(({ station, values }) => ({ time, station, values: [...values] }));
        expect(read(shifted.subarray(shift))).toEqual(wanted);
      }),
    );
  });

  test('a message cut anywhere throws RangeError', () => {
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 4 }), fc.nat(), (images, cut) => {
        const bytes = encodeInputs(0, images);
        expect(() => read(bytes.slice(0, cut % bytes.length))).toThrow(RangeError);
      }),
    );
  });

  test('arbitrary bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
