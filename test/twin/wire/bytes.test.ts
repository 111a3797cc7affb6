import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '#twin/wire/bytes.ts';

const unsigned = fc.oneof(fc.nat(300), fc.maxSafeNat());
const signed = fc.oneof(
  fc.integer({ min: -300, max: 300 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n - 1n }).map(Number),
);

describe('bytes', () => {
  test('what is written is read', () => {
    fc.assert(
      fc.property(
        fc.array(unsigned),
        fc.array(signed),
        fc.string(),
        fc.double(),
        (natural, whole, text, real) => {
          const out = new ByteWriter(4);
          for (const value of natural) out.varint(value);
          for (const value of whole) out.zigzag(value);
          out.text(text);
          out.f64(real);
          out.u32(natural.length);
          const input = new ByteReader(out.toBytes());
          expect(natural.map(() => input.varint())).toEqual(natural);
          expect(whole.map(() => input.zigzag())).toEqual(whole.map((value) => value + 0));
          expect(input.text()).toBe(text);
          expect(input.f64()).toBe(real);
          expect(input.u32()).toBe(natural.length);
          expect(input.done).toBe(true);
        },
      ),
    );
  });

  test('a small number of either sign takes one byte', () => {
    const out = new ByteWriter();
    for (const value of [0, 63, -64]) out.zigzag(value);
    expect(out.length).toBe(3);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 53, 1e300])(
    '%s is no unsigned integer',
    (value) => {
      expect(() => new ByteWriter().varint(value)).toThrow(RangeError);
    },
  );

  test('a writer that was cleared keeps nothing of before', () => {
    const out = new ByteWriter();
    out.text('before');
    out.clear();
    out.u8(7);
    expect([...out.toBytes()]).toEqual([7]);
  });

  test('bytes that end early throw RangeError, wherever they end', () => {
    fc.assert(
      fc.property(unsigned, fc.string(), fc.nat(), (value, text, cut) => {
        const out = new ByteWriter();
        out.varint(value);
        out.text(text);
        out.f64(value);
        const whole = out.toBytes();
        const input = new ByteReader(whole.subarray(0, cut % whole.length));
        expect(() => {
          input.varint();
          input.text();
          input.f64();
        }).toThrow(RangeError);
      }),
    );
  });

  test('nine continuation bytes are no number', () => {
    expect(() => new ByteReader(new Uint8Array(9).fill(0xff)).varint()).toThrow(RangeError);
  });
});
