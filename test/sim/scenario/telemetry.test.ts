import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchedRoom } from '#sim/scenario/readings.ts';
import { telemetryOf } from '#sim/scenario/telemetry.ts';
import { templateById } from '#twin/catalogue/template.ts';
import type { TwinState } from '#twin/state/columns.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { Quality } from '#twin/state/quality.ts';
import { MINUTE, SECOND } from '#twin/units.ts';

const START = Date.UTC(2026, 10, 18);
const TEMPLATES = ['tank:LO3', 'inline:LO2', 'tank:LO3'];
const sizes = TEMPLATES.map((id) => templateById(id).points.length);
const rooms = TEMPLATES.map(
  (template, i): WatchedRoom => ({ code: `SM-000${i}`, template, zone: 'Z-GD', district: '350203' }),
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

  it('reports every point of a room within half of what is left in doubt', () => {
    const longest = Math.max(
      ...TEMPLATES.flatMap((id) => templateById(id).points.map((one) => one.interval)),
    );
    expect(2 * longest).toBeLessThanOrEqual(30 * MINUTE);
  });
});
