import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchedRoom } from '#sim/scenario/readings.ts';
import { telemetryOf } from '#sim/scenario/telemetry.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { TwinState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { Quality } from '#twin/state/quality.ts';
import { SECOND } from '#twin/units.ts';

const START = Date.UTC(2026, 10, 18);
const TEMPLATES = ['tank:LO3', 'inline:LO2', 'tank:LO3'];
const sizes = TEMPLATES.map((id) => templateById(id).points.length);
const rooms = TEMPLATES.map(
  (template, i): WatchedRoom => ({
    code: `SM-000${i}`,
    template,
    zone: 'Z-GD',
    district: '350203',
    motors: {},
  }),
);
const total = sizes.reduce((sum, size) => sum + size, 0);

/** Looks that follow each other after `every` s, a room heard or not, its clock fast by so many ms. */
const someLooks = fc.record({
  every: fc.constantFrom(2, 10, 60),
  stretches: fc.array(
    fc.record({
      looks: fc.integer({ min: 1, max: 40 }),
      heard: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      clocks: fc.array(fc.constantFrom(0, 0, 0, -10_000, -60_000, 20_000), { minLength: 3, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

/** All qualities. */
const marksOf = ({ byTemplate }: TwinState) =>
  [...byTemplate.values()].flatMap(({ qualities }) => qualities.map((column) => column.join(''))).join('');

describe('the telemetry of rooms', () => {
  it('leaves nothing for a sweep to find, whoever is silent or has a wrong clock', () => {
    let stale = 0;
    fc.assert(
      fc.property(someLooks, ({ every, stretches }) => {
        const interval = every * SECOND;
        const { state, take } = telemetryOf(rooms, interval);
        let now = START;
        for (const { looks, heard, clocks } of stretches)
          for (let i = 0; i < looks; i++) {
            now += interval;
            const values = new Float64Array(total).fill(0.5);
            take({ now, values, clocks: Float64Array.from(clocks), heard: Uint8Array.from(heard, Number) });
            const before = marksOf(state);
            for (const columns of state.byTemplate.values()) sweepStale(columns, { interval, now });
            if (marksOf(state) !== before) throw new Error(`a sweep finds something after look ${i}`);
            if (before.includes(String(Quality.stale))) stale++;
          }
      }),
      { numRuns: 20 },
    );
    expect(stale).toBeGreaterThan(0);
  });

  it('has of each room what it would have of that room alone', () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, Number.NaN, 1e9),
      fc.double({ min: 0, max: 1.6, noNaN: true }),
    );
    const look = fc.record({
      values: fc.array(value, { minLength: total, maxLength: total }),
      heard: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), (looks) => {
        const together = telemetryOf(rooms, 2 * SECOND);
        const alone = rooms.map((room) => telemetryOf([room], 2 * SECOND));
        looks.forEach(({ values, heard }, i) => {
          const now = START + 2 * SECOND * i;
          const all = Float64Array.from(values);
          const flags = Uint8Array.from(heard, Number);
          together.take({ now, values: all, clocks: new Float64Array(3), heard: flags });
          alone.forEach(({ take }, room) => {
            const own = all.slice(starts[room], starts[room]! + sizes[room]!);
            take({ now, values: own, clocks: new Float64Array(1), heard: flags.slice(room, room + 1) });
          });
        });
        rooms.forEach((room, i) => {
          expect(columnsOf(together.state, room)).toEqual(columnsOf(alone[i]!.state, room));
        });
      }),
      { numRuns: 20 },
    );
  });
});

/** Where each room's readings begin. */
const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));

/** What is known of a room, point by point. */
function columnsOf({ byTemplate }: TwinState, { code, template }: WatchedRoom) {
  const columns = byTemplate.get(template)!;
  const row = columns.codes.indexOf(code);
  return [columns.values, columns.qualities, columns.times].map((of) => of.map((column) => column[row]));
}
