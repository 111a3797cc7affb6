import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FaultLog } from '#server/ingest/faults.ts';
import { GapLog } from '#server/ingest/gaps.ts';
import { Rates } from '#server/ingest/rates.ts';
import { VirtualClock } from '#test/support/clock.ts';
import { Quality } from '#twin/state/quality.ts';
import { DAY, HOUR, MINUTE } from '#twin/units.ts';
import { anIngest } from './anIngest.ts';

describe('a message', () => {
  test('with values that nobody looked at in time says of which time they are', () => {
    const { clock, value, take, late } = anIngest();
    const now = clock.now();
    take([value('P_IN', 0.3, now - HOUR, true), value('LO/P_OUT', 0.5, now - 2 * MINUTE, true)]);
    // in order, as if it were live
    take([value('LO/P_OUT', 0.5, now - 90_000)]);
    expect(late).toEqual([
      { from: now - HOUR, to: now - 2 * MINUTE },
      { from: now - 90_000, to: now - 90_000 },
    ]);
  });

  test('of now, and a birth that repeats what is known, says nothing of the kind', () => {
    const { clock, value, take, late } = anIngest();
    take([value('P_IN', 0.3, clock.now() - 2000), value('LO/P_OUT', 0.5, clock.now() - 30_000, true)]);
    take([value('P_IN', 0.3, clock.now() - HOUR)], true);
    expect(late).toEqual([]);
  });
});

describe('a live value', () => {
  test('becomes the current state at the time it was measured, and one frame of the history', () => {
    const { clock, frames, value, take, current, lastMessage } = anIngest();
    const time = clock.now() - 300;
    take([value('P_IN', 0.3, time), value('LO/P_OUT', 0.5, time)]);
    expect(current('LO/P_OUT')).toEqual({ value: 0.5, quality: Quality.good, time });
    expect(frames).toEqual([
      { kind: 'live', station: 7, time, points: ['P_IN', 'LO/P_OUT'], values: [0.3, 0.5], qualities: [0, 0] },
    ]);
    expect(lastMessage()).toBe(clock.now());
  });

  test('without a point of its own is passed over', () => {
    const { clock, frames, value, take, lastMessage } = anIngest();
    take([value('unheard of', 1, clock.now())]);
    expect(frames).toEqual([]);
    expect(lastMessage()).toBe(clock.now());
  });

  test('that is missing is kept as missing', () => {
    const { clock, frames, value, take, current } = anIngest();
    take([value('LO/P_OUT', Number.NaN, clock.now())]);
    expect(current('LO/P_OUT').quality).toBe(Quality.bad);
    expect(frames).toMatchObject([{ values: [Number.NaN], qualities: [Quality.bad] }]);
  });

  test('out of its range is kept, marked and counted', () => {
    const { clock, faults, value, take, current } = anIngest();
    take([value('LO/P_OUT', 9, clock.now())]);
    expect(current('LO/P_OUT').quality).toBe(Quality.outOfRange);
    expect(faults.totals.outOfRange).toBe(1);
    expect(faults.newest()[0]).toMatchObject({ station: 'SM-0001', detail: 'LO/P_OUT = 9' });
  });

  test('older than what its point has goes to the history alone', () => {
    const { clock, frames, value, take, current } = anIngest();
    const time = clock.now();
    take([value('LO/P_OUT', 0.5, time)]);
    take([value('LO/P_OUT', 0.4, time - 1000)]);
    expect(current('LO/P_OUT').value).toBe(0.5);
    expect(frames.map(({ kind }) => kind)).toEqual(['live', 'late']);
  });

  test('sent in order long after it was measured is shown as stale: no ground for an alarm of now', () => {
    const { clock, frames, value, take, current } = anIngest();
    const time = clock.now() - 30 * MINUTE;
    take([value('LO/P_OUT', 0.5, time)]);
    take([value('LO/P_OUT', 0.4, time + 2000)]);
    expect(current('LO/P_OUT')).toEqual({ value: 0.4, quality: Quality.stale, time: time + 2000 });
    expect(frames).toMatchObject([
      { kind: 'live', qualities: [Quality.good] },
      { qualities: [Quality.good] },
    ]);
    take([value('LO/P_OUT', 0.3, clock.now())]);
    expect(current('LO/P_OUT').quality).toBe(Quality.good);
  });

  test('of a clock that was minutes ahead and is right again is the present: the twin does not wait for it', () => {
    const { clock, frames, value, take, current } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now() + 4 * MINUTE)]);
    clock.pass(2000);
    take([value('LO/P_OUT', 0.4, clock.now() - 300)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.4, time: clock.now() - 300 });
    clock.pass(2000);
    take([value('LO/P_OUT', 0.3, clock.now() - 300)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.3, time: clock.now() - 300 });
    expect(frames.map(({ values }) => values)).toEqual([[0.5], [0.4], [0.3]]);
  });

  test('of the past is none, even where what stands is of a clock that was ahead', () => {
    const { clock, value, take, current } = anIngest();
    const ahead = clock.now() + 4 * MINUTE;
    take([value('LO/P_OUT', 0.5, ahead)]);
    take([value('LO/P_OUT', 0.4, clock.now() - MINUTE)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.5, time: ahead });
  });

  test('an hour old is not the present, but the station is there', () => {
    const { clock, frames, value, take, current, lastMessage } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now() - HOUR - 1)]);
    expect(current('LO/P_OUT').time).toBe(0);
    expect(frames.map(({ kind }) => kind)).toEqual(['late']);
    expect(lastMessage()).toBe(clock.now());
  });

  test('that comes twice counts once; a birth may repeat what is known', () => {
    const { clock, frames, faults, value, take } = anIngest();
    const values = [value('LO/P_OUT', 0.5, clock.now())];
    take(values);
    take(values, true);
    expect(faults.totals.duplicate).toBe(0);
    take(values);
    expect(faults.totals.duplicate).toBe(1);
    expect(frames).toHaveLength(1);
  });

  test('measured in the very moment of a birth that had none yet is kept', () => {
    const { clock, frames, value, take, current } = anIngest();
    const time = clock.now();
    take([value('LO/P_OUT', Number.NaN, time)], true);
    expect(current('LO/P_OUT').quality).toBe(Quality.bad);
    take([value('LO/P_OUT', 0.5, time)]);
    expect(current('LO/P_OUT')).toEqual({ value: 0.5, quality: Quality.good, time });
    expect(frames).toMatchObject([{ kind: 'live', time, values: [0.5] }]);
  });

  test.each([
    ['in 1970', () => 0, 'ancientTime'],
    ['when no gateway kept anything', (now: number) => now - 366 * DAY, 'ancientTime'],
    ['tomorrow', (now: number) => now + DAY, 'futureTime'],
    ['beyond every calendar', () => 2 ** 64, 'futureTime'],
    ['at no time', () => Number.NaN, 'ancientTime'],
  ] as const)('measured %s counts at its arrival, as substituted', (_what, stated, fault) => {
    const { clock, frames, faults, value, take, current } = anIngest();
    take([value('LO/P_OUT', 0.5, stated(clock.now()))]);
    expect(current('LO/P_OUT')).toEqual({ value: 0.5, quality: Quality.substituted, time: clock.now() });
    expect(frames).toMatchObject([{ kind: 'live', time: clock.now(), qualities: [Quality.substituted] }]);
    expect(faults.totals[fault]).toBe(1);
  });

  test('measured before what is kept is counted and dropped, and the present stays: a gateway sends its queue in order', () => {
    const { clock, frames, faults, value, take, current } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now())]);
    for (let hours = 5 * 24; hours > 72; hours--)
      take([value('LO/P_OUT', 0.4, clock.now() - hours * HOUR - 1)]);
    expect(current('LO/P_OUT')).toEqual({ value: 0.5, quality: Quality.good, time: clock.now() });
    expect(frames).toHaveLength(1);
    expect(faults.totals.ancientTime).toBe(48);
  });

  test('that its gateway calls transient is shown, and not kept', () => {
    const { clock, frames, value, take, current } = anIngest();
    take([{ ...value('LO/P_OUT', 0.5, clock.now()), transient: true }]);
    take([{ ...value('LO/P_OUT', 0.4, clock.now() - MINUTE, true), transient: true }]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.5, time: clock.now() });
    expect(frames).toEqual([]);
  });

  test('of a clock that was a day ahead and is right again follows without a pause', () => {
    const { clock, value, take, current } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now() + DAY)]);
    clock.pass(2000);
    take([value('LO/P_OUT', 0.51, clock.now() - 100)]);
    expect(current('LO/P_OUT')).toMatchObject({ value: 0.51, quality: Quality.good });
  });

  test('of a clock some seconds off is taken, and the offset counted', () => {
    const { clock, faults, value, take } = anIngest();
    take([value('LO/P_OUT', 0.5, clock.now() + 30_000)]);
    expect(faults.totals.clockOffset).toBe(1);
    expect(faults.newest()[0]!.detail).toContain('30 s ahead');
  });
});

describe('a historical value', () => {
  test('touches neither the state nor the last message nor a cleaning memory', () => {
    const { clock, frames, touched, station, value, take, current, lastMessage } = anIngest();
    const time = clock.now() - 10 * MINUTE;
    take([value('LO/P_OUT', 0.5, time, true)]);
    expect(frames).toMatchObject([{ kind: 'late', time, values: [0.5] }]);
    expect(current('LO/P_OUT').time).toBe(0);
    expect([lastMessage(), touched, station.cleaning, station.newestFrame]).toEqual([0, [], null, 0]);
  });

  test('is judged by its range only, and raises nothing', () => {
    const { clock, frames, faults, value, take } = anIngest();
    take([value('LO/P_OUT', 9, clock.now() - MINUTE, true)]);
    expect(frames).toMatchObject([{ qualities: [Quality.outOfRange] }]);
    expect(faults.totals.outOfRange).toBe(0);
  });

  test.each([
    ['in 1970', () => 0],
    ['tomorrow', (now: number) => now + DAY],
  ])('measured %s is counted and dropped: nobody knows when it was', (_what, stated) => {
    const { clock, frames, faults, value, take } = anIngest();
    take([value('LO/P_OUT', 0.5, stated(clock.now()), true)]);
    expect(frames).toEqual([]);
    expect(faults.totals.futureTime + faults.totals.ancientTime).toBe(1);
  });

  test('among live ones in one message, each goes where it belongs', () => {
    const { clock, frames, rates, value, take, current, lastMessage } = anIngest();
    const now = clock.now();
    take([value('LO/P_OUT', 0.4, now - MINUTE, true), value('LO/P_OUT', 0.5, now)]);
    expect(current('LO/P_OUT').value).toBe(0.5);
    expect(lastMessage()).toBe(now);
    expect(frames.map(({ kind, time }) => [kind, now - time])).toEqual([
      ['live', 0],
      ['late', MINUTE],
    ]);
    expect(rates.totals).toMatchObject({ messages: 1, values: 1, historical: 1 });
  });
});

describe('frames for the history', () => {
  test('live ones of a station grow in time, points within each grow, and every value is in one', () => {
    const names = ['P_IN', 'LO/P_OUT', 'LO/F_OUT', 'LO/P1/HZ'];
    const given = fc.record({
      name: fc.constantFrom(...names),
      age: fc.integer({ min: -1000, max: 20_000 }),
      historical: fc.boolean(),
      number: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(given, { maxLength: 8 }), { maxLength: 8 }), (messages) => {
        const { clock, frames, faults, value, take } = anIngest();
        let sent = 0;
        for (const message of messages) {
          clock.pass(2000);
          take(
            message.map(({ name, age, historical, number }) =>
              value(name, number, clock.now() - age, historical),
            ),
          );
          sent += message.length;
        }
        let newest = 0;
        for (const { kind, time, points } of frames) {
          const indexes = points.map((name) => names.indexOf(name));
          expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b));
          if (kind === 'late') continue;
          expect(time).toBeGreaterThanOrEqual(newest);
          newest = time;
        }
        const kept = frames.reduce((sum, { points }) => sum + points.length, 0);
        expect(kept + faults.totals.duplicate).toBe(sent);
      }),
    );
  });

  test('a message longer than a batch loses nothing', () => {
    const { clock, frames, value, take } = anIngest();
    const start = clock.now() - HOUR;
    take(Array.from({ length: 3000 }, (_, k) => value('LO/P_OUT', 0.5, start + k, true)));
    expect(frames.reduce((sum, { points }) => sum + points.length, 0)).toBe(3000);
  });
});

describe('the fault log', () => {
  test('counts everything, shows one line per station and kind in ten seconds', () => {
    const clock = new VirtualClock();
    const log = new FaultLog(clock.now);
    for (let k = 0; k < 100; k++) log.count('spike', 'SM-1', `${k}`);
    log.count('spike', 'SM-2', 'other');
    clock.pass(10_001);
    log.count('spike', 'SM-1', 'later');
    expect(log.totals.spike).toBe(102);
    expect(log.newest().map(({ detail }) => detail)).toEqual(['later', 'other', '0']);
    expect(log.byStation.get('SM-1')).toBe(101);
  });

  test('is bounded against invented names', () => {
    const log = new FaultLog(() => 1e12);
    for (let k = 0; k < 50_000; k++) log.count('unknownNode', `x${k}`, '');
    expect(log.byStation.size).toBeLessThanOrEqual(20_000);
    expect(log.newest()).toHaveLength(200);
    expect(log.totals.unknownNode).toBe(50_000);
  });
});

describe('gaps', () => {
  test('open while the station is silent, closed with the message that ends them', () => {
    const gaps = new GapLog();
    gaps.begin('SM-1', 1000);
    gaps.begin('SM-1', 1500);
    expect(gaps.newest(9)).toEqual([{ station: 'SM-1', from: 1000, to: null }]);
    gaps.end('SM-1', 9000);
    gaps.end('SM-1', 9500);
    gaps.begin('SM-1', 20_000);
    expect(gaps.newest(9)).toEqual([
      { station: 'SM-1', from: 20_000, to: null },
      { station: 'SM-1', from: 1000, to: 9000 },
    ]);
    expect(gaps.newest(1)).toHaveLength(1);
    expect(gaps.byStation.get('SM-1')).toBe(2);
  });

  test('keep the newest thousands', () => {
    const gaps = new GapLog();
    for (let k = 0; k < 5000; k++) {
      gaps.begin('SM-1', k);
      gaps.end('SM-1', k + 1);
    }
    expect(gaps.newest(1e6)).toHaveLength(2000);
    expect(gaps.newest(1)[0]!.from).toBe(4999);
  });
});

describe('rates', () => {
  test('are over the last ten seconds', () => {
    const rates = new Rates();
    for (let second = 0; second <= 60; second++) {
      rates.mark(second * 1000);
      rates.totals.messages += second < 30 ? 1 : 100;
      rates.totals.values += 3000;
    }
    expect(rates.perSecond()).toEqual({
      messagesPerSecond: 100,
      valuesPerSecond: 3000,
      historicalPerSecond: 0,
    });
  });

  test('of nothing are zero', () => {
    const rates = new Rates();
    expect(rates.perSecond()).toEqual({ messagesPerSecond: 0, valuesPerSecond: 0, historicalPerSecond: 0 });
    expect(rates.latencyPercentiles()).toEqual({ latencyMsP50: 0, latencyMsP99: 0 });
  });

  test('latencies are of the newest thousands', () => {
    const rates = new Rates();
    for (let k = 0; k < 10_000; k++) rates.latency(5000);
    for (let k = 0; k < 8192; k++) rates.latency(k < 8000 ? 100 : 900);
    expect(rates.latencyPercentiles()).toEqual({ latencyMsP50: 100, latencyMsP99: 900 });
  });
});
