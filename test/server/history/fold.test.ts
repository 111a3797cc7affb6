import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unpack } from '#server/history/pack.ts';
import { fold, type PackedChunk, seal } from '#server/history/seal.ts';
import { ROOM, valuesOf } from '#test/support/telemetry.ts';
import { ByteWriter } from '#twin/wire/bytes.ts';
import { decodeColumn, decodeTimes } from '#twin/wire/chunk.ts';
import { scalesOf, writeFrame } from '#twin/wire/frame.ts';

/** Two seconds before a partition ends, so that some histories cross its border. */
const START = Date.UTC(2026, 9, 1, 6) - 20_000;
const POINTS = ['P_IN', 'L1', 'CL2', 'TURB'] as const;

interface Report {
  second: number;
  values: Partial<Record<(typeof POINTS)[number], number>>;
}
interface Arrival {
  late: boolean;
  reports: Report[];
}
type StandingChunk = PackedChunk & { late: boolean };

const report: fc.Arbitrary<Report> = fc.record({
  second: fc.integer({ min: 0, max: 30 }),
  // by exception: each report names what has moved, seldom everything
  values: fc.record(
    Object.fromEntries(POINTS.map((point) => [point, fc.integer({ min: 0, max: 60 }).map((n) => n / 100)])),
    { requiredKeys: [] },
  ),
});
const arrival: fc.Arbitrary<Arrival> = fc.record({
  late: fc.boolean(),
  reports: fc.array(report, { minLength: 1, maxLength: 6 }),
});

function framesOf(reports: readonly Report[]): Uint8Array {
  const out = new ByteWriter(256);
  for (const { second, values: named } of reports) {
    const { count, points, values, qualities } = valuesOf(named as Record<string, number>);
    writeFrame(out, scalesOf(ROOM), START + 1000 * second, count, points, values, qualities);
  }
  return out.toBytes();
}

/** What the sealer does with each arrival: live ones are sealed, late ones folded into the late chunk that stands. */
function take(chunks: readonly StandingChunk[], { late, reports }: Arrival): StandingChunk[] {
  const frames = framesOf(reports);
  if (!late)
    return [
      ...chunks,
      ...seal({ template: ROOM.id, frames, chunks }).map((chunk) => ({ ...chunk, late: false })),
    ];
  const folded = fold({ template: ROOM.id, frames, hot: [], chunks });
  const replaced = new Set(folded.flatMap(({ replaces }) => replaces));
  return [
    ...chunks.filter((_, i) => !replaced.has(i)),
    ...folded.map(({ t0, t1, values, offsets, data }) => ({ t0, t1, values, offsets, data, late: true })),
  ];
}

/** `point@second=value` of everything that chunks hold. */
function inChunks(chunks: readonly StandingChunk[]): string[] {
  return chunks.flatMap(({ offsets, data }) => {
    const part = (k: number) => unpack(data.subarray(offsets[k], offsets[k + 1]));
    const times = decodeTimes(part(0));
    return scalesOf(ROOM).flatMap((scale, i) => {
      const column = decodeColumn(part(i + 1), times, scale);
      return [...(column?.t ?? [])].map(
        (t, k) => `${ROOM.points[i]!.name}@${(t - START) / 1000}=${column!.values[k]!.toFixed(2)}`,
      );
    });
  });
}

it('keeps every value once, the first of equal times, whatever points later back-fills name', () => {
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 8 }), (arrivals) => {
      const expected = new Map<string, string>();
      let chunks: StandingChunk[] = [];
      for (const given of arrivals) {
        chunks = take(chunks, given);
        for (const { second, values } of given.reports)
          for (const [point, value] of Object.entries(values)) {
            const key = `${point}@${second}`;
            if (!expected.has(key)) expected.set(key, `${key}=${value.toFixed(2)}`);
          }
      }
      expect(inChunks(chunks).sort()).toEqual([...expected.values()].sort());
      expect(chunks.reduce((sum, { values }) => sum + values, 0)).toBe(expected.size);
    }),
  );
});
