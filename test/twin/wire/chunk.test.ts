import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { templateById } from '#twin/catalogue/template.ts';
import { ByteReader, ByteWriter } from '#twin/wire/bytes.ts';
import { decodeColumn, decodeTimes, encodeChunk } from '#twin/wire/chunk.ts';
import {
  type Column,
  type Columns,
  columnsOfFrames,
  firstAtOrAfter,
  mergeColumns,
  sliceColumn,
  withoutTimesOf,
} from '#twin/wire/chunk-columns.ts';
import {
  FrameReader,
  scaleOf,
  scalesOf,
  stepsOf,
  timeOfFrame,
  valueOfSteps,
  writeFrame,
} from '#twin/wire/frame.ts';

const ROOM = templateById('tank:LO3+MI2');
const SCALES = scalesOf(ROOM);
const NOON = Date.UTC(2026, 5, 1, 12);

interface TestFrame {
  t: number;
  points: number[];
  values: number[];
  qualities: number[];
}

const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1000, max: 1e8, noNaN: true }) },
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e300, -1e300),
);
const anyTime = fc.integer({ min: -(2 ** 42), max: 2 ** 42 });
const frameAt = (time: fc.Arbitrary<number>): fc.Arbitrary<TestFrame> =>
  fc
    .tuple(
      time,
      fc.array(
        fc.tuple(
          fc.integer({ min: 0, max: ROOM.points.length - 1 }),
          anyValue,
          fc.integer({ min: 0, max: 7 }),
        ),
        {
          maxLength: 60,
        },
      ),
    )
    .map(([t, entries]) => ({
      t,
      points: entries.map(([point]) => point),
      values: entries.map(([, value]) => value),
      qualities: entries.map(([, , quality]) => quality),
    }));

/** What is left of a value after it was kept: the nearest step; what no number of steps can say stays itself. */
function kept(value: number, point: number): number {
  const scale = SCALES[point]!;
  const steps = stepsOf(value, scale);
  return Number.isNaN(steps) ? value : valueOfSteps(steps, scale) + 0;
}

function bytesOfFrames(frames: TestFrame[]): Uint8Array {
  const out = new ByteWriter(16);
  for (const { t, points, values, qualities } of frames) {
    writeFrame(out, SCALES, t, points.length, points, values, qualities);
  }
  return out.toBytes();
}

/** What columns of frames must hold: of each point and time the first value, by time. */
function expectedColumns(frames: TestFrame[]): Map<number, { t: number; value: number; quality: number }[]> {
  const columns = new Map<number, { t: number; value: number; quality: number }[]>();
  for (const { t, points, values, qualities } of frames) {
    points.forEach((point, i) => {
      const column = columns.get(point) ?? [];
      columns.set(point, column);
      if (!column.some((entry) => entry.t === t)) {
        column.push({ t, value: kept(values[i]!, point), quality: qualities[i]! });
      }
    });
  }
  for (const column of columns.values()) column.sort((a, b) => a.t - b.t);
  return columns;
}

const entriesOf = (column: Column | undefined) =>
  column
    ? Array.from(column.t, (t, i) => ({ t, value: column.values[i]! + 0, quality: column.qualities[i]! }))
    : undefined;

describe('a resolution', () => {
  it('gives back a decimal value exactly', () => {
    for (const [resolution, value] of [
      [0.001, 0.347],
      [0.01, 49.99],
      [0.1, 99_999_999.9],
      [1, 17],
      [0.25, 12.75],
      [5, 135],
    ] as const) {
      const scale = scaleOf(resolution);
      expect(valueOfSteps(stepsOf(value, scale), scale)).toBe(value);
    }
  });

  it('loses at most half a step', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.001, 0.01, 0.1, 1, 0.5, 5),
        fc.double({ min: -1e8, max: 1e8, noNaN: true }),
        (resolution, value) => {
          const scale = scaleOf(resolution);
          expect(Math.abs(valueOfSteps(stepsOf(value, scale), scale) - value)).toBeLessThanOrEqual(
            resolution * 0.500001,
          );
        },
      ),
    );
  });
});

describe('a frame', () => {
  it('comes back as it was, at the resolution of its points', () => {
    fc.assert(
      fc.property(fc.array(frameAt(anyTime), { maxLength: 5 }), (frames) => {
        const from = new ByteReader(bytesOfFrames(frames));
        const reader = new FrameReader();
        for (const frame of frames) {
          reader.read(from, SCALES);
          expect(reader.t).toBe(frame.t);
          expect([...reader.points.subarray(0, reader.count)]).toEqual(frame.points);
          expect([...reader.qualities.subarray(0, reader.count)]).toEqual(frame.qualities);
          expect(Array.from(reader.values.subarray(0, reader.count), (value) => value + 0)).toEqual(
            frame.values.map((value, i) => kept(value, frame.points[i]!)),
          );
        }
        expect(from.done).toBe(true);
      }),
    );
  });

  it('tells its time without being read', () => {
    fc.assert(
      fc.property(frameAt(anyTime), (frame) => {
        expect(timeOfFrame(bytesOfFrames([frame]))).toBe(frame.t);
      }),
    );
  });

  it('costs at most three bytes for a noisy pressure', () => {
    const points = ['LO/P_OUT', 'LO/P_SET', 'LO/P_END'].map((name) => ROOM.index.get(name)!);
    const few = bytesOfFrames([
      { t: NOON, points: points.slice(0, 1), values: [0.312], qualities: [0] },
    ]).length;
    const more = bytesOfFrames([
      { t: NOON, points, values: [0.312, 0.455, 0.733], qualities: [0, 0, 0] },
    ]).length;
    expect((more - few) / 2).toBeLessThanOrEqual(3);
  });

  it('that is cut or of another template is an error, not a guess', () => {
    const bytes = bytesOfFrames([{ t: NOON, points: [0, 40], values: [0.3, 1], qualities: [0, 2] }]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => new FrameReader().read(new ByteReader(bytes.subarray(0, length)), SCALES)).toThrow(
        RangeError,
      );
    }
    expect(() => new FrameReader().read(new ByteReader(bytes), SCALES.slice(0, 30))).toThrow('no point 40');
  });

  it('of a time that is no whole millisecond is refused', () => {
    for (const t of [Number.NaN, 0.5, Number.POSITIVE_INFINITY]) {
      expect(() => bytesOfFrames([{ t, points: [], values: [], qualities: [] }])).toThrow(/whole ms/);
    }
  });
});

describe('columns', () => {
  const crowded = fc.array(frameAt(fc.integer({ min: NOON, max: NOON + 20 })), { maxLength: 12 });

  it('of frames hold the first value of each point and time, by time', () => {
    fc.assert(
      fc.property(crowded, (frames) => {
        const columns = columnsOfFrames(ROOM, bytesOfFrames(frames));
        const expected = expectedColumns(frames);
        columns.forEach((column, point) => {
          expect(entriesOf(column)).toEqual(expected.get(point));
        });
      }),
    );
  });

  it('leave out what is not wanted', () => {
    const bytes = bytesOfFrames([{ t: NOON, points: [3, 5], values: [1, 2], qualities: [0, 0] }]);
    const columns = columnsOfFrames(ROOM, bytes, new Set([5]));
    expect(columns.map((column, i) => (column ? i : -1)).filter((i) => i >= 0)).toEqual([5]);
  });

  it('merge as if their values had come one after the other', () => {
    fc.assert(
      fc.property(crowded, crowded, (first, second) => {
        const one = columnsOfFrames(ROOM, bytesOfFrames(first));
        const two = columnsOfFrames(ROOM, bytesOfFrames(second));
        const both = columnsOfFrames(ROOM, bytesOfFrames([...first, ...second]));
        both.forEach((column, i) => {
          expect(entriesOf(mergeColumns([one[i], two[i]]))).toEqual(entriesOf(column));
        });
      }),
    );
  });

  it('without the times of another and that other make the whole', () => {
    fc.assert(
      fc.property(crowded, crowded, (first, second) => {
        const one = columnsOfFrames(ROOM, bytesOfFrames(first));
        const two = columnsOfFrames(ROOM, bytesOfFrames(second));
        two.forEach((column, i) => {
          const rest = withoutTimesOf(column, one[i]);
          expect(rest?.t.some((t) => one[i]?.t.includes(t)) ?? false).toBe(false);
          expect(entriesOf(mergeColumns([one[i], rest]))).toEqual(entriesOf(mergeColumns([one[i], column])));
        });
      }),
    );
  });

  it('are cut at times', () => {
    const column = {
      t: Float64Array.of(1, 3, 5),
      values: Float64Array.of(10, 30, 50),
      qualities: Uint8Array.of(0, 1, 2),
    };
    expect(entriesOf(sliceColumn(column, 2, 5))).toEqual([{ t: 3, value: 30, quality: 1 }]);
    expect(sliceColumn(column, 4, 5)).toBeUndefined();
    expect([0, 1, 2, 5, 6].map((t) => firstAtOrAfter(column.t, t))).toEqual([0, 0, 1, 2, 3]);
  });
});

describe('a chunk', () => {
  const window = fc.array(frameAt(fc.integer({ min: NOON, max: NOON + 600_000 })), {
    minLength: 1,
    maxLength: 30,
  });
  const decode = (parts: Uint8Array[]): Columns => {
    const times = decodeTimes(parts[0]!);
    return SCALES.map((scale, i) => decodeColumn(parts[i + 1]!, times, scale));
  };

  it('holds what its columns held, point by point', () => {
    fc.assert(
      fc.property(window, (frames) => {
        const columns = columnsOfFrames(ROOM, bytesOfFrames(frames));
        const back = decode(encodeChunk(ROOM, columns));
        columns.forEach((column, i) => {
          expect(entriesOf(back[i])).toEqual(entriesOf(column));
        });
      }),
    );
  });

  it('costs a byte for a small move, and nothing for the time of a value', () => {
    const frames = Array.from({ length: 300 }, (_, i) => ({
      t: NOON + 2000 * i,
      points: [0],
      values: [0.3 + (i % 5) / 1000],
      qualities: [0],
    }));
    const parts = encodeChunk(ROOM, columnsOfFrames(ROOM, bytesOfFrames(frames)));
    expect(parts[1]!.length).toBeLessThan(310);
    expect(parts.slice(2).every((part) => part.length === 0)).toBe(true);
  });

  it('of broken bytes is an error, not a guess', () => {
    const parts = encodeChunk(
      ROOM,
      columnsOfFrames(ROOM, bytesOfFrames([{ t: NOON, points: [0], values: [0.3], qualities: [1] }])),
    );
    const times = decodeTimes(parts[0]!);
    for (let length = 1; length < parts[1]!.length; length++) {
      expect(() => decodeColumn(parts[1]!.subarray(0, length), times, SCALES[0]!)).toThrow(RangeError);
    }
    expect(() => decodeColumn(parts[1]!, new Float64Array(0), SCALES[0]!)).toThrow(RangeError);
  });
});
