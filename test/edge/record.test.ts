import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReportFrame, readRecords, writeRecord } from '#edge/queue/record.ts';
import { ByteWriter } from '#twin/wire/bytes.ts';

const STEPS = [0.001, 0.1, 1, 0.01];
const stepsOf = () => STEPS;

const value = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: -1e8, max: 1e8, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const frame: fc.Arbitrary<ReportFrame> = fc
  .record({
    station: fc.nat(3000),
    time: fc.integer({ min: 1, max: 2e12 }),
    cells: fc.array(fc.tuple(fc.nat(STEPS.length - 1), value), { maxLength: 6 }),
  })
  .map(({ station, time, cells }) => {
    const byPoint = [...new Map(cells)].sort(([a], [b]) => a - b);
    return {
      station,
      time,
      points: Uint16Array.from(byPoint, ([point]) => point),
      values: Float64Array.from(byPoint, ([, given]) => given),
    };
  });

function write(frames: readonly ReportFrame[]) {
  const out = new ByteWriter(16);
  const ends = frames.map((given) => {
    writeRecord(out, given, STEPS);
    return out.length;
  });
  return { bytes: out.toBytes(), ends };
}

function read(bytes: Uint8Array) {
  const frames: ReportFrame[] = [];
  const whole = readRecords(bytes, stepsOf, (given) => frames.push(given));
  return { frames, whole };
}

function expectSame(seen: ReportFrame, wanted: ReportFrame) {
  expect([seen.station, seen.time, [...seen.points]]).toEqual([
    wanted.station,
    wanted.time,
    [...wanted.points],
  ]);
  wanted.values.forEach((given, i) => {
    if (Number.isNaN(given)) expect(seen.values[i]).toBeNaN();
    else expect(Math.abs(seen.values[i]! - given)).toBeLessThanOrEqual(STEPS[wanted.points[i]!]! * 0.50001);
  });
}

describe('records of the queue', () => {
  test('frames come back at the resolution of their points', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const { bytes } = write(frames);
        const seen = read(bytes);
        expect(seen.whole).toBe(bytes.length);
        expect(seen.frames).toHaveLength(frames.length);
        for (let i = 0; i < frames.length; i++) expectSame(seen.frames[i]!, frames[i]!);
      }),
    );
  });

  test('cut anywhere, only whole records are read', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), fc.nat(), (frames, at) => {
        const { bytes, ends } = write(frames);
        const cut = at % bytes.length;
        const seen = read(bytes.subarray(0, cut));
        const whole = ends.filter((end) => end <= cut);
        expect(seen.frames).toHaveLength(whole.length);
        expect(seen.whole).toBe(whole.at(-1) ?? 0);
      }),
    );
  });

  test('a record with a changed byte is not taken for a frame', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, at, change) => {
        const { bytes } = write([given]);
        // the first four bytes are the length: longer than the file, or of another checksum
        const place = at % bytes.length;
        bytes[place] = bytes[place]! ^ change;
        expect(read(bytes)).toEqual({ frames: [], whole: 0 });
      }),
    );
  });

  test('what stands after a damaged record is read, and the bytes of the damaged one are told', () => {
    const three = fc.array(frame, { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(three, fc.nat(), fc.integer({ min: 1, max: 255 }), (frames, at, change) => {
        const { bytes, ends } = write(frames);
        const middle = ends[1]! - ends[0]!;
        const place = ends[0]! + (at % middle);
        bytes[place] = bytes[place]! ^ change;
        const seen: ReportFrame[] = [];
        const skipped: number[] = [];
        const whole = readRecords(
          bytes,
          stepsOf,
          (given) => seen.push(given),
          (count) => skipped.push(count),
        );
        expect([whole, skipped]).toEqual([bytes.length, [middle]]);
        expect(seen).toHaveLength(2);
        expectSame(seen[0]!, frames[0]!);
        expectSame(seen[1]!, frames[2]!);
      }),
    );
  });

  test('a segment of garbage that looks like lengths is searched in no time, and what stands after it is found', () => {
    const { bytes } = write([{ station: 1, time: 5, points: Uint16Array.of(0), values: Float64Array.of(1) }]);
    const garbage = new Uint8Array(8e6 + bytes.length);
    // small numbers, so that much looks like a length
    for (let i = 0; i < 8e6; i++) garbage[i] = (i * i) % 7 === 0 ? 1 : 0;
    garbage.set(bytes, 8e6);
    const start = performance.now();
    expect(read(garbage).frames).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test('the zeros that a power cut leaves behind end the records', () => {
    const { bytes } = write([{ station: 1, time: 5, points: Uint16Array.of(0), values: Float64Array.of(1) }]);
    const padded = new Uint8Array(bytes.length + 64);
    padded.set(bytes);
    expect(read(padded).whole).toBe(bytes.length);
  });

  test.each([Infinity, -Infinity, 1e300])(
    'a driver that gives %s writes a record that can be read',
    (strange) => {
      const given = {
        station: 1,
        time: 5,
        points: Uint16Array.of(0, 1),
        values: Float64Array.of(strange, 2),
      };
      const [seen] = read(write([given]).bytes).frames;
      expect(seen!.values[0]).toBeNaN();
      expect(seen!.values[1]).toBe(2);
    },
  );
});
