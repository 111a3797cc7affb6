import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Clocks } from '#server/ingest/clocks.ts';
import { aRule, BEGIN, ROOM, rulesOf, Timeline } from '#test/twin/alarm/timeline.ts';
import { sweepStale } from '#twin/state/freshness.ts';
import { Quality } from '#twin/state/quality.ts';
import { anIngest } from '../ingest/anIngest.ts';

/** A timeline whose values are messages to the server: heard at one second, measured at another. */
class HeardTimeline extends Timeline {
  private readonly scene = anIngest(new Clocks(), this.state.places.get(ROOM)!);

  /** @param measured when it differs from the second at which they are heard */
  hear(
    heard: number,
    values: Record<string, number>,
    { measured = heard, historical = false }: { measured?: number; historical?: boolean } = {},
  ): this {
    this.runUntil(heard);
    const { clock, value, take, station } = this.scene;
    clock.time = BEGIN + 1000 * heard;
    const time = BEGIN + 1000 * measured;
    take(Object.entries(values).map(([name, given]) => value(name, given, time, historical)));
    sweepStale(station.place.columns, { interval: 2000, now: clock.time });
    return this;
  }

  /** What a point has, for the live picture and for the rules. */
  has(name: string): { value: number | undefined; quality: number | undefined } {
    const { value, quality } = this.scene.current(name);
    return { value, quality };
  }

  duplicates(): number {
    return this.scene.faults.totals.duplicate;
  }
}

const LOW = { P_IN: 0.1 };
const FINE = { P_IN: 0.3 };
const line = (given: Parameters<typeof aRule>[0] = {}) => new HeardTimeline(rulesOf(aRule(given)));

describe('values that are heard late', () => {
  it('and are historical neither raise, nor begin a delay, nor end one', () => {
    const low = line({ for: '5 s' }).hear(1, FINE).hear(20, LOW, { measured: -600, historical: true });
    low.expectNothing(60);
    const running = line({ for: '10 s' }).hear(1, LOW);
    for (const measured of [-30, 0.5, 3]) running.hear(5, FINE, { measured, historical: true });
    running.expectBetween(11, 11, 'raised').expectNothing(60);
  });

  it('and are historical neither return a standing alarm, nor keep it', () => {
    const one = line({ clearFor: '5 s' }).hear(1, LOW).expectBetween(1, 1, 'raised');
    one.hear(10, FINE, { measured: 5, historical: true }).expectNothing(30);
    one.hear(31, FINE).hear(33, LOW, { measured: 32, historical: true });
    one.expectBetween(36, 36, 'cleared').expectNothing(60);
  });

  it('after a newer one of their point, out of order, change nothing', () => {
    const one = line({ for: '3 s' }).hear(1, FINE).hear(10, FINE).hear(11, LOW, { measured: 9 });
    one.expectNothing(30);
    one.hear(31, LOW).hear(32, FINE, { measured: 30.5 }).expectBetween(34, 34, 'raised').expectNothing(60);
  });

  it('in order, within what a point may be silent, count from when they are heard', () => {
    const one = line({ for: '5 s' }).hear(1, FINE).hear(10, LOW, { measured: 4 });
    one.expectBetween(15, 15, 'raised').expectNothing(30);
  });

  it('in order long after, are shown and are not known: a delay waits', () => {
    const one = line({ for: '5 s' }).hear(1, FINE).hear(200, LOW, { measured: 20 });
    expect(one.has('P_IN')).toEqual({ value: LOW.P_IN, quality: Quality.stale });
    one.expectNothing(210);
    one.hear(211, LOW).expectBetween(216, 216, 'raised').expectNothing(240);
  });
});

describe('values that are heard twice', () => {
  it('begin no delay anew, and are no chatter', () => {
    const one = line({ for: '5 s', chatter: { count: 2, within: '1 min' } }).hear(1, LOW);
    for (const second of [2, 3, 5]) one.hear(second, LOW, { measured: 1 });
    expect(one.duplicates()).toBe(3);
    one.expectBetween(6, 6, 'raised').hear(8, LOW, { measured: 1 }).expectNothing(60);
  });

  it('of one time, equal, change nothing; with another value they are what holds now', () => {
    const one = line().hear(1, FINE).hear(2, FINE, { measured: 1 }).expectNothing(10);
    one.hear(11, FINE).hear(12, LOW, { measured: 11 }).expectBetween(12, 12, 'raised');
    one.hear(14, FINE, { measured: 11 }).expectBetween(14, 14, 'cleared').expectNothing(30);
  });

  it('after a restart in the middle of a delay leave it as it is', () => {
    const one = line({ for: '10 s' }).hear(1, LOW).run(5).restart();
    one.hear(6, LOW, { measured: 1 }).hear(7, FINE, { measured: 0.5, historical: true });
    one.expectBetween(11, 11, 'raised').expectNothing(40);
  });

  it('after an edit in the middle of a delay leave the new one as it is', () => {
    const one = line({ for: '10 s' }).hear(1, LOW).run(5);
    one.edit(rulesOf(aRule({ for: '20 s', version: 2 }))).hear(6, LOW, { measured: 1 });
    one.expectBetween(21, 21, 'raised').expectNothing(40);
  });
});

describe('the alarm log', () => {
  const rules = rulesOf(
    aRule({ for: '4 s', clear: 'P_IN > 0.2 MPa', clearFor: '3 s', suppressedBy: ['POWER'] }),
    aRule({ id: 'POWER', when: 'not MAINS_OK', for: '2 s', hold: '10 s' }),
    aRule({ id: 'FALLS', when: 'mean(P_IN, 20 s) < 0.15 MPa', chatter: { count: 3, within: '1 min' } }),
  );
  const values = fc.record(
    { P_IN: fc.constantFrom(0.1, 0.19, 0.3), MAINS_OK: fc.constantFrom(0, 1) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, number>>;
  const happening = fc.record({
    after: fc.integer({ min: 1, max: 8 }),
    values,
    twice: fc.boolean(),
    past: fc.option(fc.record({ before: fc.integer({ min: 0, max: 900 }), values })),
  });

  it('is the same with any message heard twice and any stretch filled in behind', () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 20 }), (happenings) => {
        const logOf = (disturbed: boolean) => {
          const one = new HeardTimeline(rules).hear(1, { P_IN: 0.3, MAINS_OK: 1 });
          let second = 1;
          for (const { after, values: given, twice, past } of happenings) {
            second += after;
            one.hear(second, given);
            if (!disturbed) continue;
            if (twice) one.hear(second, given, { measured: second });
            if (past) one.hear(second, past.values, { measured: second - past.before, historical: true });
          }
          return one.run(second + 60).log;
        };
        expect(logOf(true)).toEqual(logOf(false));
      }),
      { numRuns: 100 },
    );
  });
});
