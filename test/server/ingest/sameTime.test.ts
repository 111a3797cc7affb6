import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Quality } from '#twin/state/quality.ts';
import { HOUR, MINUTE } from '#twin/units.ts';
import { anIngest } from './anIngest.ts';

type Frames = ReturnType<typeof anIngest>['frames'];
const kept = (frames: Frames) =>
  frames.flatMap(({ time, values }) => values.map((value) => ({ time, value })));
/** The history holds each point and time once. */
const places = (frames: Frames) =>
  new Set(frames.flatMap(({ time, points }) => points.map((point) => `${point}@${time}`))).size;

describe('another value of the same millisecond', () => {
  test('is the present, and is kept at the next that is free, marked', () => {
    const { clock, faults, frames, value, take, current } = anIngest();
    const time = clock.now() - 300;
    take([value('LO/P_OUT', 0.3, time), value('LO/P1/RUN', 0, time)], true);
    take([value('LO/P_OUT', 0.42, time), value('LO/P1/RUN', 1, time)]);
    expect(current('LO/P1/RUN')).toEqual({ value: 1, quality: Quality.substituted, time: time + 1 });
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.42, time: time + 1 });
    expect(frames.map(({ kind, values }) => [kind, values])).toEqual([
      ['live', [0.3, 0]],
      ['live', [0.42, 1]],
    ]);
    expect(faults.totals.duplicate).toBe(0);
  });

  test('that comes again, or that only its digits past the resolution tell apart, is a repetition', () => {
    const { clock, faults, frames, value, take } = anIngest();
    const time = clock.now();
    const second = [value('LO/P_OUT', 0.42, time)];
    take([value('LO/P_OUT', 0.3, time)]);
    take(second);
    take(second);
    take([value('LO/P_OUT', Math.fround(0.42), time)]);
    take(second, true);
    expect(kept(frames)).toHaveLength(2);
    expect(faults.totals.duplicate).toBe(2);
  });

  test('that is bad makes its point bad', () => {
    const { clock, value, take, current } = anIngest();
    take([value('LO/P_OUT', 0.3, clock.now())]);
    take([value('LO/P_OUT', Number.NaN, clock.now())]);
    expect(current('LO/P_OUT').quality).toBe(Quality.bad);
  });

  test('of a clock that counts in seconds follows in its order, and so does what is measured later', () => {
    const { clock, frames, value, take, current } = anIngest();
    const second = clock.now();
    for (const run of [1, 0, 1, 0]) {
      clock.pass(200);
      take([value('LO/P1/RUN', run, second)]);
    }
    expect(current('LO/P1/RUN')).toMatchObject({ value: 0, time: second + 3 });
    // of the milliseconds that are taken
    take([value('LO/P1/RUN', 1, second + 2)]);
    expect(current('LO/P1/RUN')).toMatchObject({ value: 1, time: second + 4 });
    take([value('LO/P1/RUN', 0, second + 1000)]);
    expect(current('LO/P1/RUN')).toEqual({ value: 0, quality: Quality.good, time: second + 1000 });
    take([value('LO/P1/RUN', 1, second)]);
    expect(current('LO/P1/RUN').value).toBe(0);
    expect(frames.filter(({ kind }) => kind === 'late')).toMatchObject([{ time: second, values: [1] }]);
  });

  test('of a queue that is sent in order stays in the past', () => {
    const { clock, frames, value, take, current } = anIngest();
    const second = clock.now() - 20 * MINUTE;
    for (let k = 0; k < 5; k++) take([value('LO/P_OUT', 0.3 + k / 100, second)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.3 + 0.04, time: second + 4 });
    expect(places(frames)).toBe(5);
  });

  test.each([
    ['a moment', 0],
    ['two hours', 2 * HOUR],
  ])(
    'of a clock that stood still for %s: none is lost, and after a minute they count at their arrival',
    (_what, age) => {
      const { clock, frames, value, take, current } = anIngest();
      const stuck = clock.now();
      take([value('LO/P_OUT', 0.3, stuck)]);
      clock.pass(age);
      for (let k = 1; k <= 60; k++) {
        clock.pass(2000);
        take([value('LO/P_OUT', 0.3 + k / 1000, stuck)]);
      }
      expect(current('LO/P_OUT')).toEqual({ value: 0.36, quality: Quality.substituted, time: clock.now() });
      expect([kept(frames).length, places(frames)]).toEqual([61, 61]);
      clock.pass(2000);
      take([value('LO/P_OUT', 0.5, clock.now())]);
      expect(current('LO/P_OUT')).toMatchObject({ value: 0.5, time: clock.now() });
    },
  );

  test('of a clock that stands still, equal ones show after a minute that their point is alive', () => {
    const { clock, faults, value, take, current } = anIngest();
    const stuck = clock.now();
    take([value('LO/P_OUT', 0.3, stuck)]);
    take([value('LO/P_OUT', 0.31, stuck)]);
    clock.pass(2 * MINUTE);
    take([value('LO/P_OUT', 0.31, stuck)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.31, time: clock.now() });
    expect(faults.totals.duplicate).toBe(0);
  });

  test('of a queue that is sent in order long after is no ground for an alarm of now', () => {
    const { clock, value, take, current } = anIngest();
    const second = clock.now() - 50 * MINUTE;
    for (const pressure of [0.3, 0.2]) {
      take([value('LO/P_OUT', pressure, second)]);
      expect(current('LO/P_OUT').quality).toBe(Quality.stale);
    }
  });

  test('of a clock that stood still and then runs late is history', () => {
    const { clock, frames, value, take, current } = anIngest();
    const stuck = clock.now();
    for (let k = 0; k <= 60; k++) {
      take([value('LO/P_OUT', 0.3 + k / 1000, stuck)]);
      clock.pass(2000);
    }
    const { time } = current('LO/P_OUT');
    take([value('LO/P_OUT', 0.2, stuck + 10_000)]);
    expect(current('LO/P_OUT').time).toBe(time);
    expect(frames.at(-1)).toMatchObject({ kind: 'late', time: stuck + 10_000 });
  });
});

describe('values without a time of their own', () => {
  test('that come at one moment are each kept, equal ones too', () => {
    const { clock, faults, frames, value, take, current } = anIngest();
    const say = (given: number) => take([{ ...value('P_IN', given, clock.now()), arrived: true }]);
    for (let k = 1; k <= 50; k++) say(0.2 + Math.ceil(k / 2) / 1000);
    expect([kept(frames).length, places(frames), faults.totals.duplicate]).toEqual([50, 50, 0]);
    expect(current('P_IN')).toMatchObject({ value: 0.225, quality: Quality.good });
    clock.pass(10);
    say(0.3);
    expect(current('P_IN').value).toBe(0.3);
    clock.pass(1000);
    say(0.4);
    expect(current('P_IN')).toMatchObject({ value: 0.4, time: clock.now() });
    expect(places(frames)).toBe(52);
  });

  test('of a clock that does not run likewise', () => {
    const { clock, frames, value, take, current } = anIngest();
    for (const given of [0.3, 0.4, 0.4]) take([value('P_IN', given, 0)]);
    expect(places(frames)).toBe(3);
    expect(current('P_IN')).toMatchObject({
      value: 0.4,
      quality: Quality.substituted,
      time: clock.now() + 2,
    });
  });
});

test('whatever a clock states, no place in the history is given twice and the present is what came last', () => {
  const report = fc.record({
    pass: fc.integer({ min: 0, max: 900 }),
    number: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 60 }), fc.constantFrom(1, 1000, 10_000), (reports, tick) => {
      const { clock, faults, frames, value, take, current } = anIngest();
      let last = 0;
      for (const { pass, number } of reports) {
        clock.pass(pass);
        last = number / 10;
        take([value('LO/P_OUT', last, Math.floor(clock.now() / tick) * tick)]);
      }
      if (reports.length > 0) expect(current('LO/P_OUT').value).toBe(last);
      expect(kept(frames).length + faults.totals.duplicate).toBe(reports.length);
      expect(places(frames)).toBe(kept(frames).length);
    }),
  );
});
